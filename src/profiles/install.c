/* SPDX-License-Identifier: MIT */
/* install.c - see install.h. */
#include "profiles/install.h"

#include <string.h>

#include "out/markdown.h"
#include "out/template.h"
#include "profiles/files.h"
#include "util/array.h"
#include "util/hash.h"

/* Lists of networks for one style of "Is it up?". */
struct install_lists {
	struct buf pools, routes, dns;
};

static void install_lists_clear(struct install_lists *l)
{
	buf_clear(&l->pools);
	buf_clear(&l->routes);
	buf_clear(&l->dns);
}
AUTO_VALUE_DEFINE(install_lists, install_lists_clear);

/* A value that is not stated shows as a code span with a space. */
static const char *install_shown(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : " ";
}

/* The name of the client: a client whose key will be made on the device has no certificate yet, only local_id. */
static const char *client_cn(const struct vpn_profile *p)
{
	return p->cert_info != NULL && p->cert_info->cn[0] != '\0' ? p->cert_info->cn : p->local_id;
}

/* Names of connection and server may be copied: profile_write() and package_read() checked their characters. */
static int install_fill(struct buf *out, const char *text, const struct vpn_profile *p,
    const struct install_lists *lists, struct err *e)
{
	const struct package *g = p->package;
	char stem[PROFILE_STEM];
	const struct template_var values[] = {
		{ .name = "STEM", .plain = stem },
		{ .name = "PLAIN_NAME", .plain = p->connection },
		{ .name = "PLAIN_SERVER", .plain = g->server },
		{ .name = "NAME", .value = p->connection },
		{ .name = "SERVER", .value = g->server },
		{ .name = "IMPORTED",
		    .value = g->azurevpn.name[0] != '\0' && !p->is_name_chosen ? g->azurevpn.name : p->connection },
		{ .name = "VNET", .value = g->vnet_name[0] != '\0' ? g->vnet_name : p->connection },
		{ .name = "CN", .value = client_cn(p) },
		{ .name = "LOCAL_ID", .value = p->local_id },
		{ .name = "CLIENT", .value = p->cert_info != NULL ? p->cert_info->thumbprint : NULL },
		{ .name = "ROOT", .value = p->root_info != NULL ? p->root_info->thumbprint : NULL },
		{ .name = "ROOT_CN", .value = p->root_info != NULL ? p->root_info->cn : NULL },
		{ .name = "CKA_ID", .value = install_shown(p->cka_id) },
		{ .name = "LABEL", .value = install_shown(p->token_label) },
		{ .name = "MODULE", .value = install_shown(p->module_path) },
		{ .name = "POOLS", .encoded = lists != NULL ? &lists->pools : NULL },
		{ .name = "ROUTES", .encoded = lists != NULL ? &lists->routes : NULL },
		{ .name = "DNS", .encoded = lists != NULL ? &lists->dns : NULL },
		{ .name = NULL },
	};

	profile_stem(stem, p);
	return template_fill(out, text, values, markdown_code, e);
}

int profile_install(struct buf *out, const char *template, const struct vpn_profile *p, struct err *e)
{
	return install_fill(out, template, p, NULL, e);
}

int profile_list_roots(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char file[PROFILE_NUMBERED];

	for (unsigned i = 0; i < p->package->n_roots; i++) {
		const struct cert_info *info = &p->package->roots[i].info;
		const struct template_var values[] = { { .name = "FILE", .value = file },
			{ .name = "CN", .value = info->cn }, { .name = "HASH", .value = info->thumbprint },
			{ .name = NULL } };

		profile_numbered(file, PROFILE_ROOT_CER, i);
		if (template_fill(out, "   * @FILE@: @CN@, SHA-1 thumbprint @HASH@\n", values, markdown_code, e) < 0)
			return -1;
	}
	return 0;
}

int profile_list_issuers(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char file[PROFILE_NUMBERED], hash[SHA1_HEX];

	for (unsigned i = 0; i < p->n_issuers; i++) {
		const struct template_var values[] = { { .name = "FILE", .value = file },
			{ .name = "HASH", .value = hash }, { .name = NULL } };

		profile_numbered(file, PROFILE_ISSUER_CER, i);
		if (hash_sha1_hex(hash, p->issuers[i], e) < 0 ||
		    template_fill(out,
			"   * @FILE@, SHA-1 thumbprint @HASH@: a CA between the client and its root, for\n"
			"     **Intermediate Certification Authorities**\n",
			values, markdown_code, e) < 0)
			return -1;
	}
	return 0;
}

/* The templates of one style. The parts without pools, routes or DNS servers are for packages that name none. */
struct check_texts {
	const char *pools, *no_pools, *routes, *no_routes, *overlap, *dns, *no_dns;
	bool has_code_spans;         /* each network in the lists is a code span */
};

static const char numbered_pools[] =
    "1. The address must be in the gateway's client address pool: @POOLS@.\n";
static const char numbered_routes[] =
    "2. The network of this computer must not overlap the pool or these networks, because traffic would go to the\n"
    "   local network instead of the tunnel: @ROUTES@.\n"
    "3. Reach a machine in the virtual network by its private address (`ping`, or a service: many block ping).\n";
static const char numbered_dns[] =
    "4. The DNS servers of the virtual network are @DNS@.\n"
    "   Query one of them for a private name, for example `nslookup NAME ADDRESS`. If an address works and its name\n"
    "   does not, the DNS servers were changed after this profile was made: ask its sender for a new one.\n";
static const char numbered_no_dns[] =
    "4. The package contains no DNS server, so private names do not resolve unless you configure one. If the virtual\n"
    "   network has DNS servers now, ask the person who sent this profile for a new one.\n";

static const char bullet_no_pools[] =
    "* The connection has an address of the gateway's client address pool (not named in the package).\n";
static const char bullet_overlap[] =
    "* The network of this computer does not overlap the pool or those networks. If it does, traffic goes to the\n"
    "  local network instead of the tunnel.\n";
static const char bullet_no_dns[] =
    "* The package contains no DNS server. If the virtual network has one now, ask the person who sent this profile\n"
    "  for a new one.\n";

static const struct check_texts check_texts[] = {
	[CHECK_NUMBERED] = {
		.pools = numbered_pools, .no_pools = numbered_pools,
		.routes = numbered_routes, .no_routes = numbered_routes,
		.overlap = "",
		.dns = numbered_dns, .no_dns = numbered_no_dns,
	},
	[CHECK_BULLETS] = {
		.pools = "* The connection has an address of the pool @POOLS@.\n", .no_pools = bullet_no_pools,
		.routes = "* The tunnel reaches these networks: @ROUTES@.\n",
		.no_routes = "* The package names no network that the tunnel reaches.\n",
		.overlap = bullet_overlap,
		.dns = "* The DNS servers of the virtual network are @DNS@. Query one for a private name.\n",
		.no_dns = bullet_no_dns,
		.has_code_spans = true,
	},
};

/* Appends a comma-separated list of n texts that are `stride` bytes apart; "none" for an empty list. */
static int install_list(struct buf *out, const char *first, size_t stride, unsigned n, bool has_code_spans,
    struct err *e)
{
	if (n == 0)
		return buf_add(out, "none", 4, e);
	for (unsigned i = 0; i < n; i++) {
		const char *text = first + i * stride;
		const struct bytes b = { (const unsigned char *)text, strlen(text) };

		if (i > 0 && buf_add(out, ", ", 2, e) < 0)
			return -1;
		if ((has_code_spans ? markdown_code(out, b, e) : buf_add(out, b.data, b.len, e)) < 0)
			return -1;
	}
	return 0;
}

static int install_lists(struct install_lists *out, const struct package *g, bool has_code_spans, struct err *e)
{
	if (install_list(&out->pools, g->pools[0].text, sizeof(g->pools[0]), g->n_pools, has_code_spans, e) < 0 ||
	    install_list(&out->routes, g->routes[0].text, sizeof(g->routes[0]), g->n_routes, has_code_spans, e) < 0)
		return -1;
	return install_list(&out->dns, g->dns[0], sizeof(g->dns[0]), g->n_dns, has_code_spans, e);
}

int profile_connection_check(struct buf *out, const struct vpn_profile *p, enum check_style style,
    const char *commands, struct err *e)
{
	const struct package *g = p->package;
	const struct check_texts *t = &check_texts[style];
	const char *const parts[] = { "\n## Is it up?\n\n", commands, g->n_pools > 0 ? t->pools : t->no_pools,
		g->n_routes > 0 ? t->routes : t->no_routes, t->overlap, g->n_dns > 0 ? t->dns : t->no_dns };
	AUTO_VALUE(install_lists) lists = { 0 };

	if (install_lists(&lists, g, t->has_code_spans, e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (install_fill(out, parts[i], p, &lists, e) < 0)
			return -1;
	return 0;
}
