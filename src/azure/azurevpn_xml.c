/* SPDX-License-Identifier: MIT */
/* azurevpn_xml.c - AzureVPN/azurevpnconfig*.xml; its elements come as `Cert` and as `cert`. */
#include <stdio.h>

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

	if (reading_text(p->azurevpn_name, sizeof(p->azurevpn_name), name, text, e) < 0)
		return -1;
	if (p->vnet_name[0] == '\0')
		(void)snprintf(p->vnet_name, sizeof(p->vnet_name), "%s", p->azurevpn_name);
	return 0;
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
