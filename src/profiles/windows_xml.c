/* SPDX-License-Identifier: MIT */
/* windows_xml.c - see windows_xml.h. */
#include "profiles/windows_xml.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "out/xml.h"

#define MS "http://www.microsoft.com/provisioning/"
#define COMMON MS "EapCommon"
#define TLS_V2 MS "EapTlsConnectionPropertiesV2"

void windows_hash(char out[WINDOWS_HASH], const char *thumbprint)
{
	size_t n = 0;

	for (const char *p = thumbprint; p[0] != '\0' && p[1] != '\0' && n + 4 <= WINDOWS_HASH; p += 2) {
		out[n++] = (char)toupper((unsigned char)p[0]);
		out[n++] = (char)toupper((unsigned char)p[1]);
		out[n++] = ' ';
	}
	out[n] = '\0';
}

static void add_in(struct xml *x, const char *name, const char *ns, const char *text)
{
	xml_start(x, name, ns);
	xml_text(x, text);
	xml_end(x);
}

static void windows_xml_add_hash(struct xml *x, const char *name, const char *thumbprint)
{
	char hash[WINDOWS_HASH];

	windows_hash(hash, thumbprint);
	xml_leaf(x, name, hash);
}

static void add_credentials(struct xml *x, bool is_smartcard)
{
	xml_start(x, "CredentialsSource", NULL);
	if (is_smartcard) {
		xml_start(x, "SmartCard", NULL);
	} else {
		xml_start(x, "CertificateStore", NULL);
		xml_leaf(x, "SimpleCertSelection", "true");
	}
	xml_end(x);
	xml_end(x);
}

/*
 * Azure's own values. AcceptServerName stays false, because no document states the names of the gateway's
 * certificate; IKE has verified the dialled name before EAP begins.
 */
static void windows_xml_add_server(struct xml *x, const struct package *g)
{
	xml_start(x, "ServerValidation", NULL);
	xml_leaf(x, "DisableUserPromptForServerValidation", "false");
	xml_leaf(x, "ServerNames", "");
	for (unsigned i = 0; i < g->n_roots; i++)
		windows_xml_add_hash(x, "TrustedRootCA", g->roots[i].info.thumbprint);
	xml_end(x);
	xml_leaf(x, "DifferentUsername", "false");
	add_in(x, "PerformServerValidation", TLS_V2, "true");
	add_in(x, "AcceptServerName", TLS_V2, "false");
}

/* Only certificates of the client's root are offered, so that Windows does not ask the user for a certificate. */
static void add_filter(struct xml *x, const char *root)
{
	xml_start(x, "TLSExtensions", TLS_V2);
	xml_start(x, "FilteringInfo", MS "EapTlsConnectionPropertiesV3");
	xml_start(x, "CAHashList", NULL);
	xml_attribute(x, "Enabled", "true");
	windows_xml_add_hash(x, "IssuerHash", root);
	xml_end(x);
	xml_end(x);
	xml_end(x);
}

static void add_eap(struct xml *x, const struct vpn_profile *p)
{
	xml_start(x, "EapHostConfig", MS "EapHostConfig");
	xml_start(x, "EapMethod", NULL);
	add_in(x, "Type", COMMON, "13");
	add_in(x, "VendorId", COMMON, "0");
	add_in(x, "VendorType", COMMON, "0");
	add_in(x, "AuthorId", COMMON, "0");
	xml_end(x);
	xml_start(x, "Config", MS "EapHostConfig");
	xml_start(x, "Eap", MS "BaseEapConnectionPropertiesV1");
	xml_leaf(x, "Type", "13");
	xml_start(x, "EapType", MS "EapTlsConnectionPropertiesV1");
	add_credentials(x, p->windows_smartcard);
	windows_xml_add_server(x, p->package);
	if (!p->windows_smartcard)
		add_filter(x, p->root_info->thumbprint);
	xml_end(x);
	xml_end(x);
	xml_end(x);
	xml_end(x);
}

int windows_eap(struct buf *out, const struct vpn_profile *p, unsigned flags, struct err *e)
{
	struct xml *x;

	if (xml_open(&x, flags, e) < 0)
		return -1;
	add_eap(x, p);
	return xml_close(x, out, e);
}

/* "." covers every name: the DNS servers of the tunnel resolve all names. */
static void windows_xml_add_dns(struct xml *x, const struct package *g)
{
	char servers[PACKAGE_DNS_MAX * sizeof(g->dns[0])] = "";
	size_t len = 0;

	if (g->n_dns == 0)
		return;
	for (unsigned i = 0; i < g->n_dns; i++)
		len += (size_t)snprintf(servers + len, sizeof(servers) - len, "%s%s", i > 0 ? "," : "", g->dns[i]);
	xml_start(x, "DomainNameInformation", NULL);
	xml_leaf(x, "DomainName", ".");
	xml_leaf(x, "DnsServers", servers);
	xml_end(x);
}

static void add_authentication(struct xml *x, const struct vpn_profile *p, bool is_device)
{
	xml_start(x, "Authentication", NULL);
	if (is_device) {
		xml_leaf(x, "MachineMethod", "Certificate");
	} else {
		xml_leaf(x, "UserMethod", "Eap");
		xml_start(x, "Eap", NULL);
		xml_start(x, "Configuration", NULL);
		add_eap(x, p);
		xml_end(x);
		xml_end(x);
	}
	xml_end(x);
}

static void add_native(struct xml *x, const struct vpn_profile *p, bool is_device)
{
	xml_start(x, "NativeProfile", NULL);
	xml_leaf(x, "Servers", p->package->server);
	xml_leaf(x, "RoutingPolicyType", "SplitTunnel");
	xml_leaf(x, "NativeProtocolType", "IKEv2");
	xml_leaf(x, "DisableClassBasedDefaultRoute", "true");
	add_authentication(x, p, is_device);
	xml_end(x);
}

static void windows_xml_add_route(struct xml *x, const struct ip_net *net)
{
	char address[sizeof(net->text)], prefix[16];

	(void)snprintf(address, sizeof(address), "%.*s", (int)strcspn(net->text, "/"), net->text);
	(void)snprintf(prefix, sizeof(prefix), "%u", net->prefix);
	xml_start(x, "Route", NULL);
	xml_leaf(x, "Address", address);
	xml_leaf(x, "PrefixSize", prefix);
	xml_end(x);
}

/* In the order of Microsoft's schema (VPNv2 DDF), although Windows accepts any order. */
int windows_profile(struct buf *out, const struct vpn_profile *p, bool is_device, unsigned flags, struct err *e)
{
	struct xml *x;

	if (xml_open(&x, flags, e) < 0)
		return -1;
	xml_start(x, "VPNProfile", NULL);
	xml_leaf(x, "RememberCredentials", "true");
	xml_leaf(x, "AlwaysOn", is_device ? "true" : "false"); /* a device tunnel is always on */
	if (is_device)
		xml_leaf(x, "DeviceTunnel", "true");
	xml_leaf(x, "RegisterDNS", is_device ? "true" : "false");
	windows_xml_add_dns(x, p->package);
	add_native(x, p, is_device);
	for (unsigned i = 0; i < p->package->n_routes; i++)
		windows_xml_add_route(x, &p->package->routes[i]);
	xml_end(x);
	return xml_close(x, out, e);
}
