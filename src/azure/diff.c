/* SPDX-License-Identifier: MIT */
/* diff.c - what changed between two packages, and whose profiles that breaks. */
#include <stdio.h>
#include <string.h>

#include "azure/ovpn.h"
#include "azure/package.h"
#include "util/text.h"

#define TEXT_SIZE 256 /* of old and new in struct package_change */
#define IKE "swanctl,ipsec,networkmanager,sswan,mobileconfig,windows,windows-device"
#define TLS "openvpn,azurevpn"
#define ALL IKE "," TLS

/* Element i of a field as text, false past the last one; a field with one value has at most one element. */
typedef bool element_fn(char out[TEXT_SIZE], const struct package *p, unsigned i);

static bool put(char out[TEXT_SIZE], const char *text)
{
	(void)print_safe(out, TEXT_SIZE, text, strlen(text));
	return true;
}

#define TEXT_FIELD(member)                                                                         \
	static bool member##_at(char out[TEXT_SIZE], const struct package *p, unsigned i)          \
	{                                                                                          \
		return i == 0 && p->member[0] != '\0' && put(out, p->member);                      \
	}
#define NET_FIELD(member)                                                                          \
	static bool member##_at(char out[TEXT_SIZE], const struct package *p, unsigned i)          \
	{                                                                                          \
		return i < p->n_##member && put(out, p->member[i].text);                           \
	}

TEXT_FIELD(server)
TEXT_FIELD(auth)
TEXT_FIELD(vnet_name)
TEXT_FIELD(vnet_id)
TEXT_FIELD(server_root_hash)
NET_FIELD(routes)
NET_FIELD(pools)

static bool ikev2_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->has_ikev2 && put(out, "IKEv2");
}

static bool openvpn_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->has_openvpn && put(out, "OpenVPN");
}

static bool sstp_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->has_sstp && put(out, "SSTP");
}

static bool dns_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i < p->n_dns && put(out, p->dns[i]);
}

static bool roots_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	char safe[TEXT_SIZE - SHA1_HEX];

	if (i >= p->n_roots)
		return false;
	(void)print_safe(safe, sizeof(safe), p->roots[i].info.subject, strlen(p->roots[i].info.subject));
	(void)snprintf(out, TEXT_SIZE, "%s %s", p->roots[i].info.thumbprint, safe);
	return true;
}

static bool client_roots_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i < p->n_client_roots && put(out, p->client_roots[i]);
}

/* Old packages say nothing of our certificates; a row of them is all that a client's profile takes from there. */
static const struct row {
	const char *what;
	element_fn *at;
	const char *formats_went, *formats_came; /* that an element breaks which went, or came */
	bool is_one;                 /* at most one element: old and new make one change */
} rows[] = {
	{ "server", server_at, ALL, ALL, true },
	{ "tunnel", ikev2_at, IKE, "", true },
	{ "tunnel", openvpn_at, TLS, "", true },
	{ "tunnel", sstp_at, "", "", true },
	{ "authentication", auth_at, ALL, ALL, true },
	{ "network", vnet_name_at, "", "", true },
	{ "network id", vnet_id_at, "openvpn", "openvpn", true },
	{ "route", routes_at, IKE, IKE, false },
	{ "pool", pools_at, "", "", false },
	{ "name server", dns_at, "windows,windows-device", "windows,windows-device", false },
	{ "gateway root", roots_at, "", ALL, false }, /* a profile with one root too many still connects */
	{ "gateway root of the Azure VPN Client", server_root_hash_at, "azurevpn", "azurevpn", true },
	{ "client root", client_roots_at, "", "", false },
};

/* What a change is handed to. */
struct sink {
	package_change_fn *fn;
	void *arg;
};

static int tell(const struct sink *s, const char *what, const char *old, const char *new, const char *formats,
    struct err *e)
{
	struct package_change c = { .what = what, .formats = formats };

	(void)snprintf(c.old, sizeof(c.old), "%s", old);
	(void)snprintf(c.new, sizeof(c.new), "%s", new);
	return s->fn(&c, s->arg, e);
}

static bool has(const struct row *row, const struct package *p, const char *text)
{
	char other[TEXT_SIZE];

	for (unsigned i = 0; row->at(other, p, i); i++)
		if (strcmp(other, text) == 0)
			return true;
	return false;
}

static int diff_one(const struct row *row, const struct package *old, const struct package *new, const struct sink *s,
    struct err *e)
{
	char was[TEXT_SIZE] = "", is[TEXT_SIZE] = "";

	(void)row->at(was, old, 0);
	(void)row->at(is, new, 0);
	if (strcmp(was, is) == 0)
		return 0;
	return tell(s, row->what, was, is, was[0] != '\0' ? row->formats_went : row->formats_came, e);
}

static int diff_many(const struct row *row, const struct package *old, const struct package *new,
    const struct sink *s, struct err *e)
{
	char text[TEXT_SIZE];

	for (unsigned i = 0; row->at(text, old, i); i++)
		if (!has(row, new, text) && tell(s, row->what, text, "", row->formats_went, e) < 0)
			return -1;
	for (unsigned i = 0; row->at(text, new, i); i++)
		if (!has(row, old, text) && tell(s, row->what, "", text, row->formats_came, e) < 0)
			return -1;
	return 0;
}

/* The file in two parts: the tls-auth key, and the rest without the roots, which have a row of their own. */
static int split(struct buf *rest, struct buf *key, const struct buf *ovpn, struct err *e)
{
	struct bytes left = buf_bytes(ovpn), line;
	const char *end = NULL;
	bool is_key = false;

	while (ovpn_next_line(&left, &line)) {
		struct buf *to;

		if (end == NULL && (ovpn_is(line, "<tls-auth>") || ovpn_is(line, "<ca>"))) {
			is_key = line.at[1] == 't';
			end = is_key ? "</tls-auth>" : "</ca>";
		}
		to = end == NULL ? rest : is_key ? key : NULL;
		if (to != NULL && (buf_add(to, line.at, line.len, e) < 0 || buf_add(to, "\n", 1, e) < 0))
			return -1;
		if (end != NULL && ovpn_is(line, end))
			end = NULL;
	}
	return 0;
}

int package_tls_auth(struct buf *out, const struct package *p, struct err *e)
{
	AUTO_VALUE(buf) rest = { 0 };

	return split(&rest, out, &p->ovpn, e);
}

static bool differ(const struct buf *a, const struct buf *b)
{
	return a->len != b->len || (a->len > 0 && memcmp(a->at, b->at, a->len) != 0);
}

/* The rest is told by its hash, the key by the fact alone. */
static int diff_ovpn(const struct package *old, const struct package *new, const struct sink *s, struct err *e)
{
	AUTO_VALUE(buf) was_rest = { 0 };
	AUTO_VALUE(buf) was_key = { 0 };
	AUTO_VALUE(buf) is_rest = { 0 };
	AUTO_VALUE(buf) is_key = { 0 };
	char was[SHA256_HEX], is[SHA256_HEX];

	if (old->ovpn.len == 0 || new->ovpn.len == 0)
		return 0; /* the tunnel's row says it */
	if (split(&was_rest, &was_key, &old->ovpn, e) < 0 || split(&is_rest, &is_key, &new->ovpn, e) < 0 ||
	    hash_sha256_hex(was, buf_bytes(&was_rest), e) < 0 || hash_sha256_hex(is, buf_bytes(&is_rest), e) < 0)
		return -1;
	if (strcmp(was, is) != 0 && tell(s, "vpnconfig.ovpn", was, is, "openvpn", e) < 0)
		return -1;
	return differ(&was_key, &is_key) ? tell(s, "tls-auth key", "not shown", "not shown", TLS, e) : 0;
}

int package_diff(const struct package *old, const struct package *new, package_change_fn *fn, void *arg, struct err *e)
{
	struct sink s = { fn, arg };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if ((rows[i].is_one ? diff_one : diff_many)(&rows[i], old, new, &s, e) < 0)
			return -1;
	return diff_ovpn(old, new, &s, e);
}
