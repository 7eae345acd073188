/* SPDX-License-Identifier: MIT */
/* gateway_show.c - a gateway of the ledger, what was last seen there, and the decisions that are pending there. */
#include <string.h>

#include "pki/gateway/gateway.h"
#include "pki/gateway/gateway_trust.h"
#include "util/text.h"

struct root_line {
	const char *name;
	bool is_wanted;
	enum tri is_trusted;
};
const struct out_field gateway_root_fields[] = {
	{ OUT_TEXT("root_name", "ROOT", struct root_line, name), .help = "name of the root in the ledger" },
	{ OUT_BOOL("wanted", "SHOULD BE TRUSTED", struct root_line, is_wanted),
	    .help = "whether the ledger says that the gateway should trust the root" },
	{ OUT_TRI("trusted", "SEEN ON THE GATEWAY", struct root_line, is_trusted),
	    .help = "whether the gateway trusted the root when its state was last recorded; null: never recorded" },
	{ .key = NULL },
};
struct enforced_line {
	const char *name, *device, *serial, *thumbprint;
	int64_t observed_at;
};
const struct out_field gateway_enforced_fields[] = {
	{ OUT_TEXT("name", "NAME", struct enforced_line, name), .help = "the client" },
	{ OUT_TEXT("device", NULL, struct enforced_line, device), .help = "name of the device; null without one" },
	{ OUT_TEXT("serial", "SERIAL", struct enforced_line, serial), .as = OUT_AS_ID, .help = "hex" },
	{ OUT_TEXT("thumbprint", NULL, struct enforced_line, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TIME("observed_at", "FIRST SEEN", struct enforced_line, observed_at),
	    .help = "since when the recorded states contain the thumbprint" },
	{ .key = NULL },
};

struct showing {
	struct pki *p;
	const struct gateway_row *gateway;
	struct out *o;
};

static int gateway_show_root(const struct root_row *root, void *arg, struct err *e)
{
	const struct showing *s = arg;
	struct root_line line = { .name = root->name, .is_wanted = gateway_wants_root(s->gateway, root) };

	if (gateway_observed_trust(&line.is_trusted, s->p, s->gateway, root, e) < 0)
		return -1;
	line.is_wanted = line.is_wanted && !root->is_retired;
	if (!line.is_wanted && line.is_trusted != TRI_YES)
		return 0;
	return out_row(s->o, &line, e);
}

static int gateway_show_enforced(const struct observation_row *row, void *arg, struct err *e)
{
	const struct showing *s = arg;
	const struct cert_query q = { .id = row->cert_id };
	struct cert_row c;
	bool found;

	if (strcmp(row->what, OBSERVED_REVOKED) != 0)
		return 0;
	if (ledger_cert_find(&c, NULL, &found, s->p->ledger, &q, e) < 0)
		return -1;
	return !found ? 0
		      : out_row(s->o,
			    &(struct enforced_line){
				c.name, text_or_null(c.device), c.serial, c.thumbprint, row->observed_at },
			    e);
}

static int gateway_show_observed(struct showing *s, struct err *e)
{
	const struct observation_query here = { .gateway_id = s->gateway->id };

	out_title(s->o, "Roots");
	if (out_list(s->o, "roots", gateway_root_fields, e) < 0 ||
	    ledger_each_root(s->p->ledger, gateway_show_root, s, e) < 0 || out_end(s->o, e) < 0)
		return -1;
	out_title(s->o, "Revoked clients seen on the gateway's list");
	if (out_list(s->o, "enforced", gateway_enforced_fields, e) < 0 ||
	    ledger_each_observation(s->p->ledger, &here, gateway_show_enforced, s, e) < 0)
		return -1;
	return out_end(s->o, e);
}

int gateway_show(struct pki *p, const char *name, struct out *o, struct err *e)
{
	struct gateway_row row;
	struct showing s = { p, &row, o };

	if (gateway_find(&row, p, name, e) < 0)
		return -1;
	if (row.observed_at == 0 &&
	    out_say(o, e, "No state of gateway %s was recorded: p11ca does not know which roots and revoked "
		"certificates it has.", row.name) < 0)
		return -1;
	if (gateway_print(&row, o, e) < 0 || gateway_show_observed(&s, e) < 0)
		return -1;
	out_title(o, "Changes that were not seen on the gateway");
	return gateway_print_pending(p, row.id, 0, NULL, o, e);
}
