/* SPDX-License-Identifier: MIT */
/* package_op.c - see package_op.h. */
#include "pki/profile/package_op.h"

#include <string.h>

#include "azure/gateway/gateway_state.h"
#include "pki/issuer.h"
#include "pki/published_keys.h"
#include "pki/request_check.h"
#include "pki/op.h"
#include "pki/show_findings.h"
#include "x509/cert.h"
#include "x509/encode.h"
#include "util/text.h"

static int package_op_read_cert(struct cert_info *out, struct buf *der, struct bytes file, struct err *e)
{
	return der_from_file(der, file, DER_CERT, e) < 0 ? -1 : cert_read(out, buf_bytes(der), e);
}

int pki_read_package(struct package *out, const char *path, struct err *e)
{
	return package_read(out, path, package_op_read_cert, e);
}

int pki_read_gateway(struct gateway *out, const char *path, struct err *e)
{
	return gateway_state_read(out, path, package_op_read_cert, e);
}

static void mark_test_keys(struct gateway *g, const struct pki *p)
{
	if (p->ledger != NULL && ledger_is_test(p->ledger))
		return;
	for (size_t i = 0; i < g->n_roots; i++)
		g->roots[i].test_key = published_key_name(g->roots[i].info.key_sha256);
}

int pki_mark_foreign(struct gateway *g, struct pki *p, struct err *e)
{
	mark_test_keys(g, p);
	for (size_t i = 0; p->ledger != NULL && i < g->n_roots; i++) {
		const struct cert_query q = { .any_id = g->roots[i].info.fingerprint, .roots_only = true };
		struct cert_row c;
		bool found;

		if (ledger_cert_find(&c, NULL, &found, p->ledger, &q, e) < 0)
			return -1;
		g->roots[i].is_foreign = !found;
	}
	return 0;
}

#define WARNINGS_MAX 5

void pki_warn_unreadable(struct pki *p, const struct gateway *g)
{
	const struct ui *ui = p->ui;
	char text[420];

	for (size_t i = 0; i < g->n_unreadable && i < WARNINGS_MAX; i++) {
		const struct gateway_unreadable *u = &g->unreadable[i];

		(void)snprintf(text, sizeof(text), "%s '%.128s' on the gateway cannot be read: %s",
		    u->is_root ? "root" : "revoked certificate", u->name, u->problem);
		ui->warn(ui->self, u->is_root ? "gateway-root-unreadable" : "gateway-revoked-unreadable", text);
	}
	if (g->n_unreadable <= WARNINGS_MAX)
		return;
	(void)snprintf(text, sizeof(text), "%zu more entries of the gateway cannot be read: see `p11ca gateway check`",
	    g->n_unreadable - WARNINGS_MAX);
	ui->warn(ui->self, "gateway-revoked-unreadable", text);
}

struct package_line {
	const char *source, *server, *auth, *vnet_name, *vnet_id, *server_root_hash;
	char dns[PACKAGE_DNS_MAX * 48];
	char pools[PACKAGE_DNS_MAX * 50];
	bool ikev2, openvpn, sstp, states_client_roots;
};
const struct out_field package_fields[] = {
	{ OUT_TEXT("source", "Package", struct package_line, source), .help = "what was read" },
	{ OUT_TEXT("server", "Server", struct package_line, server),
	    .help = "the name to dial: Server Address and Remote ID" },
	{ OUT_BOOL("ikev2", "IKEv2", struct package_line, ikev2), .help = "a tunnel type it offers" },
	{ OUT_BOOL("openvpn", "OpenVPN", struct package_line, openvpn), .help = "a tunnel type it offers" },
	{ OUT_BOOL("sstp", "SSTP", struct package_line, sstp), .help = "a tunnel type it offers" },
	{ OUT_TEXT("auth", "Authentication", struct package_line, auth), .help = "as VpnSettings.xml says" },
	{ OUT_TEXT("vnet_name", "VNet", struct package_line, vnet_name), .help = "name of the virtual network" },
	{ OUT_TEXT("vnet_id", NULL, struct package_line, vnet_id), .help = "id of the virtual network" },
	{ OUT_CHARS("pools", "Client addresses", struct package_line, pools), .separator = ',',
	    .help = "the pool that clients get theirs from" },
	{ OUT_CHARS("dns", "DNS servers", struct package_line, dns), .separator = ',', .help = "custom ones" },
	{ OUT_TEXT("server_root_hash", NULL, struct package_line, server_root_hash),
	    .help = "thumbprint by which the Azure VPN Client identifies the gateway" },
	{ OUT_BOOL("states_client_roots", NULL, struct package_line, states_client_roots),
	    .help = "it lists the client roots it was made for" },
	{ .key = NULL },
};
struct net_line {
	const char *route;
};
const struct out_field package_net_fields[] = {
	{ OUT_TEXT("route", "ROUTE", struct net_line, route), .help = "a network behind the gateway" },
	{ .key = NULL },
};
const struct out_field package_root_fields[] = {
	{ OUT_CHARS("subject", "GATEWAY ROOT", struct cert_info, subject), .help = "issuer of the gateway's "
	    "certificate" },
	{ OUT_CHARS("thumbprint", "THUMBPRINT", struct cert_info, thumbprint), .help = "SHA-1 of the DER" },
	{ OUT_TIME("not_after", "NOT AFTER", struct cert_info, not_after), .help = "end of validity" },
	{ OUT_CHARS("fingerprint", NULL, struct cert_info, fingerprint), .help = "SHA-256 of the DER" },
	{ .key = NULL },
};
struct hash_line {
	const char *thumbprint;
};
const struct out_field package_hash_fields[] = {
	{ OUT_TEXT("thumbprint", "CLIENT ROOT", struct hash_line, thumbprint),
	  .help = "SHA-1 of a root whose clients it was made for" },
	{ .key = NULL },
};

static void package_op_join(char *out, size_t size, const char *text)
{
	size_t used = strlen(out);

	(void)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", text);
}

static int print_package(const struct package *p, struct out *o, struct err *e)
{
	struct package_line l = { .source = p->source, .server = p->server, .auth = p->auth[0] != '\0' ? p->auth : NULL,
		.vnet_name = p->vnet_name, .vnet_id = p->vnet_id, .ikev2 = p->has_ikev2, .openvpn = p->has_openvpn,
		.sstp = p->has_sstp, .states_client_roots = p->states_client_roots,
		.server_root_hash = p->azurevpn.server_root[0] != '\0' ? p->azurevpn.server_root : NULL };

	for (unsigned i = 0; i < p->n_dns; i++)
		package_op_join(l.dns, sizeof(l.dns), p->dns[i]);
	for (unsigned i = 0; i < p->n_pools; i++)
		package_op_join(l.pools, sizeof(l.pools), p->pools[i].text);
	return out_record(o, "package", package_fields, &l, e);
}

static int print_routes(const struct package *p, struct out *o, struct err *e)
{
	if (out_list(o, "routes", package_net_fields, e) < 0)
		return -1;
	for (unsigned i = 0; i < p->n_routes; i++)
		if (out_row(o, &(struct net_line){ p->routes[i].text }, e) < 0)
			return -1;
	return out_end(o, e);
}

static int print_roots(const struct package *p, struct out *o, struct err *e)
{
	if (out_list(o, "gateway_roots", package_root_fields, e) < 0)
		return -1;
	for (unsigned i = 0; i < p->n_roots; i++)
		if (out_row(o, &p->roots[i].info, e) < 0)
			return -1;
	if (out_end(o, e) < 0 || out_list(o, "client_roots", package_hash_fields, e) < 0)
		return -1;
	for (unsigned i = 0; i < p->n_client_roots; i++)
		if (out_row(o, &(struct hash_line){ p->client_roots[i] }, e) < 0)
			return -1;
	return out_end(o, e);
}

int package_show(const char *path, struct out *o, struct err *e)
{
	AUTO_VALUE(package) p = { .n_roots = 0 };

	if (pki_read_package(&p, path, e) < 0 || print_package(&p, o, e) < 0 || print_routes(&p, o, e) < 0)
		return -1;
	return print_roots(&p, o, e);
}

int pki_only_root(struct issuer *out, bool *found, struct pki *p, struct err *e)
{
	struct root_row row;
	struct err why = ERR_INIT;

	*found = false;
	if (ledger_root_find(&row, found, p->ledger, NULL, &why) < 0 && why.status == ERR_NOT_FOUND) {
		p->ui->warn(p->ui->self, "package-root-not-named",
		    "the ledger has several roots, so the package's roots were not checked; specify a root with "
		    "--root, or a client with --client");
		return 0;
	}
	if (why.what[0] != '\0') {
		*e = why;
		return -1;
	}
	if (!*found)
		return 0;
	*found = issuer_find(out, p, row.name, &why) == 0; /* an unfinished root is ignored */
	return 0;
}

/* *found: the named root, or the only root of an existing ledger. */
static int package_op_find_root(struct issuer *out, bool *found, struct pki *p, const char *name, struct err *e)
{
	*found = false;
	if (pki_use_ledger(p, name != NULL ? LEDGER_READ : LEDGER_READ_IF_THERE, false, e) < 0)
		return -1;
	if (p->ledger == NULL)
		return 0;
	if (name == NULL)
		return pki_only_root(out, found, p, e);
	*found = true;
	return issuer_find(out, p, name, e);
}

int package_check(struct pki *p, const char *path, const char *root_name, const char *state_path, struct out *o,
    struct err *e)
{
	AUTO_VALUE(package) package = { .n_roots = 0 };
	AUTO_VALUE(issuer) root = { .is_shared = false };
	AUTO_VALUE(gateway) gateway = { .n_roots = 0 };
	struct facts f = { .have = FACT_PACKAGE, .now = clock_now(&p->clock), .package = &package };
	struct findings all = { .n = 0 };
	unsigned n_bad = 0;
	bool found;

	if (pki_read_package(&package, path, e) < 0 || package_op_find_root(&root, &found, p, root_name, e) < 0)
		return -1;
	if (found) {
		f.root = &root.top;
		f.have |= FACT_CHAIN;
	}
	if (state_path != NULL) {
		if (pki_read_gateway(&gateway, state_path, e) < 0)
			return -1;
		f.gateway = &gateway;
		f.have |= FACT_GATEWAY;
	}
	if (findings_run(all_rules, "package", &f, &all, e) < 0 || out_list(o, "findings", finding_fields, e) < 0 ||
	    findings_rows(&n_bad, path, &all, p->o.verbose, o, e) < 0 || out_end(o, e) < 0)
		return -1;
	return n_bad > 0 ? 1 : 0;
}

struct change_line {
	const char *what, *old, *new, *formats;
};
const struct out_field package_change_fields[] = {
	{ OUT_TEXT("kind", "WHAT", struct change_line, what), .as = OUT_AS_OBJECT,
	    .help = "server, route, gateway root …" },
	{ OUT_TEXT("old", "old", struct change_line, old), .as = OUT_AS_PROSE, .help = "null: was not there" },
	{ OUT_TEXT("new", "new", struct change_line, new), .as = OUT_AS_PROSE, .help = "null: it was removed" },
	{ OUT_TEXT("formats", "profiles to write again", struct change_line, formats), .as = OUT_AS_PROSE,
	    .separator = ',', .help = "profile formats that must be written again" },
	{ .key = NULL },
};

struct changes {
	struct out *o;
	unsigned n;
};

static int print_change(const struct package_change *c, void *arg, struct err *e)
{
	struct changes *all = arg;
	const struct change_line l = { c->what, text_or_null(c->old), text_or_null(c->new),
		text_or_null(c->formats) };

	all->n++;
	return out_row(all->o, &l, e);
}

int package_compare(const char *old_path, const char *new_path, struct out *o, struct err *e)
{
	AUTO_VALUE(package) old = { .n_roots = 0 };
	AUTO_VALUE(package) new = { .n_roots = 0 };
	struct changes c = { .o = o };

	if (pki_read_package(&old, old_path, e) < 0 || pki_read_package(&new, new_path, e) < 0 ||
	    out_list(o, "changes", package_change_fields, e) < 0 || package_diff(&old, &new, print_change, &c, e) < 0 ||
	    out_end(o, e) < 0)
		return -1;
	return c.n > 0 ? 1 : 0;
}
