/* SPDX-License-Identifier: MIT */
/* root_show.c - prints the roots of the ledger, with their settings in p11ca.conf. */
#include <string.h>

#include "model/row_state.h"
#include "pki/key/root_hardware.h"
#include "pki/ledger/ledger_list.h"
#include "pki/op.h"
#include "pki/root/root_show.h"
#include "pki/root_find.h"
#include "pki/token_ref.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/issuers.h"

struct root_line {
	const char *name, *state, *subject, *serial, *thumbprint, *fingerprint, *spki, *key, *cka_id;
	const char *team, *module, *origin, *local, *extractable, *value_refused;
	const void *token;           /* struct token_ref */
	int64_t not_before, not_after, created_at;
};
const struct out_field root_list_fields[] = {
	{ OUT_TEXT("name", "NAME", struct root_line, name), .help = "name of the root" },
	{ OUT_TEXT("state", "STATE", struct root_line, state), .help = "unfinished, issued, retired" },
	{ OUT_TEXT("subject", "SUBJECT", struct root_line, subject), .help = "of its certificate" },
	{ OUT_TEXT("key_type", "KEY", struct root_line, key), .help = "kind of key" },
	{ OUT_TIME("not_after", "NOT AFTER", struct root_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("thumbprint", NULL, struct root_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("team", NULL, struct root_line, team),
	    .help = "team from p11ca.conf; null: not set" },
	{ OUT_OBJECT("token", "TOKEN", struct root_line, token, token_ref_by_label),
	    .help = "token on which the key was last observed" },
	{ .key = NULL },
};
const struct out_field root_show_fields[] = {
	{ OUT_TEXT("name", "Root", struct root_line, name), .help = "name of the root" },
	{ OUT_TEXT("state", "State", struct root_line, state), .help = "unfinished, issued, retired" },
	{ OUT_TEXT("team", "Team", struct root_line, team),
	    .help = "team from p11ca.conf; null: not set" },
	{ OUT_TEXT("subject", "Subject", struct root_line, subject), .help = "of its certificate" },
	{ OUT_TEXT("serial", "Serial", struct root_line, serial), .help = "hex" },
	{ OUT_TIME("not_before", "Not before", struct root_line, not_before), .help = "UTC" },
	{ OUT_TIME("not_after", "Not after", struct root_line, not_after), .help = "UTC" },
	{ OUT_TEXT("thumbprint", "Thumbprint", struct root_line, thumbprint),
	    .help = "SHA-1 of the DER, as Azure shows it" },
	{ OUT_TEXT("fingerprint", "Fingerprint", struct root_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("key_type", "Key", struct root_line, key), .help = "kind of key" },
	{ OUT_TEXT("spki_sha256", "  SHA-256", struct root_line, spki),
	    .help = "SHA-256 of the SubjectPublicKeyInfo" },
	{ OUT_TEXT("cka_id", "  CKA_ID", struct root_line, cka_id), .help = "on its token" },
	{ OUT_OBJECT("token", "  token", struct root_line, token, token_ref_fields),
	    .help = "token on which the key was last observed" },
	{ OUT_TEXT("module_path", "  module", struct root_line, module), .help = "PKCS#11 library" },
	{ OUT_TEXT("origin", "  origin", struct root_line, origin),
	    .help = "generated here, stated local, imported or unknown, when the root was recorded" },
	{ OUT_STATED("made_on_token", "  made on the token", struct root_line, local),
	    .help = "CKA_LOCAL, as the module states it" },
	{ OUT_STATED("extractable", "  extractable", struct root_line, extractable), .help = "CKA_EXTRACTABLE" },
	{ OUT_STATED("secret_read_refused", "  secret refused", struct root_line, value_refused),
	    .help = "the module refused to return the private value" },
	{ OUT_TIME("created_at", NULL, struct root_line, created_at), .help = "when it was begun" },
	{ .key = NULL },
};

struct root_data {
	struct root_row row;
	struct key_row key;
	struct cert_row cert;
	struct token_ref token;
};

static int load_root(struct root_data *d, struct pki *p, const struct root_row *row, struct err *e)
{
	const struct cert_query q = { .id = row->cert_id };
	bool found = false;

	d->row = *row;
	d->cert = (struct cert_row){ .id = 0 };
	if (ledger_key_get(&d->key, p->ledger, row->key_id, e) < 0)
		return -1;
	d->token = token_ref_of_location(&d->key.location);
	return row->cert_id == 0 ? 0 : ledger_cert_find(&d->cert, NULL, &found, p->ledger, &q, e);
}

static struct root_line root_line(const struct root_data *d, const struct config *config)
{
	const struct key_evidence *ev = &d->key.evidence;
	const struct config_root *conf = config_find_root(config, d->row.name);
	bool is_proved = key_is(&d->key, KEY_PROVED);

	return (struct root_line){
		.name = d->row.name,
		.state = d->row.is_retired     ? "retired"
			 : d->row.cert_id == 0 ? "unfinished"
					       : "issued",
		.team = conf != NULL ? text_or_null(conf->team) : NULL,
		.subject = d->row.subject,
		.serial = text_or_null(d->cert.serial),
		.thumbprint = text_or_null(d->cert.thumbprint),
		.fingerprint = text_or_null(d->cert.fingerprint),
		.spki = text_or_null(d->key.spki_sha256),
		.key = d->key.spec,
		.cka_id = d->key.location.cka_id,
		.token = &d->token,
		.module = d->key.location.module_path,
		.origin = d->row.origin[0] != '\0' ? d->row.origin : ORIGIN_HERE,
		.local = is_proved ? evidence_text(ev->local) : NULL,
		.extractable = is_proved ? evidence_text(ev->extractable) : NULL,
		.value_refused = is_proved ? evidence_text(ev->value_refused) : NULL,
		.not_before = d->cert.not_before,
		.not_after = d->cert.not_after,
		.created_at = d->row.created_at,
	};
}

struct printing {
	struct pki *p;
	struct out *o;
};

static int print_root(const struct root_row *row, void *arg, struct err *e)
{
	struct printing *pr = arg;
	struct root_data d;
	struct root_line line;

	if (load_root(&d, pr->p, row, e) < 0)
		return -1;
	line = root_line(&d, &pr->p->config);
	return out_row(pr->o, &line, e);
}

int root_list(struct pki *p, struct out *o, struct err *e)
{
	struct printing pr = { .p = p, .o = o };

	if (out_list(o, "roots", root_list_fields, e) < 0 || ledger_each_root(p->ledger, print_root, &pr, e) < 0)
		return -1;
	return out_end(o, e);
}

struct issuer_line {
	const char *subject, *fingerprint;
	int64_t not_after;
};
const struct out_field root_issuer_fields[] = {
	{ OUT_TEXT("subject", "SIGNED BY", struct issuer_line, subject), .help = "the nearest first" },
	{ OUT_TIME("not_after", "NOT AFTER", struct issuer_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("fingerprint", "FINGERPRINT", struct issuer_line, fingerprint), .help = "SHA-256 of the DER" },
	{ .key = NULL },
};

static int show_issuers(struct pki *p, int64_t cert_id, struct out *o, struct err *e)
{
	AUTO_VALUE(buf) issuers = { 0 };
	struct bytes ders[ISSUERS_MAX];
	size_t n;

	if ((cert_id != 0 && ledger_cert_issuers(&issuers, p->ledger, cert_id, e) < 0) ||
	    out_list(o, "issuers", root_issuer_fields, e) < 0)
		return -1;
	n = issuers_list(ders, buf_bytes(&issuers));
	for (size_t i = 0; i < n; i++) {
		struct cert_info info;
		struct issuer_line line;

		if (cert_read_known(&info, ders[i], e) < 0)
			return -1;
		line = (struct issuer_line){ info.subject, info.fingerprint, info.not_after };
		if (out_row(o, &line, e) < 0)
			return -1;
	}
	return out_end(o, e);
}

int root_show(struct pki *p, const char *name, struct out *o, struct err *e)
{
	struct root_row row;
	struct root_data d;
	struct root_line line;

	if (root_row_find(&row, p, name, e) < 0 || load_root(&d, p, &row, e) < 0)
		return -1;
	root_warn_of_file(p, &row, &d.key);
	line = root_line(&d, &p->config);
	return out_record(o, "root", root_show_fields, &line, e) < 0 ? -1 : show_issuers(p, row.cert_id, o, e);
}
