/* SPDX-License-Identifier: MIT */
/* windows_files.c - writes the certificates and scripts of both Windows tunnels; see windows_xml.h. */
#include "profiles/windows_xml.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "out/powershell.h"
#include "out/template.h"
#include "profiles/files.h"
#include "util/hash.h"

int windows_certificates(struct profile_files *out, const char *folder, const struct vpn_profile *p, struct err *e)
{
	if (p->root.len == 0 || p->root_info == NULL || p->cert_info == NULL)
		return err_set(e, ERR_INPUT, "Windows needs the client's certificate and the root that issued it");
	if (p->key == PROFILE_KEY_PFX && p->pfx.len == 0)
		return err_set(e, ERR_INPUT, "there is no PFX to put beside the profile");
	if (profile_copy(out, folder, "root.cer", p->root, false, e) < 0 ||
	    profile_issuers(out, p, folder, PROFILE_ISSUER_CER, e) < 0 ||
	    profile_gateway_roots(out, p, folder, PROFILE_ROOT_CER, e) < 0)
		return -1;
	return p->key == PROFILE_KEY_PFX ? profile_copy(out, folder, "client.pfx", p->pfx, true, e) : 0;
}

/* A hash in upper case, as the Windows store shows hashes, for comparison. */
static void windows_files_upper(char out[SHA1_HEX], const char *thumbprint)
{
	size_t i;

	for (i = 0; i + 1 < SHA1_HEX && thumbprint[i] != '\0'; i++)
		out[i] = (char)toupper((unsigned char)thumbprint[i]);
	out[i] = '\0';
}

static int windows_files_quote(struct buf *out, const char *text, struct err *e)
{
	return powershell_quote(out, (struct bytes){ (const unsigned char *)text, strlen(text) }, e);
}

static int add_routes(struct buf *out, const struct package *g, struct err *e)
{
	for (unsigned i = 0; i < g->n_routes; i++)
		if (buf_add(out, "\n    ", 5, e) < 0 || windows_files_quote(out, g->routes[i].text, e) < 0)
			return -1;
	return 0;
}

/* 'file' = 'thumbprint', on a line of its own. */
static int add_pair(struct buf *out, const char *file, const char *thumbprint, struct err *e)
{
	char hash[SHA1_HEX];

	windows_files_upper(hash, thumbprint);
	if (buf_add(out, "\n    ", 5, e) < 0 || windows_files_quote(out, file, e) < 0 || buf_add(out, " = ", 3, e) < 0)
		return -1;
	return windows_files_quote(out, hash, e);
}

static int add_roots(struct buf *out, const struct package *g, struct err *e)
{
	char file[PROFILE_NUMBERED];

	for (unsigned i = 0; i < g->n_roots; i++) {
		profile_numbered(file, PROFILE_ROOT_CER, i);
		if (add_pair(out, file, g->roots[i].info.thumbprint, e) < 0)
			return -1;
	}
	return 0;
}

static int windows_files_add_issuers(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char file[PROFILE_NUMBERED], thumbprint[SHA1_HEX];

	for (unsigned i = 0; i < p->n_issuers; i++) {
		profile_numbered(file, PROFILE_ISSUER_CER, i);
		if (hash_sha1_hex(thumbprint, p->issuers[i], e) < 0 || add_pair(out, file, thumbprint, e) < 0)
			return -1;
	}
	return 0;
}

int windows_script(struct profile_files *out, const char *folder, const char *text, const struct vpn_profile *p,
    const struct buf *xml, struct err *e)
{
	AUTO_VALUE(buf) script = { 0 };
	AUTO_VALUE(buf) routes = { 0 };
	AUTO_VALUE(buf) roots = { 0 };
	AUTO_VALUE(buf) issuers = { 0 };
	AUTO_VALUE(buf) quoted = { 0 };
	char client[SHA1_HEX], root[SHA1_HEX];
	const struct template_var values[] = {
		{ .name = "NAME", .value = p->connection },
		{ .name = "SERVER", .value = p->package->server },
		{ .name = "CLIENT", .value = client },
		{ .name = "ROOT", .value = root },
		{ .name = "PFX", .value = p->key == PROFILE_KEY_PFX ? "client.pfx" : "" },
		{ .name = "XML", .encoded = &quoted },
		{ .name = "ROUTES", .encoded = &routes },
		{ .name = "ROOTS", .encoded = &roots },
		{ .name = "ISSUERS", .encoded = &issuers },
		{ .name = NULL },
	};

	windows_files_upper(client, p->cert_info->thumbprint);
	windows_files_upper(root, p->root_info->thumbprint);
	if (add_routes(&routes, p->package, e) < 0 || add_roots(&roots, p->package, e) < 0 ||
	    windows_files_add_issuers(&issuers, p, e) < 0 ||
	    powershell_quote(&quoted, buf_bytes(xml), e) < 0 ||
	    buf_add(&script, POWERSHELL_BOM, strlen(POWERSHELL_BOM), e) < 0 ||
	    template_fill(&script, text, values, powershell_quote, e) < 0)
		return -1;
	return profile_copy(out, folder, "install.ps1", buf_bytes(&script), false, e);
}
