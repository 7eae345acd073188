/* SPDX-License-Identifier: MIT */
/* azurevpn_xml.c - reads AzureVPN/azurevpnconfig*.xml; element names begin in upper or lower case (`Cert`, `cert`). */
#include <ctype.h>
#include <string.h>

#include "azure/net.h"
#include "azure/package_reader.h"
#include "azure/input_error.h"
#include "azure/xml.h"
#include "util/array.h"
#include "util/text.h"

static int azurevpn_xml_take_issuer(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_add_issuer(r, name, text, e);
}

static int take_hash(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_thumbprint(r->out->azurevpn.server_root, name, text, e);
}

static int take_fqdn(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_set_server(r, name, text, e);
}

static int take_name(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	if (package_reader_text(r->out->azurevpn.name, sizeof(r->out->azurevpn.name), name, text, e) < 0)
		return -1;
	return package_reader_set_vnet(r, name, text, e);
}

static int azurevpn_xml_take_auth(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	return package_reader_text(r->out->azurevpn.auth, sizeof(r->out->azurevpn.auth), name, text, e);
}

static int take_transport(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	char transport[16];

	if (package_reader_text(transport, sizeof(transport), name, text, e) < 0)
		return -1;
	for (char *c = transport; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return package_reader_state(r, STATED_TRANSPORT, transport, e);
}

/* Reads the tls-auth key, one word of hex. The key is secret: messages do not quote it. */
static int take_secret(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct package_azurevpn *a = &r->out->azurevpn;

	a->secret_len = text_from_hex(a->secret, sizeof(a->secret), (const char *)text.data);
	if (a->secret_len == 0)
		return value_refuse(e, name, "key in hex", (struct bytes){ (const void *)"not shown", 9 });
	return package_reader_state_key(r, (struct bytes){ a->secret, a->secret_len }, e);
}

static int azurevpn_xml_take_route(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct ip_net address;

	if (!ip_address_parse(&address, text))
		return value_refuse(e, name, "address", text);
	r->route = address;
	return 0;
}

/* Reads a mask such as 255.255.0.0; it belongs to the destination before it. */
static int take_mask(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	if (!ip_net_set_mask(&r->route, text))
		return value_refuse(e, name, "network mask", text);
	return package_reader_state_net(r, &r->route, e);
}

static int azurevpn_xml_take_dns(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct ip_net address;

	if (!ip_address_parse(&address, text))
		return value_refuse(e, name, "address", text);
	return package_reader_state_dns(r, &address, e);
}

/* Records an unknown element for a finding; profiles do not contain it. */
static void note_unknown(struct reading *r, const char *path)
{
	struct package_azurevpn *a = &r->out->azurevpn;

	if (a->n_unknown < AZUREVPN_UNKNOWN_MAX)
		(void)print_safe(a->unknown[a->n_unknown++], sizeof(a->unknown[0]), path, strlen(path));
}

int azurevpn_xml_read(struct reading *r, struct bytes text, struct err *e)
{
	static const struct xml_row rows[] = {
		{ "clientauth/cert/issuer", false, azurevpn_xml_take_issuer },
		{ "servervalidation/cert/hash", false, take_hash },
		{ "serverlist/ServerEntry/fqdn", true, take_fqdn },
		{ "name", false, take_name },
		{ "clientauth/type", false, azurevpn_xml_take_auth },
		{ "protocolconfig/sslprotocolconfig/transportprotocol", false, take_transport },
		{ "servervalidation/serversecret", false, take_secret },
		{ "clientconfig/includeroutes/route/destination", true, azurevpn_xml_take_route },
		{ "clientconfig/includeroutes/route/mask", true, take_mask },
		{ "clientconfig/dnsservers/dnsserver", true, azurevpn_xml_take_dns },
		{ "clientconfig/dnsservers/DnsServerEntry/dnsserver", true, azurevpn_xml_take_dns },
	};
	/* Other elements that Azure writes: containers of the elements above, and values that are constant or empty. */
	static const char *const others[] = { "any", "clientauth", "clientauth/aad", "clientauth/aad/audience",
		"clientauth/aad/cachesigninuser", "clientauth/aad/issuer", "clientauth/aad/tenant", "clientauth/cert",
		"clientauth/cert/hash", "clientauth/usernamepass", "clientconfig", "protocolconfig",
		"protocolconfig/sslprotocolconfig", "serverlist", "serverlist/serverentry",
		"serverlist/serverentry/displayname", "servervalidation", "servervalidation/cert",
		"servervalidation/cert/issuer", "servervalidation/type", "version", NULL };
	static const struct xml_form form = { "AzVpnProfile", true, rows, ARRAY_LEN(rows), others,
		note_unknown };

	return xml_read(&form, text, r, e);
}
