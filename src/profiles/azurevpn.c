/* SPDX-License-Identifier: MIT */
/*
 * azurevpn.c - writes azurevpnconfig.xml for the Azure VPN Client, in Azure's form with the client's certificate.
 *
 * Every value was read and checked before (model/package.h); no text of the package's file is copied.
 */
#include "profiles/profile.h"

#include <ctype.h>
#include <string.h>

#include "out/xml.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "util/text.h"

#define FOLDER "azurevpn"

static void add_nil(struct xml *x, const char *name)
{
	xml_start(x, name, NULL);
	xml_attribute(x, "i:nil", "true");
	xml_end(x);
}

static void add_any(struct xml *x)
{
	xml_start(x, "any", NULL);
	xml_attribute(x, "xmlns:d2p1", "http://schemas.datacontract.org/2004/07/System.Xml");
	xml_attribute(x, "i:nil", "true");
	xml_end(x);
}

static void azurevpn_add_client(struct xml *x, const struct vpn_profile *p)
{
	xml_start(x, "clientauth", NULL);
	add_nil(x, "aad");
	xml_start(x, "cert", NULL);
	xml_leaf(x, "hash", p->cert_info->thumbprint);
	xml_leaf(x, "issuer", p->root_info->thumbprint);
	xml_end(x);
	xml_leaf(x, "type", "cert");
	add_nil(x, "usernamepass");
	xml_end(x);
}

/* Azure's own name of the connection, unless the profile's name was chosen. */
static const char *azurevpn_name(const struct vpn_profile *p)
{
	const char *azure = p->package->azurevpn.name;

	return azure[0] != '\0' && !p->is_name_chosen ? azure : p->connection;
}

static void azurevpn_add_server(struct xml *x, const struct vpn_profile *p)
{
	const struct package *package = p->package;

	xml_leaf(x, "name", azurevpn_name(p));
	xml_start(x, "protocolconfig", NULL);
	xml_start(x, "sslprotocolConfig", NULL);
	xml_leaf(x, "transportprotocol", "tcp");
	xml_end(x);
	xml_end(x);
	xml_start(x, "serverlist", NULL);
	xml_start(x, "ServerEntry", NULL);
	add_nil(x, "displayname");
	xml_leaf(x, "fqdn", package->server);
	xml_end(x);
	xml_end(x);
}

/* Azure writes this hash in upper case. */
static void add_validation(struct xml *x, const struct package_azurevpn *a)
{
	char root[SHA1_HEX], secret[2 * OVPN_KEY_LEN + 1];

	for (size_t i = 0; i < sizeof(root); i++)
		root[i] = (char)toupper((unsigned char)a->server_root[i]);
	text_hex(secret, sizeof(secret), (struct bytes){ a->secret, a->secret_len });
	xml_start(x, "servervalidation", NULL);
	xml_start(x, "Cert", NULL);
	xml_leaf(x, "hash", root);
	add_nil(x, "issuer");
	xml_end(x);
	xml_start(x, "serversecret", NULL);
	xml_secret(x, secret);
	xml_end(x);
	xml_leaf(x, "type", "cert");
	xml_end(x);
	explicit_bzero(secret, sizeof(secret));
}

static int add_profile(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	struct xml *x;

	if (xml_open(&x, XML_INDENT, e) < 0)
		return -1;
	xml_start(x, "AzVpnProfile", "http://schemas.datacontract.org/2004/07/");
	xml_attribute(x, "xmlns:i", "http://www.w3.org/2001/XMLSchema-instance");
	add_any(x);
	azurevpn_add_client(x, p);
	add_nil(x, "clientconfig");
	azurevpn_add_server(x, p);
	add_validation(x, &p->package->azurevpn);
	xml_leaf(x, "version", "1");
	xml_end(x);
	return xml_close(x, out, e);
}

static int azurevpn_write_files(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	const struct package_azurevpn *a = &p->package->azurevpn;
	AUTO_VALUE(buf) xml = { 0 };

	if (p->cert_info == NULL || p->root_info == NULL)
		return err_set(e, ERR_INPUT, "the client's certificate and its root are needed");
	if (!a->is_there || a->secret_len != OVPN_KEY_LEN || a->server_root[0] == '\0') {
		(void)err_set(e, ERR_POLICY, "the package's azurevpnconfig.xml is missing or incomplete");
		return err_rule(e, "package-azurevpn-incomplete", "download the package again from Azure");
	}
	if (add_profile(&xml, p, e) < 0 ||
	    profile_copy(out, FOLDER, "azurevpnconfig.xml", buf_bytes(&xml), true, e) < 0 ||
	    profile_copy(out, FOLDER, "root.cer", p->root, false, e) < 0 ||
	    profile_issuers(out, p, FOLDER, PROFILE_ISSUER_CER, e) < 0)
		return -1;
	return p->key == PROFILE_KEY_PFX ? profile_copy(out, FOLDER, "client.pfx", p->pfx, true, e) : 0;
}

static const char text[] =
    "This profile is for the Azure VPN Client on Windows (OpenVPN tunnel). Its files are in the folder of this page.\n"
    "The file `azurevpnconfig.xml` contains the gateway's pre-shared key: copy it over a private channel.\n\n"
    "## 1. The certificates\n\n"
    "* Install `root.cer` (@ROOT_CN@, SHA-1 thumbprint @ROOT@) in\n"
    "  **Trusted Root Certification Authorities**. Windows then accepts every certificate that this root issues.\n";
static const char mine[] =
    "* Install the client certificate @CN@, thumbprint\n"
    "  @CLIENT@, in **Current User > Personal**.\n";
static const char pfx[] =
    "  It is in `client.pfx`: Store Location **Current User**, \"Enable strong private key protection\" **off**.\n";
static const char token[] =
    "\n"
    "The private key is on a token. As of mid-2026 the Azure VPN Client does not list smart-card certificates. If\n"
    "**Certificate Information** is empty, ask the person who sent this profile for one for Windows' own VPN client,\n"
    "which can use the card.\n";
static const char more[] =
    "\n"
    "## 2. Import\n\n"
    "1. Install **Azure VPN Client** from the Microsoft Store.\n"
    "2. Select **+ > Import** and `azurevpnconfig.xml`, check that **Certificate Information** shows @CN@, and select\n"
    "   **Save**. If the list is empty, the certificate is not installed, or several certificates have the same name.\n"
    "3. Select the connection @IMPORTED@, then **Connect**. Only one connection can be up at a time.\n\n"
    "After a renewal of the certificate, import the new file: the client does not select the new certificate itself.\n";
static const char up[] =
    "* The client says **Connected**; its log is in the connection's **...** menu.\n"
    "* `ipconfig /all` shows the adapter; `Resolve-DnsName` with `-Server` queries a DNS server.\n";

static int azurevpn_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, text, p, e) < 0 || profile_list_issuers(out, p, e) < 0 ||
	    profile_install(out, mine, p, e) < 0 ||
	    (p->key == PROFILE_KEY_PFX && profile_install(out, pfx, p, e) < 0) ||
	    (p->key == PROFILE_KEY_TOKEN && profile_install(out, token, p, e) < 0) ||
	    profile_install(out, more, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_BULLETS, up, e);
}

const struct profile_format profile_azurevpn = {
	.name = "azurevpn",
	.summary = "Azure VPN Client: azurevpnconfig.xml with this client's certificate",
	.keys = 1u << PROFILE_KEY_TOKEN | 1u << PROFILE_KEY_PFX | 1u << PROFILE_KEY_STORE,
	.why_not = "SCEP and ACME are for mobileconfig: the Azure VPN Client uses a certificate of the Windows store",
	.needs_openvpn = true,
	.rule_set = "windows",
	.own_rule_set = "azurevpn",
	.write = azurevpn_write_files,
	.install = azurevpn_install,
};
