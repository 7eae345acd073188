/* SPDX-License-Identifier: MIT */
/* desktop.c - see desktop.h. */
#include "profiles/desktop.h"

#include <stdio.h>
#include <string.h>

#include "out/markdown.h"
#include "util/hash.h"

int desktop_add(struct profile_files *out, const char *folder, const char *name, struct bytes content, bool is_secret,
    struct err *e)
{
	AUTO_VALUE(buf) copy = { 0 };
	char path[sizeof(((struct profile_file *)NULL)->name)];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (buf_add(&copy, content.data, content.len, e) < 0)
		return -1;
	return profile_files_add(out, path, &copy, is_secret, e);
}

void desktop_root_name(char out[32], unsigned n)
{
	(void)snprintf(out, 32, "VpnServerRoot-%u.cer", n + 1);
}

int desktop_add_roots(struct profile_files *out, const char *folder, const struct package *p, struct err *e)
{
	char name[32];

	if (p->n_roots == 0)
		return err_set(e, ERR_INPUT, "the package has no root certificate of the gateway");
	for (unsigned i = 0; i < p->n_roots; i++) {
		desktop_root_name(name, i);
		if (desktop_add(out, folder, name, buf_bytes(&p->roots[i].der), false, e) < 0)
			return -1;
	}
	return 0;
}

void desktop_issuer_name(char out[32], unsigned n)
{
	(void)snprintf(out, 32, "issuer-%u.cer", n + 1);
}

int desktop_add_issuers(struct profile_files *out, const char *folder, const struct vpn_profile *p, struct err *e)
{
	char name[32];

	for (unsigned i = 0; i < p->n_issuers; i++) {
		desktop_issuer_name(name, i);
		if (desktop_add(out, folder, name, p->issuers[i], false, e) < 0)
			return -1;
	}
	return 0;
}

/* The name of the client: a client whose key will be made on the device has no certificate yet, only local_id. */
static const char *client_cn(const struct vpn_profile *p)
{
	return p->cert_info != NULL && p->cert_info->cn[0] != '\0' ? p->cert_info->cn : p->local_id;
}

int desktop_markdown(struct buf *out, const char *text, const struct vpn_profile *p, struct err *e)
{
	const struct template_var values[] = {
		{ .name = "SERVER", .value = p->package->server },
		{ .name = "NAME", .value = p->connection },
		{ .name = "IMPORTED", .value = p->package->azurevpn.name[0] != '\0' ? p->package->azurevpn.name :
									   p->connection },
		{ .name = "CLIENT", .value = p->cert_info != NULL ? p->cert_info->thumbprint : NULL },
		{ .name = "CN", .value = client_cn(p) },
		{ .name = "LOCAL_ID", .value = p->local_id },
		{ .name = "ROOT", .value = p->root_info != NULL ? p->root_info->thumbprint : NULL },
		{ .name = "ROOT_CN", .value = p->root_info != NULL ? p->root_info->cn : NULL },
		{ .name = NULL },
	};

	return template_fill(out, text, values, markdown_code, e);
}

int desktop_roots(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char file[32];

	for (unsigned i = 0; i < p->package->n_roots; i++) {
		const struct cert_info *info = &p->package->roots[i].info;
		const struct template_var values[] = { { .name = "FILE", .value = file },
			{ .name = "CN", .value = info->cn }, { .name = "HASH", .value = info->thumbprint },
			{ .name = NULL } };

		desktop_root_name(file, i);
		if (template_fill(out, "   * @FILE@: @CN@, SHA-1 thumbprint @HASH@\n", values, markdown_code, e) < 0)
			return -1;
	}
	return 0;
}

int desktop_issuers(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char file[32], hash[SHA1_HEX];

	for (unsigned i = 0; i < p->n_issuers; i++) {
		const struct template_var values[] = { { .name = "FILE", .value = file },
			{ .name = "HASH", .value = hash }, { .name = NULL } };

		desktop_issuer_name(file, i);
		if (hash_sha1_hex(hash, p->issuers[i], e) < 0 ||
		    template_fill(out,
			"   * @FILE@, SHA-1 thumbprint @HASH@: a CA between the client and its root, so into "
			"**Intermediate Certification Authorities**\n",
			values, markdown_code, e) < 0)
			return -1;
	}
	return 0;
}

/* Text before the first item, text after each item, and text for an empty list. */
struct words { const char *before, *none, *after; };

static int desktop_add_list(
    struct buf *out, const struct words *w, const char *first, size_t n, size_t stride, struct err *e)
{
	if (n == 0)
		return buf_add(out, w->none, strlen(w->none), e);
	if (buf_add(out, w->before, strlen(w->before), e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *text = first + i * stride;
		const struct bytes b = { (const unsigned char *)text, strlen(text) };

		if ((i > 0 && buf_add(out, ", ", 2, e) < 0) || markdown_code(out, b, e) < 0)
			return -1;
	}
	return buf_add(out, w->after, strlen(w->after), e);
}

int desktop_connection_check(struct buf *out, const struct vpn_profile *p, const char *commands, struct err *e)
{
	static const struct words pool = { "* The connection has an address of the pool ",
		"* The connection has an address of the gateway's client address pool (not named in the package).\n",
		".\n" };
	static const struct words routes = { "* These networks go through it: ",
		"* The package names no network that goes through it.\n", ".\n" };
	static const struct words dns = { "* The network's own DNS servers are ",
		"* The package names no DNS server.  If the network has one by now, ask the person who sent this "
		"profile for a new one.\n",
		"; ask one of them for a name of the network.\n" };
	static const char overlap[] =
	    "* No address of this computer's own network lies in the pool or in those networks.  If one does, the two "
	    "overlap:\n  the traffic stays on the local network and never reaches Azure.\n";
	const struct package *g = p->package;

	if (desktop_markdown(out, "\n## Is it up?\n\n", p, e) < 0 || desktop_markdown(out, commands, p, e) < 0)
		return -1;
	if (desktop_add_list(out, &pool, g->pools[0].text, g->n_pools, sizeof(g->pools[0]), e) < 0 ||
	    desktop_add_list(out, &routes, g->routes[0].text, g->n_routes, sizeof(g->routes[0]), e) < 0 ||
	    buf_add(out, overlap, strlen(overlap), e) < 0)
		return -1;
	return desktop_add_list(out, &dns, g->dns[0], g->n_dns, sizeof(g->dns[0]), e);
}
