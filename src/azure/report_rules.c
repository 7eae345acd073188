/* SPDX-License-Identifier: MIT */
/* report_rules.c - rules that compare a client machine's report with its certificate, root, card and package. */
#include <string.h>

#include "azure/client_report.h"
#include "model/token_info.h"

#define TLS_12_AND_13   0x3c00 /* RasMan's bits: 0xC0 is TLS 1.0, 0x300 1.1, 0xC00 1.2, 0x3000 1.3 */
#define BUILD_TLS_13    22621  /* Windows 11 22H2: EAP-TLS offers TLS 1.3 by default */
#define BUILD_FRAGMENTS 16299  /* Windows 10 1709: up to it, IKE needs DisableCertReqPayload */

static bool ends_with(const char *text, const char *end)
{
	const size_t len = strlen(text), n = strlen(end);

	return len >= n && strcasecmp(text + len - n, end) == 0;
}

/* Whether the connection is to the package's gateway or, without a package, to any Azure gateway. */
static bool is_ours(const struct facts *f, const struct report_vpn *vpn)
{
	if (f->package != NULL)
		return strcasecmp(vpn->server, f->package->server) == 0;
	return ends_with(vpn->server, ".vpn.azure.com") || ends_with(vpn->server, ".cloudapp.net");
}

static const struct report_vpn *next_ours(const struct facts *f, size_t *at)
{
	while (*at < f->report->n_vpns) {
		const struct report_vpn *vpn = &f->report->vpns[(*at)++];

		if (is_ours(f, vpn))
			return vpn;
	}
	return NULL;
}

/* Whether every connection is a device tunnel: the user's certificate store is then not used. */
static bool is_device_only(const struct facts *f)
{
	const struct report_vpn *vpn;
	bool has_device = false;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;) {
		if (!vpn->has_machine_cert)
			return false;
		has_device = true;
	}
	return has_device;
}

static bool has_device_tunnel(const struct facts *f)
{
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;)
		if (vpn->has_machine_cert)
			return true;
	return false;
}

static const struct report_cert *report_rules_find_cert(const struct facts *f, bool is_machine)
{
	for (size_t i = 0; i < f->report->n_certs; i++)
		if (f->report->certs[i].is_machine == is_machine &&
		    strcmp(f->report->certs[i].thumbprint, f->cert->thumbprint) == 0)
			return &f->report->certs[i];
	return NULL;
}

RULE_TEST(certificate_missing)
{
	return report_rules_find_cert(f, false) == NULL && report_rules_find_cert(f, true) == NULL
		   ? finding_add(out, r, e, "%s is in no personal store", f->cert->thumbprint)
		   : 0;
}

RULE_TEST(user_store)
{
	return !is_device_only(f) && report_rules_find_cert(f, false) == NULL && report_rules_find_cert(f, true) != NULL
		   ? finding_add(out, r, e, "%s is in Local Machine, but the user connects", f->cert->thumbprint)
		   : 0;
}

RULE_TEST(machine_store)
{
	return has_device_tunnel(f) && report_rules_find_cert(f, true) == NULL &&
		       report_rules_find_cert(f, false) != NULL
		   ? finding_add(out, r, e, "%s is in Current User, but the machine connects", f->cert->thumbprint)
		   : 0;
}

RULE_TEST(private_key)
{
	const struct report_cert *user = report_rules_find_cert(f, false), *machine = report_rules_find_cert(f, true);
	const struct report_cert *used = user == NULL || is_device_only(f) ? machine : user;

	return used != NULL && !used->has_private_key
		   ? finding_add(out, r, e, "%s is on the machine without its private key", used->thumbprint)
		   : 0;
}

RULE_TEST(same_name)
{
	for (size_t i = 0; i < f->report->n_certs; i++) {
		const struct report_cert *other = &f->report->certs[i];

		if (other->is_read && strcmp(other->thumbprint, f->cert->thumbprint) != 0 &&
		    report_rules_find_cert(f, other->is_machine) != NULL && strcmp(other->info.cn, f->cert->cn) == 0)
			return finding_add(out, r, e, "%s has the same name '%.64s'", other->thumbprint, f->cert->cn);
	}
	return 0;
}

static bool report_rules_has_root(const struct facts *f, const char *thumbprint, bool machine_only)
{
	for (size_t i = 0; i < f->report->n_roots; i++)
		if (strcmp(f->report->roots[i].thumbprint, thumbprint) == 0 &&
		    (f->report->roots[i].is_machine || !machine_only))
			return true;
	return false;
}

RULE_TEST(root_missing)
{
	const bool machine_only = has_device_tunnel(f);
	const struct cert_info *top = facts_top(f);

	return top->is_self_issued && !report_rules_has_root(f, top->thumbprint, machine_only)
		   ? finding_add(out, r, e, "%s ('%.80s') is not among the trusted roots%s", top->thumbprint,
			 top->subject, machine_only ? " of the machine" : "")
		   : 0;
}

RULE_TEST(gateway_root_missing)
{
	const struct package *p = f->package;

	for (unsigned i = 0; i < p->n_roots; i++)
		if (report_rules_has_root(f, p->roots[i].info.thumbprint, true))
			return 0;
	return p->n_roots > 0 && p->has_ikev2
		   ? finding_add(out, r, e, "the machine has none of the package's %u gateway roots", p->n_roots)
		   : 0;
}

RULE_TEST(connection_missing)
{
	size_t at = 0;

	if (next_ours(f, &at) != NULL)
		return 0;
	for (size_t i = 0; i < f->report->n_vpns; i++)
		if (strcmp(f->report->vpns[i].name, f->package->vnet_name) == 0)
			return finding_add(out, r, e, "connection '%.60s' connects to '%.100s'",
			    f->report->vpns[i].name, f->report->vpns[i].server);
	return finding_add(out, r, e, "no connection connects to %.150s", f->package->server);
}

RULE_TEST(tunnel)
{
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;)
		if (strcasecmp(vpn->tunnel, "Ikev2") != 0 && strcasecmp(vpn->tunnel, "Automatic") != 0 &&
		    finding_add(out, r, e, "connection '%.60s' is of type '%s'", vpn->name, vpn->tunnel) < 0)
			return -1;
	return 0;
}

RULE_TEST(authentication)
{
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;) {
		const bool is_eap_tls = vpn->has_eap && (vpn->eap_type[0] == '\0' || strcmp(vpn->eap_type, "13") == 0);

		if (!is_eap_tls && !vpn->has_machine_cert &&
		    finding_add(out, r, e, "connection '%.60s' authenticates with %s%s", vpn->name,
			vpn->has_eap ? "EAP type " : "another method", vpn->has_eap ? vpn->eap_type : "") < 0)
			return -1;
	}
	return 0;
}

RULE_TEST(eap_unreadable)
{
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;)
		if (vpn->has_eap && vpn->eap != REPORT_YES &&
		    finding_add(out, r, e, "connection '%.60s' has no EAP configuration that can be read", vpn->name) <
			0)
			return -1;
	return 0;
}

static bool is_among(char list[][SHA1_HEX], unsigned n, const char *thumbprint)
{
	for (unsigned i = 0; i < n; i++)
		if (strcmp(list[i], thumbprint) == 0)
			return true;
	return false;
}

RULE_TEST(eap_issuer)
{
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;) {
		struct report_vpn v = *vpn;

		if (v.has_eap && v.n_issuers > 0 && !is_among(v.issuers, v.n_issuers, f->root->thumbprint) &&
		    !is_among(v.issuers, v.n_issuers, facts_top(f)->thumbprint) &&
		    finding_add(
			out, r, e, "connection '%.60s' does not list root %s", v.name, facts_top(f)->thumbprint) < 0)
			return -1;
	}
	return 0;
}

static bool trusts_gateway(const struct facts *f, const struct report_vpn *vpn)
{
	struct report_vpn v = *vpn;

	for (unsigned i = 0; i < f->package->n_roots; i++)
		if (is_among(v.trusted, v.n_trusted, f->package->roots[i].info.thumbprint))
			return true;
	return false;
}

RULE_TEST(eap_server_root)
{
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;)
		if (vpn->has_eap && vpn->n_trusted > 0 && f->package->n_roots > 0 && !trusts_gateway(f, vpn) &&
		    finding_add(out, r, e, "connection '%.60s' trusts no gateway root of the package", vpn->name) < 0)
			return -1;
	return 0;
}

/* The gateway's certificate names the network's id, the connection the dialled server name. */
RULE_TEST(eap_server_name)
{
	const struct package *p = f->package;
	const struct report_vpn *vpn;

	for (size_t at = 0; (vpn = next_ours(f, &at)) != NULL;)
		if (vpn->has_eap && vpn->server_names[0] != '\0' && strcasestr(vpn->server_names, p->server) == NULL &&
		    (p->vnet_id[0] == '\0' || strcasestr(vpn->server_names, p->vnet_id) == NULL) &&
		    finding_add(out, r, e, "connection '%.60s' accepts only the server '%.80s'", vpn->name,
			vpn->server_names) < 0)
			return -1;
	return 0;
}

RULE_TEST(tls_version)
{
	const struct client_report *c = f->report;

	if (c->eap_tls_version > 0 && (c->eap_tls_version & TLS_12_AND_13) == 0)
		return finding_add(out, r, e, "RasMan's TlsVersion is 0x%llx", (unsigned long long)c->eap_tls_version);
	if (c->tls12 == REPORT_NO && c->tls13 != REPORT_YES)
		return finding_add(out, r, e, "TLS 1.2 is turned off for clients in Schannel");
	return 0;
}

static bool offers_tls_13(const struct client_report *c)
{
	if (c->tls13 == REPORT_NO)
		return false;
	return c->eap_tls_version > 0 ? (c->eap_tls_version & 0x3000) != 0 : c->build >= BUILD_TLS_13;
}

RULE_TEST(card_rsa_pss)
{
	if (f->cert->key.type != KEY_RSA || f->token->rsa_pss != TRI_NO || !offers_tls_13(f->report))
		return 0;
	return finding_add(
	    out, r, e, "EAP-TLS offers TLS 1.3, and token '%.32s' has no CKM_RSA_PKCS_PSS", f->token->label);
}

RULE_TEST(old_windows)
{
	const struct client_report *c = f->report;

	return c->build > 0 && c->build <= BUILD_FRAGMENTS && c->no_cert_request != REPORT_YES
		   ? finding_add(out, r, e, "Windows build %lld without DisableCertReqPayload", c->build)
		   : 0;
}

RULE_TEST(revocation)
{
	const struct client_report *c = f->report;

	return c->n_hosts > 0 && c->n_hosts_reached == 0
		   ? finding_add(out, r, e, "none of %u servers answered on port 80", c->n_hosts)
		   : 0;
}

/* Errors before the last success of the same connection no longer matter. */
static bool is_over(const struct client_report *c, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (c->dials[i].error[0] == '\0' && strcmp(c->dials[i].connection, c->dials[at].connection) == 0)
			return true;
	return false;
}

static bool report_rules_is_reported(const struct client_report *c, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		if (strcmp(c->dials[i].error, c->dials[at].error) == 0 &&
		    strcmp(c->dials[i].connection, c->dials[at].connection) == 0)
			return true;
	return false;
}

static bool is_other_vpn(const struct facts *f, const char *connection)
{
	for (size_t i = 0; i < f->report->n_vpns; i++)
		if (strcmp(f->report->vpns[i].name, connection) == 0)
			return !is_ours(f, &f->report->vpns[i]);
	return false;
}

#define DIALS_SAID 8
RULE_TEST(failed)
{
	const struct client_report *c = f->report;
	unsigned n = 0;

	for (unsigned i = 0; i < c->n_dials && n < DIALS_SAID; i++) {
		if (c->dials[i].error[0] == '\0' || is_over(c, i) || report_rules_is_reported(c, i) ||
		    is_other_vpn(f, c->dials[i].connection))
			continue;
		n++;
		if (finding_add(out, r, e, "connection '%.60s' failed with error %s", c->dials[i].connection,
			c->dials[i].error) < 0)
			return -1;
	}
	return 0;
}

#define SET        "report"
#define CERT       (FACT_REPORT | FACT_CERT)
#define OF_PACKAGE (FACT_REPORT | FACT_PACKAGE)

const struct rule rules_report[] = {
	{ "report-certificate-missing", FINDING_FAIL, SET, CERT, certificate_missing,
	    "the client's certificate is not on its machine",
	    "install the certificate in Current User, Personal, or insert the card" },
	{ "report-user-store", FINDING_FAIL, SET, CERT, user_store, "the certificate is not in Current User, Personal",
	    "install the certificate and its key for the user who connects" },
	{ "report-machine-store", FINDING_FAIL, SET, CERT, machine_store,
	    "the certificate is not in Local Machine, Personal",
	    "install the certificate and its key for the machine, as the INSTALL page of --for windows-device "
	    "describes" },
	{ "report-private-key", FINDING_FAIL, SET, CERT, private_key,
	    "the certificate is on the machine without its private key",
	    "import the .pfx file, run `certreq -accept FILE` on the machine that created the request, or insert the "
	    "card" },
	{ "report-same-name", FINDING_WARN, SET, CERT, same_name,
	    "the store contains several certificates with the same name",
	    "remove the certificates that are no longer used from the store" },
	{ "report-root-missing", FINDING_FAIL, SET, FACT_REPORT | FACT_CHAIN, root_missing,
	    "the client's root is not a trusted root on its machine",
	    "import the output of `p11ca root export NAME --format cer` into Trusted Root Certification Authorities" },
	{ "report-gateway-root-missing", FINDING_WARN, SET, OF_PACKAGE, gateway_root_missing,
	    "the gateway's root is not on the machine",
	    "import Generic/VpnServerRoot.cer_0 of the package into Trusted Root Certification Authorities, Local "
	    "Machine" },
	{ "report-connection-missing", FINDING_WARN, SET, OF_PACKAGE, connection_missing,
	    "Windows has no VPN connection to the gateway's name in the package",
	    "create the connection with the profile of --for windows" },
	{ "report-tunnel", FINDING_FAIL, SET, FACT_REPORT, tunnel, "the connection uses another tunnel type than IKEv2",
	    "create the connection again with the profile of --for windows" },
	{ "report-authentication", FINDING_FAIL, SET, FACT_REPORT, authentication,
	    "the connection does not use certificates: EAP-TLS for a user, or the machine's certificate",
	    "create the connection again with the profile of --for windows" },
	{ "report-eap-unreadable", FINDING_WARN, SET, FACT_REPORT, eap_unreadable,
	    "the EAP configuration of a connection could not be read",
	    "create the connection again with the profile of --for windows" },
	{ "report-eap-issuer", FINDING_FAIL, SET, FACT_REPORT | FACT_CHAIN, eap_issuer,
	    "the connection does not list the client's root",
	    "create the connection again with the profile of --for windows, from a package that contains the root" },
	{ "report-eap-server-root", FINDING_FAIL, SET, OF_PACKAGE, eap_server_root,
	    "the connection trusts other gateway roots than the package contains",
	    "create the connection again with the profile of --for windows, from this package" },
	{ "report-eap-server-name", FINDING_WARN, SET, OF_PACKAGE, eap_server_name,
	    "the connection expects another server name than the gateway's",
	    "create the connection again with the profile of --for windows" },
	{ "report-tls-version", FINDING_FAIL, SET, FACT_REPORT, tls_version,
	    "EAP-TLS on this machine does not allow TLS 1.2 or later",
	    "remove TlsVersion from the registry key "
	    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\PPP\\EAP\\13, and make sure that TLS 1.2 is on" },
	{ "report-card-rsa-pss", FINDING_WARN, SET, CERT | FACT_TOKEN, card_rsa_pss,
	    "the card cannot create RSA-PSS signatures",
	    "use a card with RSA-PSS, or limit EAP-TLS to TLS 1.2: set TlsVersion to 0xFC0 in the registry key "
	    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\PPP\\EAP\\13" },
	{ "report-old-windows", FINDING_WARN, SET, FACT_REPORT, old_windows,
	    "the machine runs a Windows version before 1709",
	    "update Windows, or set DisableCertReqPayload to 1 in the registry key "
	    "HKLM\\SYSTEM\\CurrentControlSet\\Services\\RasMan\\IKEv2" },
	{ "report-revocation-unreachable", FINDING_WARN, SET, FACT_REPORT, revocation,
	    "the machine cannot reach the servers with the revocation status of the gateway's certificate",
	    "allow HTTP to these servers before the tunnel is up, also in the proxy" },
	{ "report-failed", FINDING_WARN, SET, FACT_REPORT, failed,
	    "Windows logged a failed connection, and the connection has not succeeded since",
	    "run `p11ca explain CODE` with the number of the error" },
	{ .id = NULL },
};
