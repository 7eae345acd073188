/* SPDX-License-Identifier: MIT */
/* settings_xml.c - reads Generic/VpnSettings.xml: one certificate (CaCert, old) or a list (CaCerts, new). */
#include <string.h>

#include "azure/net.h"
#include "azure/package_reader.h"
#include "azure/input_error.h"
#include "azure/xml.h"
#include "util/array.h"

/* A list to be filled by net_each_item(). */
struct filling {
	struct reading *r;
	const char *name;
	struct ip_net *nets;
	unsigned *n, max;
	bool is_route;
};

static int settings_xml_take_server(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_set_server(r, name, text, e);
}

static bool settings_xml_is(struct bytes text, const char *word)
{
	return text.len == strlen(word) && strncasecmp((const char *)text.data, word, text.len) == 0;
}

/* A tunnel type that p11ca does not know is only recorded as "another tunnel type". */
static int add_type(struct bytes item, void *arg, struct err *e)
{
	struct reading *r = arg;
	struct package *p = r->out;

	p->has_ikev2 = p->has_ikev2 || settings_xml_is(item, "IkeV2");
	p->has_openvpn = p->has_openvpn || settings_xml_is(item, "OpenVPN");
	p->has_sstp = p->has_sstp || settings_xml_is(item, "SSTP");
	return settings_xml_is(item, "OpenVPN") ? package_reader_state(r, STATED_TUNNEL, "OpenVPN", e) :
	    settings_xml_is(item, "IkeV2")	   ? package_reader_state(r, STATED_TUNNEL, "IKEv2", e) :
				     package_reader_state(r, STATED_TUNNEL, "another tunnel type", e);
}

static int take_types(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	(void)name;
	return net_each_item(text, add_type, r, e);
}

static int settings_xml_take_cert(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_add_root(r, name, text, e);
}

static int take_listed_cert(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	r->out->is_second_generation = true;
	return package_reader_add_root(r, name, text, e);
}

static int settings_xml_add_net(struct bytes item, void *arg, struct err *e)
{
	struct filling *f = arg;

	if (*f->n >= f->max)
		return limit_refuse(e, "%s has more than %u networks", f->name, f->max);
	if (!ip_net_parse(&f->nets[*f->n], item))
		return value_refuse(e, f->name, "address and prefix", item);
	++*f->n;
	return f->is_route ? package_reader_state_net(f->r, &f->nets[*f->n - 1], e) : 0;
}

static int settings_xml_take_routes(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct package *p = r->out;
	struct filling f = { r, name, p->routes, &p->n_routes, PACKAGE_NETS_MAX, true };

	return net_each_item(text, settings_xml_add_net, &f, e);
}

static int take_pools(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct package *p = r->out;
	struct filling f = { r, name, p->pools, &p->n_pools, PACKAGE_DNS_MAX, false };

	return net_each_item(text, settings_xml_add_net, &f, e);
}

static int settings_xml_add_dns(struct bytes item, void *arg, struct err *e)
{
	struct reading *r = arg;
	struct package *p = r->out;
	struct ip_net address;

	if (!ip_address_parse(&address, item) || item.len >= sizeof(p->dns[0]))
		return value_refuse(e, "CustomDnsServers", "address", item);
	if (p->n_dns >= PACKAGE_DNS_MAX)
		return limit_refuse(e, "CustomDnsServers has more than %d addresses", PACKAGE_DNS_MAX);
	memcpy(p->dns[p->n_dns++], address.text, item.len + 1);
	return package_reader_state_dns(r, &address, e);
}

static int settings_xml_take_dns(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	(void)name;
	return net_each_item(text, settings_xml_add_dns, r, e);
}

static int settings_xml_take_auth(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_text(r->out->auth, sizeof(r->out->auth), name, text, e);
}

static int take_vnet_name(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_set_vnet(r, name, text, e);
}

static int take_vnet_id(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_text(r->out->vnet_id, sizeof(r->out->vnet_id), name, text, e);
}

static int take_aad(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	(void)name, (void)text, (void)e;
	r->out->states_aad = true;
	return 0;
}

int settings_xml_read(struct reading *r, struct bytes text, struct err *e)
{
	static const struct xml_row rows[] = {
		{ "VpnServer", false, settings_xml_take_server },
		{ "VpnType", false, take_types },
		{ "CaCert", false, settings_xml_take_cert },
		{ "CaCerts/string", true, take_listed_cert },
		{ "Routes", false, settings_xml_take_routes },
		{ "Auth", false, settings_xml_take_auth },
		{ "VnetName", false, take_vnet_name },
		{ "VnetId", false, take_vnet_id },
		{ "VpnClientAddressPool", false, take_pools },
		{ "CustomDnsServers", false, settings_xml_take_dns },
		{ "AadTenant", false, take_aad },
		{ "AadIssuer", false, take_aad },
		{ "AadAudience", false, take_aad },
	};
	static const struct xml_form form = { "VpnProfile", false, rows, ARRAY_LEN(rows), NULL, NULL };

	if (xml_read(&form, text, r, e) < 0)
		return -1;
	return r->out->server[0] != '\0' ? 0 : format_refuse(e, "it names no VpnServer");
}
