/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. */
#include "profiles/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out/quote.h"
#include "util/array.h"
#include "util/text.h"

int profile_add(struct buf *out, struct err *e, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	int len, result;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return err_oom(e);
	result = buf_add(out, text, (size_t)len, e);
	free(text);
	return result;
}

void profile_stem(char out[PROFILE_STEM], const struct vpn_profile *p)
{
	(void)snprintf(out, PROFILE_STEM, "%.64s", p->connection);
	for (char *at = out; *at != '\0'; at++)
		if (*at == '.')
			*at = '-';
}

int profile_file(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *suffix,
    struct buf *content, bool is_secret, struct err *e)
{
	char stem[PROFILE_STEM], name[128];

	profile_stem(stem, p);
	(void)snprintf(name, sizeof(name), "%.20s%s%s%.31s", folder, folder[0] != '\0' ? "/" : "", stem, suffix);
	return profile_files_add(out, name, content, is_secret, e);
}

int profile_pem(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *suffix,
    struct bytes der, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };

	return quote_pem(&pem, "CERTIFICATE", der, e) < 0 ? -1 :
							    profile_file(out, p, folder, suffix, &pem, false, e);
}

int profile_issuers(struct profile_files *out, const struct vpn_profile *p, const char *folder, struct err *e)
{
	char suffix[32];

	for (unsigned i = 0; i < p->n_issuers; i++) {
		(void)snprintf(suffix, sizeof(suffix), "-issuer-%u.pem", i + 1);
		if (profile_pem(out, p, folder, suffix, p->issuers[i], e) < 0)
			return -1;
	}
	return 0;
}

int profile_gateway_roots(struct profile_files *out, const struct vpn_profile *p, const char *folder, struct err *e)
{
	char suffix[32];

	if (p->package->n_roots == 0)
		return err_set(e, ERR_INPUT, "the package holds no root of the gateway");
	for (unsigned i = 0; i < p->package->n_roots; i++) {
		(void)snprintf(suffix, sizeof(suffix), "-gateway-%u.pem", i + 1);
		if (profile_pem(out, p, folder, suffix, buf_bytes(&p->package->roots[i].der), e) < 0)
			return -1;
	}
	return 0;
}

int profile_uuid(char out[UUID_TEXT], const struct vpn_profile *p, const char *purpose, struct err *e)
{
	AUTO_VALUE(buf) name = { 0 };

	if (profile_add(&name, e, "%s\n%s\n", purpose, p->package->server) < 0 ||
	    buf_add(&name, p->cert.data, p->cert.len, e) < 0)
		return -1;
	return uuid_from_name(out, buf_bytes(&name), e);
}

/* Appends a comma-separated list of texts that are `stride` bytes apart; "none" for an empty list. */
static int text_add_list(struct buf *out, const char *first, size_t stride, unsigned n, struct err *e)
{
	if (n == 0)
		return profile_add(out, e, "none");
	for (unsigned i = 0; i < n; i++)
		if (profile_add(out, e, "%s%s", i > 0 ? ", " : "", first + i * stride) < 0)
			return -1;
	return 0;
}

static int name_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char stem[PROFILE_STEM];

	profile_stem(stem, p);
	return profile_add(out, e, "%s", stem);
}

/* Safe in Markdown and in a shell: profile_write() checked the characters. */
static int connection_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return profile_add(out, e, "%s", p->connection);
}

static int server_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return profile_add(out, e, "%s", p->package->server); /* a host name, checked by package_read() */
}

static int local_id_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return quote_markdown(out, p->local_id, e);
}

static int cka_id_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return quote_markdown(out, p->cka_id != NULL ? p->cka_id : "", e);
}

static int module_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return quote_markdown(out, p->module_path != NULL ? p->module_path : "", e);
}

static int label_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return quote_markdown(out, p->token_label != NULL ? p->token_label : "", e);
}

static int cn_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return quote_markdown(out, p->cert_info->cn, e);
}

static int vnet_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return quote_markdown(out, p->package->vnet_name[0] != '\0' ? p->package->vnet_name : p->connection, e);
}

static int pools_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return text_add_list(out, p->package->pools[0].text, sizeof(p->package->pools[0]), p->package->n_pools, e);
}

static int routes_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return text_add_list(out, p->package->routes[0].text, sizeof(p->package->routes[0]), p->package->n_routes, e);
}

static int dns_value(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	return text_add_list(out, p->package->dns[0], sizeof(p->package->dns[0]), p->package->n_dns, e);
}

static const struct {
	const char *name;
	int (*add)(struct buf *out, const struct vpn_profile *p, struct err *e);
} values[] = {
	{ "name", name_value }, { "connection", connection_value }, { "server", server_value },
	{ "local_id", local_id_value }, { "cka_id", cka_id_value }, { "module", module_value },
	{ "label", label_value }, { "cn", cn_value },
	{ "vnet", vnet_value }, { "pools", pools_value }, { "routes", routes_value }, { "dns", dns_value },
};

static int text_add_value(struct buf *out, const char *name, size_t len, const struct vpn_profile *p, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		if (strlen(values[i].name) == len && memcmp(values[i].name, name, len) == 0)
			return values[i].add(out, p, e);
	return err_set(e, ERR_INTERNAL, "a template names '%.*s', which is no value", (int)len, name);
}

int profile_install(struct buf *out, const char *template, const struct vpn_profile *p, struct err *e)
{
	const char *at, *end;

	for (; (at = strchr(template, '@')) != NULL; template = end + 1) {
		end = strchr(at + 1, '@');
		if (end == NULL)
			return err_set(e, ERR_INTERNAL, "a template has a lone @");
		if (buf_add(out, template, (size_t)(at - template), e) < 0 ||
		    text_add_value(out, at + 1, (size_t)(end - at - 1), p, e) < 0)
			return -1;
	}
	return buf_add(out, template, strlen(template), e);
}

static const char up_pool[] =
    "1. The address must be one of the gateway's client pool: @pools@.\n";
static const char up_overlap[] =
    "2. No overlap: the network that this machine is in must share no address with these routes or with the pool,\n"
    "   or packets stay at home instead of going to Azure: @routes@.\n"
    "3. Reach a machine in the VNet by its private address (`ping`, or the port that it serves: many block ping).\n";
static const char up_dns[] =
    "4. Names: the VNet's own DNS servers are @dns@. Ask one for a private name, for example\n"
    "   `nslookup NAME ADDRESS`. If an address works and its name does not, the DNS servers of the VNet were\n"
    "   changed after this profile was made: ask the person who sent it for a new one.\n";
static const char up_no_dns[] =
    "4. Names: the package states no DNS server, so private names do not resolve unless you arrange for it. If the\n"
    "   VNet has DNS servers by now, ask the person who sent this profile for a new one.\n";

int profile_connection_check(struct buf *out, const struct vpn_profile *p, const char *look, struct err *e)
{
	return profile_install(out, "\n## Is it up?\n\n", p, e) < 0 || profile_install(out, look, p, e) < 0 ||
			profile_install(out, up_pool, p, e) < 0 || profile_install(out, up_overlap, p, e) < 0 ||
			profile_install(out, p->package->n_dns > 0 ? up_dns : up_no_dns, p, e) < 0 ?
	    -1 :
	    0;
}
