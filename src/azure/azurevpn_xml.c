/* SPDX-License-Identifier: MIT */
/* azurevpn_xml.c - AzureVPN/azurevpnconfig*.xml; its elements come as `Cert` and as `cert`. */
#include "azure/reading.h"
#include "azure/xml.h"

static int take_issuer(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return reading_add_issuer(r, name, text, e);
}

static int take_hash(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return reading_thumbprint(r->out->server_root_hash, name, text, e);
}

static int take_fqdn(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return reading_set_server(r, name, text, e);
}

static int take_name(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct package *p = r->out;

	return p->vnet_name[0] != '\0' ? 0 : reading_text(p->vnet_name, sizeof(p->vnet_name), name, text, e);
}

int azurevpn_xml_read(struct reading *r, struct bytes text, struct err *e)
{
	static const struct xml_row rows[] = {
		{ "clientauth/cert/issuer", false, take_issuer },
		{ "servervalidation/cert/hash", false, take_hash },
		{ "serverlist/ServerEntry/fqdn", true, take_fqdn },
		{ "name", false, take_name },
	};
	static const struct xml_form form = { "AzVpnProfile", true, rows, sizeof(rows) / sizeof(rows[0]) };

	return xml_read(&form, text, r, e);
}
