/* SPDX-License-Identifier: MIT */
/* listing.c - see listing.h. */
#include "pki/gateway_op.h"
#include "pki/listing.h"

#include <string.h>

#include "pki/op.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"

struct root_line {
	const char *name, *state, *subject, *serial, *thumbprint, *fingerprint, *spki, *key, *cka_id;
	const char *token, *token_serial, *module, *origin, *local, *extractable, *value_refused;
	int64_t not_before, not_after, created_at;
};
const struct out_field root_list_fields[] = {
	{ OUT_TEXT("name", "NAME", struct root_line, name), .help = "what the root is called here" },
	{ OUT_TEXT("state", "STATE", struct root_line, state), .help = "unfinished, issued, retired" },
	{ OUT_TEXT("subject", "SUBJECT", struct root_line, subject), .help = "of its certificate" },
	{ OUT_TEXT("key", "KEY", struct root_line, key), .help = "kind of key" },
	{ OUT_TIME("not_after", "NOT AFTER", struct root_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("thumbprint", NULL, struct root_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("token", "TOKEN", struct root_line, token),
	    .help = "label of the token where the key was last seen" },
	{ .key = NULL },
};
const struct out_field root_show_fields[] = {
	{ OUT_TEXT("name", "Root", struct root_line, name), .help = "what the root is called here" },
	{ OUT_TEXT("state", "State", struct root_line, state), .help = "unfinished, issued, retired" },
	{ OUT_TEXT("subject", "Subject", struct root_line, subject), .help = "of its certificate" },
	{ OUT_TEXT("serial", "Serial", struct root_line, serial), .help = "hex" },
	{ OUT_TIME("not_before", "Not before", struct root_line, not_before), .help = "UTC" },
	{ OUT_TIME("not_after", "Not after", struct root_line, not_after), .help = "UTC" },
	{ OUT_TEXT("thumbprint", "Thumbprint", struct root_line, thumbprint),
	    .help = "SHA-1 of the DER, as Azure shows it" },
	{ OUT_TEXT("fingerprint", "Fingerprint", struct root_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("key", "Key", struct root_line, key), .help = "kind of key" },
	{ OUT_TEXT("spki_sha256", "  SHA-256", struct root_line, spki),
	    .help = "of the SubjectPublicKeyInfo: the key's identity" },
	{ OUT_TEXT("cka_id", "  CKA_ID", struct root_line, cka_id), .help = "on its token" },
	{ OUT_TEXT("token", "  last seen on", struct root_line, token), .help = "label of the token" },
	{ OUT_TEXT("token_serial", "  token serial", struct root_line, token_serial), .help = "of that token" },
	{ OUT_TEXT("module", "  module", struct root_line, module), .help = "PKCS#11 library" },
	{ OUT_TEXT("origin", "  origin", struct root_line, origin),
	    .help = "generated here, stated local, or imported or unknown: as it was when the root came in" },
	{ OUT_TEXT("made_on_token", "  made on the token", struct root_line, local),
	    .help = "CKA_LOCAL, as the module states it" },
	{ OUT_TEXT("extractable", "  extractable", struct root_line, extractable), .help = "CKA_EXTRACTABLE" },
	{ OUT_TEXT("value_refused", "  secret refused", struct root_line, value_refused),
	    .help = "the length of the secret was asked for and refused" },
	{ OUT_TIME("created", NULL, struct root_line, created_at), .help = "when it was begun" },
	{ .key = NULL },
};

struct root_data {
	struct root_row row;
	struct key_row key;
	struct cert_row cert;
};

static int load_root(struct root_data *d, struct pki *p, const struct root_row *row, struct err *e)
{
	const struct cert_query q = { .id = row->cert_id };
	bool found = false;

	d->row = *row;
	d->cert = (struct cert_row){ .id = 0 };
	if (ledger_key_get(&d->key, p->ledger, row->key_id, e) < 0)
		return -1;
	return row->cert_id == 0 ? 0 : ledger_cert_find(&d->cert, NULL, &found, p->ledger, &q, e);
}

static const char *or_null(const char *text)
{
	return text[0] != '\0' ? text : NULL;
}

static struct root_line root_line(const struct root_data *d)
{
	const struct key_evidence *ev = &d->key.evidence;
	bool is_proved = strcmp(d->key.state, "proved") == 0;

	return (struct root_line){
		.name = d->row.name,
		.state = d->row.is_retired     ? "retired"
			 : d->row.cert_id == 0 ? "unfinished"
					       : "issued",
		.subject = d->row.subject,
		.serial = or_null(d->cert.serial),
		.thumbprint = or_null(d->cert.thumbprint),
		.fingerprint = or_null(d->cert.fingerprint),
		.spki = or_null(d->key.spki_sha256),
		.key = d->key.spec,
		.cka_id = d->key.place.cka_id,
		.token = d->key.place.token_label,
		.token_serial = d->key.place.token_serial,
		.module = d->key.place.module_path,
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
	bool all;
};

static int print_root(const struct root_row *row, void *arg, struct err *e)
{
	struct printing *pr = arg;
	struct root_data d;
	struct root_line line;

	if (load_root(&d, pr->p, row, e) < 0)
		return -1;
	line = root_line(&d);
	return out_row(pr->o, &line, e);
}

int root_list(struct pki *p, struct out *o, struct err *e)
{
	struct printing pr = { .p = p, .o = o };

	if (out_list(o, "roots", root_list_fields, e) < 0 || ledger_each_root(p->ledger, print_root, &pr, e) < 0)
		return -1;
	return out_end(o, e);
}

static int find_root(struct root_row *out, struct pki *p, const char *name, struct err *e)
{
	bool found;

	if (ledger_root_find(out, &found, p->ledger, name, e) < 0)
		return -1;
	if (found)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root '%s'", name != NULL ? name : "");
	e->hint = "see `p11ca root list`";
	return -1;
}

int root_show(struct pki *p, const char *name, struct out *o, struct err *e)
{
	struct root_row row;
	struct root_data d;
	struct root_line line;

	if (find_root(&row, p, name, e) < 0 || load_root(&d, p, &row, e) < 0)
		return -1;
	line = root_line(&d);
	return out_record(o, "root", root_show_fields, &line, e);
}

struct client_line {
	const char *name, *device, *state, *subject, *serial, *thumbprint, *fingerprint, *template_name, *root, *spki;
	const char *reason;
	int64_t not_before, not_after, issued_at, installed_at, revoked_at;
};
const struct out_field client_list_fields[] = {
	{ OUT_TEXT("name", "NAME", struct client_line, name), .help = "the authorised name" },
	{ OUT_TEXT("device", "DEVICE", struct client_line, device), .help = "one of several machines; null without" },
	{ OUT_TEXT("state", "STATE", struct client_line, state),
	    .help = "signing, issued, expired, revoked, void, unknown" },
	{ OUT_TEXT("serial", "SERIAL", struct client_line, serial), .help = "hex" },
	{ OUT_TIME("not_after", "NOT AFTER", struct client_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("thumbprint", NULL, struct client_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("fingerprint", NULL, struct client_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("template", NULL, struct client_line, template_name), .help = "what it contains" },
	{ OUT_TEXT("root", "ROOT", struct client_line, root), .help = "who signed" },
	{ OUT_TIME("installed", NULL, struct client_line, installed_at),
	    .help = "when it was written to its token; null = not by us" },
	{ .key = NULL },
};
const struct out_field client_show_fields[] = {
	{ OUT_TEXT("name", "Client", struct client_line, name), .help = "the authorised name" },
	{ OUT_TEXT("device", "Device", struct client_line, device), .help = "one of several machines; null without" },
	{ OUT_TEXT("state", "State", struct client_line, state),
	    .help = "signing, issued, expired, revoked, void, unknown" },
	{ OUT_TEXT("subject", "Subject", struct client_line, subject), .help = "of the certificate" },
	{ OUT_TEXT("serial", "Serial", struct client_line, serial), .help = "hex" },
	{ OUT_TEXT("thumbprint", "Thumbprint", struct client_line, thumbprint),
	    .help = "SHA-1 of the DER, what Azure revokes by" },
	{ OUT_TEXT("fingerprint", "Fingerprint", struct client_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("spki_sha256", "Key SHA-256", struct client_line, spki), .help = "of the SubjectPublicKeyInfo" },
	{ OUT_TEXT("template", "Template", struct client_line, template_name), .help = "what it contains" },
	{ OUT_TEXT("root", "Root", struct client_line, root), .help = "who signed" },
	{ OUT_TIME("not_before", "Not before", struct client_line, not_before), .help = "UTC" },
	{ OUT_TIME("not_after", "Not after", struct client_line, not_after), .help = "UTC" },
	{ OUT_TIME("issued", "Issued", struct client_line, issued_at), .help = "when" },
	{ OUT_TIME("installed", "Installed", struct client_line, installed_at),
	    .help = "when it was written to its token" },
	{ OUT_TIME("revoked", NULL, struct client_line, revoked_at), .help = "when" },
	{ OUT_TEXT("reason", NULL, struct client_line, reason), .help = "why it is revoked (RFC 5280, 5.3.1)" },
	{ .key = NULL },
};

static struct client_line client_line(const struct cert_row *c, const char *root, int64_t now)
{
	bool expired = strcmp(c->state, "issued") == 0 && c->not_after < now;

	return (struct client_line){
		.name = c->name,
		.device = or_null(c->device),
		.state = expired ? "expired" : c->state,
		.subject = c->subject,
		.serial = c->serial,
		.thumbprint = or_null(c->thumbprint),
		.fingerprint = or_null(c->fingerprint),
		.template_name = c->template_name,
		.root = root,
		.spki = c->spki_sha256,
		.not_before = c->not_before,
		.not_after = c->not_after,
		.issued_at = c->issued_at,
		.installed_at = c->installed_at,
		.revoked_at = c->revoked_at,
		.reason = or_null(c->revoke_reason),
	};
}

static const char *root_name(struct root_row *root, struct pki *p, int64_t id)
{
	struct err ignored;

	if (root->id != id && ledger_root_get(root, p->ledger, id, &ignored) < 0)
		return NULL;
	return root->name;
}

#define DAY INT64_C(86400)

struct clients {
	struct pki *p;
	struct out *o;
	struct root_row root;        /* of the last row: mostly the same */
	const struct client_filter *filter;
	int64_t now;
	unsigned n;
};

static bool is_state(const struct cert_row *row, const char *state)
{
	return strcmp(row->state, state) == 0;
}

/* What its dates say of another day.  False: it was not there yet, or came to nothing. */
static bool move_back(struct cert_row *row, int64_t at)
{
	if (row->issued_at == 0 || row->issued_at > at)
		return false;
	if (is_state(row, "revoked") && row->revoked_at > at) {
		(void)snprintf(row->state, sizeof(row->state), "issued");
		row->revoked_at = 0;
		row->revoke_reason[0] = '\0';
	}
	if (row->installed_at > at)
		row->installed_at = 0;
	return true;
}

static bool is_listed(const struct clients *c, const struct cert_row *row)
{
	const struct client_filter *f = c->filter;
	bool is_live = is_state(row, "issued") && row->not_after >= c->now;

	if (f->state != NULL && !is_state(row, f->state))
		return false;
	if (f->expiring > 0)
		return is_live && row->not_after < c->now + f->expiring * DAY;
	return f->all || is_live || is_state(row, "signing") || is_state(row, "revoked");
}

static int print_client(const struct cert_row *found, void *arg, struct err *e)
{
	struct clients *c = arg;
	struct cert_row row = *found;
	struct client_line line;

	if ((c->filter->as_of != 0 && !move_back(&row, c->now)) || !is_listed(c, &row))
		return 0;
	c->n++;
	line = client_line(&row, root_name(&c->root, c->p, row.root_id), c->now);
	return out_row(c->o, &line, e);
}

int client_list(struct pki *p, const struct client_filter *filter, struct out *o, struct err *e)
{
	struct clients c = { .p = p, .o = o, .filter = filter,
		.now = filter->as_of != 0 ? filter->as_of : clock_now(&p->clock) };
	struct cert_query q = { .clients_only = true };

	if (filter->root_name != NULL) {
		if (find_root(&c.root, p, filter->root_name, e) < 0)
			return -1;
		q.root_id = c.root.id;
	}
	if (filter->as_of == 0)
		q.state = filter->state;
	if (out_list(o, "clients", client_list_fields, e) < 0 ||
	    ledger_each_cert(p->ledger, &q, print_client, &c, e) < 0 || out_end(o, e) < 0)
		return -1;
	return filter->expiring > 0 && c.n > 0 ? 1 : 0;
}

int client_find(struct cert_row *out, struct buf *der, struct pki *p, const char *id, struct err *e)
{
	struct cert_query q = { .any_id = id, .clients_only = true, .live_only = true };
	bool found;

	/* A name means its live certificate where it has one; numbers mean any. */
	if (ledger_cert_find(out, der, &found, p->ledger, &q, e) < 0)
		return -1;
	q.live_only = false;
	if (!found && ledger_cert_find(out, der, &found, p->ledger, &q, e) < 0)
		return -1;
	if (found)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no client certificate '%s'", id);
	e->hint = "see `p11ca client list`; an id is a serial, thumbprint, fingerprint or name";
	return -1;
}

int client_show(struct pki *p, const char *id, struct out *o, struct err *e)
{
	struct root_row root = { .id = -1 };
	struct cert_row cert;
	struct client_line line;

	if (client_find(&cert, NULL, p, id, e) < 0)
		return -1;
	line = client_line(&cert, root_name(&root, p, cert.root_id), clock_now(&p->clock));
	return out_record(o, "client", client_show_fields, &line, e) < 0
	    ? -1 : gateway_print_pending(p, 0, cert.id, NULL, o, e);
}

static int root_der(struct buf *out, struct pki *p, const struct root_row *root, struct err *e)
{
	const struct cert_query q = { .id = root->cert_id };
	struct cert_row cert;
	bool found = false;

	if (root->cert_id != 0 && ledger_cert_find(&cert, out, &found, p->ledger, &q, e) < 0)
		return -1;
	if (found && out->len > 0)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "root '%s' has no certificate yet", root->name);
	e->hint = "run the same `p11ca root create` again: it finishes what is left";
	return -1;
}

/* A gateway takes an intermediate only after its root: from the top down. */
static int encode_above(struct buf *out, struct pki *p, const struct root_row *root, const char *format, struct err *e)
{
	AUTO_VALUE(buf) above = { 0 };
	struct bytes list[ISSUERS_MAX];
	size_t n;

	if (ledger_cert_issuers(&above, p->ledger, root->cert_id, e) < 0)
		return -1;
	n = issuers_list(list, buf_bytes(&above));
	while (n-- > 0) {
		if (der_encode(out, list[n], DER_CERT, format, e) < 0 ||
		    (strcmp(format, "base64") == 0 && buf_add(out, "\n", 1, e) < 0))
			return -1;
	}
	return 0;
}

int root_encode(struct buf *out, struct pki *p, const char *name, const char *format, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };
	struct root_row root;

	if (find_root(&root, p, name, e) < 0 || root_der(&der, p, &root, e) < 0)
		return -1;
	if (strcmp(format, "der") != 0 && encode_above(out, p, &root, format, e) < 0)
		return -1;
	return der_encode(out, buf_bytes(&der), DER_CERT, format, e);
}

int client_encode(struct buf *out, struct pki *p, const char *id, const char *format, bool with_chain, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) issuer = { 0 };
	AUTO_VALUE(buf) above = { 0 };
	struct root_row root;
	struct cert_row cert;

	if (client_find(&cert, &der, p, id, e) < 0)
		return -1;
	if (der.len == 0) {
		(void)err_set(e, ERR_NOT_FOUND, "certificate %s of '%s' is %s: there is nothing to hand out",
		    cert.serial, cert.name, cert.state);
		e->hint = "see `p11ca ledger recover`";
		return -1;
	}
	if (der_encode(out, buf_bytes(&der), DER_CERT, format, e) < 0)
		return -1;
	if (!with_chain)
		return 0;
	if (ledger_root_get(&root, p->ledger, cert.root_id, e) < 0 || root_der(&issuer, p, &root, e) < 0 ||
	    ledger_cert_issuers(&above, p->ledger, root.cert_id, e) < 0 ||
	    der_encode(out, buf_bytes(&issuer), DER_CERT, format, e) < 0)
		return -1;
	return issuers_encode(out, buf_bytes(&above), format, e);
}
