/* SPDX-License-Identifier: MIT */
/* gateway_record.c - see gateway_record.h. */
#include "pki/gateway/gateway_record.h"

#include <string.h>

#include "util/array.h"

/* The same fields for a record and for a table, which have other headings. */
#define ROW(key, heading, member) OUT_CHARS(key, heading, struct gateway_row, member)
#define GATEWAY_FIELDS(name_, group_, subscription_, type_, pools_, tunnels_, roots_, observed_) \
	{ ROW("name", name_, name), .help = "name in Azure; for Virtual WAN, of the VPN server configuration" }, \
	{ ROW("resource_group", group_, resource_group), .help = "the gateway's resource group" }, \
	{ ROW("subscription", subscription_, subscription), .as = OUT_AS_LOW, \
	    .help = "null: the current subscription of az and PowerShell" }, \
	{ ROW("type", type_, type), .help = "vnet-gateway or vpn-server-config" }, \
	{ ROW("pools", pools_, pools), .as = OUT_AS_LOW, .separator = ',', \
	    .help = "address pools for clients, if the gateway has none" }, \
	{ ROW("tunnels", tunnels_, tunnels), .separator = ',', .help = "tunnel types, if the gateway has none" }, \
	{ ROW("root_names", roots_, roots), .separator = ',', \
	    .help = "roots that the gateway should trust; empty: every root that is not retired" }, \
	{ OUT_TIME("added_at", NULL, struct gateway_row, added_at), .help = "when it was added to the ledger" }, \
	{ OUT_TIME("observed_at", observed_, struct gateway_row, observed_at), \
	    .help = "when its state was last recorded; null: never" }, \
	{ .key = NULL }
const struct out_field gateway_fields[] = { GATEWAY_FIELDS("Gateway", "Resource group", "Subscription", "Type", "Pools",
    "Tunnels", "Only roots", "State recorded") };
static const struct out_field gateway_columns[] = { GATEWAY_FIELDS("GATEWAY", "RESOURCE GROUP", "SUBSCRIPTION", "TYPE",
    "POOLS", "TUNNELS", "ONLY ROOTS", "STATE RECORDED") };

static const struct {
	const char *word, *stored;
} types[] = {
	{ "vnet-gateway", GATEWAY_TYPE_VNET },
	{ "vpn-server-config", GATEWAY_TYPE_VWAN },
};

const char *gateway_type_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].word, word) == 0)
			return types[i].stored;
	return GATEWAY_TYPE_VNET;
}

/* The row as it is shown: the ledger stores other words for the types. */
static struct gateway_row gateway_shown(const struct gateway_row *row)
{
	struct gateway_row shown = *row;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].stored, row->type) == 0)
			(void)snprintf(shown.type, sizeof(shown.type), "%s", types[i].word);
	return shown;
}

bool gateway_word(char *out, size_t size, const char **at)
{
	const size_t len = strcspn(*at, ",");

	if (**at == '\0')
		return false;
	(void)snprintf(out, size, "%.*s", (int)len, *at);
	*at += len + ((*at)[len] == ',');
	return true;
}

int gateway_join(char *out, size_t size, const char *what, const char *const items[], unsigned n, struct err *e)
{
	size_t used = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < n; i++) {
		const size_t len = strlen(items[i]);

		if (len == 0 || strchr(items[i], ',') != NULL)
			return err_set(e, ERR_USAGE, "'%.80s' is not a valid %s", items[i], what);
		if (used + len + 2 > size)
			return err_set(e, ERR_USAGE, "too many of: %s", what);
		used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? "," : "", items[i]);
	}
	return 0;
}

int gateway_find(struct gateway_row *out, struct pki *p, const char *name, struct err *e)
{
	bool found;

	if (ledger_gateway_find(out, &found, p->ledger, name, e) < 0)
		return -1;
	if (found)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no gateway '%s'", name);
	return err_rule(e, "gateway-not-found", "see `p11ca gateway list`; add a gateway with `p11ca gateway add`");
}

int gateway_print(const struct gateway_row *row, struct out *o, struct err *e)
{
	const struct gateway_row shown = gateway_shown(row);

	return out_record(o, "gateway", gateway_fields, &shown, e);
}

static int gateway_record_print_row(const struct gateway_row *row, void *arg, struct err *e)
{
	const struct gateway_row shown = gateway_shown(row);

	return out_row(arg, &shown, e);
}

int gateway_list(struct pki *p, struct out *o, struct err *e)
{
	if (out_list(o, "gateways", gateway_columns, e) < 0 ||
	    ledger_each_gateway(p->ledger, gateway_record_print_row, o, e) < 0)
		return -1;
	return out_end(o, e);
}
