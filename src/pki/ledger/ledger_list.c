/* SPDX-License-Identifier: MIT */
/* ledger_list.c - see ledger_list.h. */
#include "pki/client_find.h"
#include "pki/gateway/gateway.h"
#include "pki/ledger/ledger_calendar.h"
#include "pki/ledger/ledger_list.h"
#include "pki/ledger/successor.h"

#include <string.h>

#include "model/row_state.h"
#include "pki/op.h"
#include "pki/root_find.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "x509/issuers.h"

struct printing {
	struct pki *p;
	struct out *o;
	bool all;
};

struct client_line {
	const char *name, *device, *state, *subject, *serial, *thumbprint, *fingerprint, *template_name, *root, *spki;
	const char *reason, *token_label, *token_serial, *renewed_by;
	int64_t not_before, not_after, issued_at, installed_at, revoked_at;
};
const struct out_field client_list_fields[] = {
	{ OUT_TEXT("name", "NAME", struct client_line, name), .help = "the authorised name" },
	{ OUT_TEXT("device", "DEVICE", struct client_line, device), .help = "name of the device; null without one" },
	{ OUT_TEXT("token_label", "TOKEN", struct client_line, token_label),
	    .help = "label of the token with the key; null: the key came with a request" },
	{ OUT_TEXT("token_serial", NULL, struct client_line, token_serial), .help = "serial number of that token" },
	{ OUT_TEXT("state", "STATE", struct client_line, state),
	    .help = "signing, issued, expired, revoked, void, unknown" },
	{ OUT_TIME("not_after", "NOT AFTER", struct client_line, not_after), .help = "end of validity" },
	{ OUT_TEXT("serial", "SERIAL", struct client_line, serial), .as = OUT_AS_LOW_ID, .help = "hex" },
	{ OUT_TEXT("thumbprint", NULL, struct client_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("fingerprint", NULL, struct client_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("template_name", NULL, struct client_line, template_name), .help = "what it contains" },
	{ OUT_TEXT("root_name", "ROOT", struct client_line, root), .as = OUT_AS_LOW, .help = "who signed" },
	{ OUT_TIME("installed_at", NULL, struct client_line, installed_at),
	    .help = "when it was written to its token; null = not by us" },
	{ OUT_TEXT("renewed_by", "RENEWED BY", struct client_line, renewed_by), .as = OUT_AS_LOW_ID,
	    .help = "serial number of the valid successor; null without one" },
	{ .key = NULL },
};
const struct out_field client_show_fields[] = {
	{ OUT_TEXT("name", "Client", struct client_line, name), .help = "the authorised name" },
	{ OUT_TEXT("device", "Device", struct client_line, device), .help = "name of the device; null without one" },
	{ OUT_TEXT("state", "State", struct client_line, state),
	    .help = "signing, issued, expired, revoked, void, unknown" },
	{ OUT_TEXT("subject", "Subject", struct client_line, subject), .help = "of the certificate" },
	{ OUT_TEXT("serial", "Serial", struct client_line, serial), .help = "hex" },
	{ OUT_TEXT("thumbprint", "Thumbprint", struct client_line, thumbprint),
	    .help = "SHA-1 of the DER, used by Azure to revoke" },
	{ OUT_TEXT("fingerprint", "Fingerprint", struct client_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("spki_sha256", "Key SHA-256", struct client_line, spki), .help = "of the SubjectPublicKeyInfo" },
	{ OUT_TEXT("template_name", "Template", struct client_line, template_name), .help = "what it contains" },
	{ OUT_TEXT("root_name", "Root", struct client_line, root), .help = "who signed" },
	{ OUT_TIME("not_before", "Not before", struct client_line, not_before), .help = "UTC" },
	{ OUT_TIME("not_after", "Not after", struct client_line, not_after), .help = "UTC" },
	{ OUT_TIME("issued_at", "Issued", struct client_line, issued_at), .help = "when" },
	{ OUT_TIME("installed_at", "Installed", struct client_line, installed_at),
	    .help = "when it was written to its token" },
	{ OUT_TIME("revoked_at", "Revoked", struct client_line, revoked_at), .help = "when" },
	{ OUT_TEXT("reason", "Reason", struct client_line, reason), .help = "why it is revoked (RFC 5280, 5.3.1)" },
	{ OUT_TEXT("token_label", "Token", struct client_line, token_label),
	    .help = "label of the token with the key; null: the key came with a request" },
	{ OUT_TEXT("token_serial", "Token serial", struct client_line, token_serial),
	    .help = "serial number of that token" },
	{ OUT_TEXT("renewed_by", "Renewed by", struct client_line, renewed_by),
	    .help = "serial number of the valid successor; null without one" },
	{ .key = NULL },
};

static struct client_line client_line(const struct cert_row *c, const char *root, int64_t now)
{
	bool expired = cert_is(c, CERT_ISSUED) && c->not_after < now;

	return (struct client_line){
		.name = c->name,
		.device = text_or_null(c->device),
		.state = expired ? "expired" : c->state,
		.subject = c->subject,
		.serial = c->serial,
		.thumbprint = text_or_null(c->thumbprint),
		.fingerprint = text_or_null(c->fingerprint),
		.template_name = c->template_name,
		.root = root,
		.spki = c->spki_sha256,
		.not_before = c->not_before,
		.not_after = c->not_after,
		.issued_at = c->issued_at,
		.installed_at = c->installed_at,
		.revoked_at = c->revoked_at,
		.reason = text_or_null(c->revoke_reason),
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
	struct out *o;               /* NULL: events of calendar */
	const struct calendar *calendar;
	struct root_row root;        /* root of the last row, which is mostly the same */
	struct key_row key;          /* key of the last row that has one */
	const struct client_filter *filter;
	int64_t now;
	unsigned n;
};

static bool ledger_list_is_state(const struct cert_row *row, const char *state)
{
	return strcmp(row->state, state) == 0;
}

/* What is recorded in other rows; key and s are to outlive the line. */
static int client_line_complete(struct client_line *line, struct key_row *key, struct successor *s, struct pki *p,
    const struct cert_row *row, struct err *e)
{
	if (row->key_id != 0 && row->key_id != key->id && ledger_key_get(key, p->ledger, row->key_id, e) < 0)
		return -1;
	if (row->key_id != 0) {
		line->token_label = text_or_null(key->location.token_label);
		line->token_serial = text_or_null(key->location.token_serial);
	}
	line->renewed_by = text_or_null(s->serial);
	return 0;
}

static bool ledger_list_is_listed(const struct clients *c, const struct cert_row *row)
{
	const struct client_filter *f = c->filter;
	bool is_live = cert_is(row, CERT_ISSUED) && row->not_after >= c->now;

	if (f->state != NULL && !ledger_list_is_state(row, f->state))
		return false;
	if (f->expiring > 0)
		return cert_is(row, CERT_ISSUED) && row->not_after < c->now + f->expiring * DAY &&
		       row->not_after >= c->now - f->expiring * DAY;
	return f->all || is_live || cert_is(row, CERT_SIGNING) || cert_is(row, CERT_REVOKED);
}

static int print_client(const struct cert_row *found, void *arg, struct err *e)
{
	struct clients *c = arg;
	struct cert_row row = *found;
	struct client_line line;
	struct successor s;

	if ((c->filter->as_of != 0 && !cert_move_back(&row, c->now)) || !ledger_list_is_listed(c, &row))
		return 0;
	if (successor_find(&s, c->p, &row, c->filter->as_of, e) < 0)
		return -1;
	if (c->filter->expiring > 0 && !c->filter->all && s.serial[0] != '\0')
		return 0;
	c->n++;
	if (c->o == NULL)
		return calendar_add(c->calendar, &row, e);
	line = client_line(&row, root_name(&c->root, c->p, row.root_id), c->now);
	return client_line_complete(&line, &c->key, &s, c->p, &row, e) < 0 ? -1 : out_row(c->o, &line, e);
}

static int client_list_each(struct clients *c, struct err *e)
{
	const struct client_filter *filter = c->filter;
	struct cert_query q = { .clients_only = true, .device = filter->device, .search = filter->search,
		.order = filter->order };
	char card[17];

	c->now = filter->as_of != 0 ? filter->as_of : clock_now(&c->p->clock);
	if (filter->card != NULL && ledger_card_serial(card, c->p->ledger, filter->card, e) < 0)
		return -1;
	q.token_serial = filter->card != NULL ? card : NULL;
	if (filter->root_name != NULL) {
		if (root_row_find(&c->root, c->p, filter->root_name, e) < 0)
			return -1;
		q.root_id = c->root.id;
	}
	if (filter->as_of == 0)
		q.state = filter->state;
	if ((c->o != NULL ? out_list(c->o, "clients", client_list_fields, e) : calendar_begin(c->calendar, e)) < 0)
		return -1;
	return ledger_each_cert(c->p->ledger, &q, print_client, c, e);
}

int client_list(struct pki *p, const struct client_filter *filter, struct out *o, struct err *e)
{
	struct clients c = { .p = p, .o = o, .filter = filter };

	if (client_list_each(&c, e) < 0 || out_end(o, e) < 0)
		return -1;
	return filter->expiring > 0 && c.n > 0 ? 1 : 0;
}

int client_calendar(const struct calendar *calendar, const struct client_filter *filter, struct err *e)
{
	struct clients c = { .p = calendar->p, .calendar = calendar, .filter = filter };

	if (client_list_each(&c, e) < 0 || calendar_end(calendar, e) < 0)
		return -1;
	return filter->expiring > 0 && c.n > 0 ? 1 : 0;
}

int client_show(struct pki *p, const char *id, struct out *o, struct err *e)
{
	const struct client_question which = { .id = id, .use = CLIENT_USE_NEWEST,
		.command = "client show", .options = "" };
	struct root_row root = { .id = -1 };
	struct cert_row cert;
	struct client_line line;
	struct key_row key = { .id = 0 };
	struct successor s;

	if (client_find(&cert, NULL, p, &which, e) < 0)
		return -1;
	line = client_line(&cert, root_name(&root, p, cert.root_id), clock_now(&p->clock));
	if (successor_find(&s, p, &cert, 0, e) < 0 ||
	    client_line_complete(&line, &key, &s, p, &cert, e) < 0)
		return -1;
	if (out_record(o, "client", client_show_fields, &line, e) < 0 ||
	    gateway_print_pending(p, 0, cert.id, NULL, o, e) < 0)
		return -1;
	return gateway_print_enforced(p, cert.id, o, e);
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
	e->hint = "run the same `p11ca root create` again: it resumes";
	return -1;
}

/* Orders issuers from the top: a gateway accepts an intermediate only after its root. */
static int encode_issuers(
    struct buf *out, struct pki *p, const struct root_row *root, const char *format, struct err *e)
{
	AUTO_VALUE(buf) issuers = { 0 };
	struct bytes list[ISSUERS_MAX];
	size_t n;

	if (ledger_cert_issuers(&issuers, p->ledger, root->cert_id, e) < 0)
		return -1;
	n = issuers_list(list, buf_bytes(&issuers));
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

	if (root_row_find(&root, p, name, e) < 0 || root_der(&der, p, &root, e) < 0)
		return -1;
	if (strcmp(format, "der") != 0 && encode_issuers(out, p, &root, format, e) < 0)
		return -1;
	return der_encode(out, buf_bytes(&der), DER_CERT, format, e);
}

int client_encode(struct buf *out, struct pki *p, const char *id, const char *format, bool with_chain, struct err *e)
{
	const struct client_question which = { .id = id, .use = CLIENT_USE_NEWEST,
		.command = "client export", .options = "" };
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) issuer = { 0 };
	AUTO_VALUE(buf) issuers = { 0 };
	struct root_row root;
	struct cert_row cert;

	if (client_find(&cert, &der, p, &which, e) < 0)
		return -1;
	if (der.len == 0) {
		(void)err_set(e, ERR_NOT_FOUND, "certificate %s of '%s' is %s: it cannot be exported",
		    cert.serial, cert.name, cert.state);
		e->hint = "see `p11ca ledger recover`";
		return -1;
	}
	if (der_encode(out, buf_bytes(&der), DER_CERT, format, e) < 0)
		return -1;
	if (!with_chain)
		return 0;
	if (ledger_root_get(&root, p->ledger, cert.root_id, e) < 0 || root_der(&issuer, p, &root, e) < 0 ||
	    ledger_cert_issuers(&issuers, p->ledger, root.cert_id, e) < 0 ||
	    der_encode(out, buf_bytes(&issuer), DER_CERT, format, e) < 0)
		return -1;
	return issuers_encode(out, buf_bytes(&issuers), format, e);
}
