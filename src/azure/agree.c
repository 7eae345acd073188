/* SPDX-License-Identifier: MIT */
/*
 * agree.c - rules that compare the files of a package: vpnconfig.ovpn has Azure's lines only, and no two files
 * disagree.
 *
 * If somebody altered one file, the other files are not trusted either, so most of these rules prevent every profile.
 */
#include <stdio.h>
#include <string.h>

#include "azure/ovpn.h"
#include "azure/package.h"
#include "azure/remedy.h"
#include "util/array.h"

static const char *const file_names[] = {
	[PACKAGE_SETTINGS] = "VpnSettings.xml", [PACKAGE_SERVER_ROOT] = "VpnServerRoot.cer",
	[PACKAGE_SCRIPT] = "VpnProfileSetup.ps1", [PACKAGE_AZUREVPN] = "azurevpnconfig.xml",
	[PACKAGE_OVPN] = "vpnconfig.ovpn",
};
#define N_FILES ARRAY_LEN(file_names)

/* The values of one subject, compared between the files of a package. */
struct statements {
	const struct package_statement *all;
	size_t n;
	enum package_subject subject;
};

static struct statements statements_of(const struct facts *f, enum package_subject subject)
{
	const struct buf *b = &f->package->statements;

	return (struct statements){ (const void *)b->data, b->len / sizeof(struct package_statement), subject };
}

static bool agree_states(const struct statements *s, enum package_file file, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->all[i].subject == s->subject && s->all[i].file == file &&
		    (text == NULL || strcmp(s->all[i].text, text) == 0))
			return true;
	return false;
}

/* The first file that states the subject; other files are compared with it. N_FILES: no file states the subject. */
static enum package_file first_file(const struct statements *s)
{
	for (unsigned file = 0; file < N_FILES; file++)
		if (agree_states(s, (enum package_file)file, NULL))
			return (enum package_file)file;
	return (enum package_file)N_FILES;
}

/* Reports the first value of `file` that `other` does not state, and the number of further such values. */
static int report_lacking(const struct rule *r, const struct statements *s, enum package_file file,
    enum package_file other, struct findings *out, struct err *e)
{
	const char *first = NULL;
	unsigned n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct package_statement *one = &s->all[i];

		if (one->subject != s->subject || one->file != file || agree_states(s, other, one->text))
			continue;
		first = n++ == 0 ? one->text : first;
	}
	if (n == 0)
		return 0;
	if (s->subject == STATED_TLS_KEY)
		return finding_add(out, r, e, "%s and %s contain different keys", file_names[file], file_names[other]);
	if (n == 1)
		return finding_add(out, r, e, "%s states %.100s, %s does not", file_names[file], first,
		    file_names[other]);
	return finding_add(out, r, e, "%s states %.80s and %u more, %s does not", file_names[file], first, n - 1,
	    file_names[other]);
}

/* Each further file may state only values of the first file. */
static int no_more(const struct rule *r, const struct facts *f, enum package_subject subject, struct findings *out,
    struct err *e)
{
	const struct statements s = statements_of(f, subject);
	const enum package_file first = first_file(&s);

	for (unsigned file = first + 1U; file < N_FILES; file++)
		if (report_lacking(r, &s, (enum package_file)file, first, out, e) < 0)
			return -1;
	return 0;
}

/* Each further file that states the subject must state all values of the first file. */
static int no_less(const struct rule *r, const struct facts *f, enum package_subject subject, struct findings *out,
    struct err *e)
{
	const struct statements s = statements_of(f, subject);
	const enum package_file first = first_file(&s);

	for (unsigned file = first + 1U; file < N_FILES; file++)
		if (agree_states(&s, (enum package_file)file, NULL) &&
		    report_lacking(r, &s, first, (enum package_file)file, out, e) < 0)
			return -1;
	return 0;
}

RULE_TEST(servers_differ)
{
	return no_more(r, f, STATED_SERVER, out, e);
}

RULE_TEST(roots_differ)
{
	return no_more(r, f, STATED_GATEWAY_ROOT, out, e);
}

RULE_TEST(roots_incomplete)
{
	return no_less(r, f, STATED_GATEWAY_ROOT, out, e);
}

RULE_TEST(keys_differ)
{
	return no_more(r, f, STATED_TLS_KEY, out, e);
}

RULE_TEST(transports_differ)
{
	return no_more(r, f, STATED_TRANSPORT, out, e);
}

RULE_TEST(tunnels_differ)
{
	return no_more(r, f, STATED_TUNNEL, out, e);
}

RULE_TEST(client_roots_differ)
{
	return no_more(r, f, STATED_CLIENT_ROOT, out, e);
}

RULE_TEST(names_differ)
{
	return no_more(r, f, STATED_VNET_NAME, out, e);
}

RULE_TEST(routes_differ)
{
	return no_more(r, f, STATED_ROUTE, out, e) < 0 ? -1 : no_less(r, f, STATED_ROUTE, out, e);
}

RULE_TEST(dns_differs)
{
	return no_more(r, f, STATED_DNS, out, e) < 0 ? -1 : no_less(r, f, STATED_DNS, out, e);
}

/* The gateway's certificate has the name ID.vpn.azure.com, where ID is the VnetId; VpnServer contains the ID too. */
RULE_TEST(server_name)
{
	const struct package *p = f->package;
	const char *name = p->ovpn.server_name, *dot = strchr(name, '.'), *domain = strchr(p->server, '.');
	const size_t len = dot != NULL ? (size_t)(dot - name) : 0;
	bool is_id, is_domain;

	if (name[0] == '\0' || strcasecmp(name, p->server) == 0)
		return 0;
	is_domain = dot != NULL && domain != NULL &&
	    (strcasecmp(dot, domain) == 0 || strcasecmp(dot, ".vpn.azure.com") == 0);
	is_id = p->vnet_id[0] != '\0' ? strlen(p->vnet_id) == len && strncasecmp(p->vnet_id, name, len) == 0 :
	    len > 0 && strncasecmp(p->server, "azuregateway-", 13) == 0 && strncasecmp(p->server + 13, name, len) == 0;
	if (is_id && is_domain)
		return 0;
	return finding_add(out, r, e, "vpnconfig.ovpn expects the certificate of '%.80s', the gateway is '%.80s'", name,
	    p->vnet_id[0] != '\0' ? p->vnet_id : p->server);
}

static int report_faults(const struct rule *r, const struct facts *f, struct findings *out, struct err *e)
{
	const struct package_ovpn *o = &f->package->ovpn;

	for (unsigned i = 0; i < o->n_faults; i++) {
		const struct ovpn_fault *fault = &o->faults[i];

		if (strcmp(fault->code, r->id) != 0)
			continue;
		if ((fault->line > 0 ?
			    finding_add(out, r, e, "vpnconfig.ovpn, line %u: %s", fault->line, fault->text) :
			    finding_add(out, r, e, "vpnconfig.ovpn: %s", fault->text)) < 0)
			return -1;
	}
	if (o->n_more == 0 || strcmp(r->id, OVPN_OPTION) != 0)
		return 0;
	return finding_add(out, r, e, "vpnconfig.ovpn contains %u more options that Azure does not write", o->n_more);
}

RULE_TEST(azurevpn_elements)
{
	const struct package_azurevpn *a = &f->package->azurevpn;

	for (unsigned i = 0; i < a->n_unknown; i++)
		if (finding_add(out, r, e, "azurevpnconfig.xml contains the element %s", a->unknown[i]) < 0)
			return -1;
	return 0;
}

RULE_TEST(azurevpn_incomplete)
{
	const struct package_azurevpn *a = &f->package->azurevpn;
	const char *what = !a->is_there ? "the package has no azurevpnconfig.xml"
			   : strcasecmp(a->auth, "cert") != 0
			       ? "azurevpnconfig.xml does not use certificate authentication"
			   : a->server_root[0] == '\0'     ? "azurevpnconfig.xml contains no gateway root"
			   : a->secret_len != OVPN_KEY_LEN ? "azurevpnconfig.xml has no key of 256 bytes"
							   : NULL;

	return what == NULL ? 0 : finding_add(out, r, e, "%s", what);
}

RULE_TEST(openvpn_missing)
{
	const struct package *p = f->package;

	if (p->is_part || !p->has_openvpn || p->ovpn.is_there || package_is_aad_only(p))
		return 0;
	return finding_add(out, r, e, "the package offers OpenVPN and contains no OpenVPN/vpnconfig.ovpn");
}

RULE_TEST(auth_differs)
{
	const struct package *p = f->package;

	if (!p->ovpn.is_there || p->azurevpn.auth[0] == '\0' || strcasecmp(p->azurevpn.auth, "cert") == 0)
		return 0;
	return finding_add(
	    out, r, e, "azurevpnconfig.xml uses '%s', vpnconfig.ovpn uses a certificate", p->azurevpn.auth);
}

#define CLIENTS "package," RULES_CLIENTS

const struct rule rules_package_files[] = {
	{ OVPN_OPTION, FINDING_FAIL, CLIENTS, FACT_PACKAGE, report_faults,
	    "vpnconfig.ovpn contains an option that Azure does not write",
	    "find out who changed the package, then " DOWNLOAD },
	{ OVPN_BLOCK, FINDING_FAIL, CLIENTS, FACT_PACKAGE, report_faults,
	    "vpnconfig.ovpn contains an inline file that Azure does not write",
	    "find out who changed the package, then " DOWNLOAD },
	{ OVPN_INCOMPLETE, FINDING_FAIL, CLIENTS, FACT_PACKAGE, report_faults,
	    "vpnconfig.ovpn lacks the server's name, its root or the tls-auth key", DOWNLOAD },
	{ "package-server-mismatch", FINDING_FAIL, CLIENTS, FACT_PACKAGE, servers_differ,
	    "the files of the package name different gateways", DOWNLOAD },
	{ "package-server-name-mismatch", FINDING_FAIL, CLIENTS, FACT_PACKAGE, server_name,
	    "the server names in the files of the package differ", DOWNLOAD },
	{ "package-root-mismatch", FINDING_FAIL, CLIENTS, FACT_PACKAGE, roots_differ,
	    "the files of the package contain different gateway roots", DOWNLOAD },
	{ "package-root-incomplete", FINDING_WARN, "package", FACT_PACKAGE, roots_incomplete,
	    "some files of the package lack a gateway root that other files contain",
	    "if a client does not connect, download the package again" },
	{ "package-secret-mismatch", FINDING_FAIL, CLIENTS, FACT_PACKAGE, keys_differ,
	    "the files of the package contain different tls-auth keys", DOWNLOAD },
	{ "package-protocol-mismatch", FINDING_FAIL, CLIENTS, FACT_PACKAGE, transports_differ,
	    "a file of the package names another protocol than TCP", DOWNLOAD },
	{ "package-tunnel-mismatch", FINDING_WARN, "package", FACT_PACKAGE, tunnels_differ,
	    "VpnType in VpnSettings.xml does not list a tunnel type for which the package contains files", DOWNLOAD },
	{ "package-client-root-mismatch", FINDING_WARN, "package", FACT_PACKAGE, client_roots_differ,
	    "the files of the package list different client roots", DOWNLOAD },
	{ "package-network-mismatch", FINDING_WARN, "package", FACT_PACKAGE, names_differ,
	    "the files of the package name different networks", DOWNLOAD },
	{ "package-route-mismatch", FINDING_WARN, "package", FACT_PACKAGE, routes_differ,
	    "the files of the package list different routes", DOWNLOAD },
	{ "package-dns-mismatch", FINDING_WARN, "package", FACT_PACKAGE, dns_differs,
	    "the files of the package list different DNS servers", DOWNLOAD },
	{ "package-azurevpn-element", FINDING_WARN, "package,azurevpn", FACT_PACKAGE, azurevpn_elements,
	    "azurevpnconfig.xml contains an element that p11ca does not know",
	    "add the element to the profile that p11ca writes, or download the package again" },
	{ "package-azurevpn-incomplete", FINDING_FAIL, "azurevpn", FACT_PACKAGE, azurevpn_incomplete,
	    "azurevpnconfig.xml lacks the gateway's root, the tls-auth key or certificate authentication",
	    "select OpenVPN and Azure certificate in the gateway's Point-to-site configuration, then " DOWNLOAD },
	{ "package-auth-mismatch", FINDING_WARN, "package", FACT_PACKAGE, auth_differs,
	    "azurevpnconfig.xml uses another authentication than certificates",
	    "use the package that contains azurevpnconfig_cert.xml, or download the package again" },
	{ "package-openvpn-missing", FINDING_WARN, "package,openvpn", FACT_PACKAGE, openvpn_missing,
	    "the package contains no vpnconfig.ovpn",
	    "select OpenVPN and Azure certificate in the gateway's Point-to-site configuration, then " DOWNLOAD },
	{ 0 }
};
