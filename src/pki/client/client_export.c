/* SPDX-License-Identifier: MIT */
/* client_export.c - prints the ledger's certificates for other programs: one row each, streamed. */
#include <string.h>

#include "pki/ledger/ledger_list.h"

#include "util/text.h"

struct export_line {
	const char *kind, *name, *device, *state, *subject, *serial, *thumbprint, *fingerprint, *spki, *request;
	const char *template_name, *root;
	int64_t not_before, not_after, created_at, issued_at, installed_at, revoked_at;
	const char *reason;
};
const struct out_field export_fields[] = {
	{ OUT_TEXT("kind", "kind", struct export_line, kind), .help = "root or client" },
	{ OUT_TEXT("name", "name", struct export_line, name), .help = "root name, or the authorised name" },
	{ OUT_TEXT("device", "device", struct export_line, device), .help = "the client's device" },
	{ OUT_TEXT("state", "state", struct export_line, state), .help = "signing, issued, revoked, void, unknown" },
	{ OUT_TEXT("root_name", "root", struct export_line, root), .help = "who signed" },
	{ OUT_TEXT("template_name", "template", struct export_line, template_name), .help = "what it contains" },
	{ OUT_TEXT("subject", "subject", struct export_line, subject), .help = "of the certificate" },
	{ OUT_TEXT("serial", "serial", struct export_line, serial), .help = "hex" },
	{ OUT_TIME("not_before", "not_before", struct export_line, not_before), .help = "UTC" },
	{ OUT_TIME("not_after", "not_after", struct export_line, not_after), .help = "UTC" },
	{ OUT_TEXT("thumbprint", "thumbprint", struct export_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TEXT("fingerprint", "fingerprint", struct export_line, fingerprint), .help = "SHA-256 of the DER" },
	{ OUT_TEXT("spki_sha256", "spki_sha256", struct export_line, spki),
	    .help = "SHA-256 of the SubjectPublicKeyInfo" },
	{ OUT_TEXT("request_sha256", "request_sha256", struct export_line, request), .help = "SHA-256 of the request" },
	{ OUT_TIME("created_at", "created", struct export_line, created_at), .help = "when the intent was recorded" },
	{ OUT_TIME("issued_at", "issued", struct export_line, issued_at), .help = "when it was signed" },
	{ OUT_TIME("installed_at", "installed", struct export_line, installed_at),
	    .help = "when it was written to its token" },
	{ OUT_TIME("revoked_at", "revoked", struct export_line, revoked_at), .help = "when it was revoked" },
	{ OUT_TEXT("reason", "reason", struct export_line, reason), .help = "why it was revoked (RFC 5280, 5.3.1)" },
	{ .key = NULL },
};

struct exporting {
	struct pki *p;
	struct out *o;
	struct root_row root;
};

static int client_export_one(const struct cert_row *c, void *arg, struct err *e)
{
	struct exporting *x = arg;
	struct export_line line = { c->is_root ? "root" : "client", c->name, text_or_null(c->device), c->state,
		c->subject, c->serial, text_or_null(c->thumbprint), text_or_null(c->fingerprint),
		c->spki_sha256, text_or_null(c->request_sha256), c->template_name, NULL, c->not_before,
		c->not_after, c->created_at, c->issued_at, c->installed_at, c->revoked_at,
		text_or_null(c->revoke_reason) };

	if (c->root_id != 0 && c->root_id != x->root.id && ledger_root_get(&x->root, x->p->ledger, c->root_id, e) < 0)
		return -1;
	line.root = c->root_id != 0 ? x->root.name : NULL;
	return out_row(x->o, &line, e);
}

int ledger_export(struct pki *p, struct out *o, struct err *e)
{
	const struct cert_query all = { .id = 0 };
	struct exporting x = { .p = p, .o = o };

	if (out_list(o, "certificates", export_fields, e) < 0 ||
	    ledger_each_cert(p->ledger, &all, client_export_one, &x, e) < 0)
		return -1;
	return out_end(o, e);
}
