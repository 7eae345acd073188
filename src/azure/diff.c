/* SPDX-License-Identifier: MIT */
/* diff.c - compares two packages: the changed values, and the profile formats that each change breaks. */
#include <stdio.h>
#include <string.h>

#include "azure/package.h"
#include "util/array.h"
#include "util/text.h"

#define TEXT_SIZE 256 /* the old and the new text of struct package_change */
#define IKE "swanctl,ipsec,networkmanager,sswan,mobileconfig,windows,windows-device"
#define TLS "openvpn,azurevpn"
#define ALL IKE "," TLS

/* Writes element i of a field as text; false after the last element. A field with one value has at most one element. */
typedef bool element_fn(char out[TEXT_SIZE], const struct package *p, unsigned i);

static bool diff_put(char out[TEXT_SIZE], const char *text)
{
	(void)print_safe(out, TEXT_SIZE, text, strlen(text));
	return true;
}

#define TEXT_FIELD(member)                                                                         \
	static bool member##_at(char out[TEXT_SIZE], const struct package *p, unsigned i)          \
	{                                                                                          \
		return i == 0 && p->member[0] != '\0' && diff_put(out, p->member);                      \
	}
#define NET_FIELD(member)                                                                          \
	static bool member##_at(char out[TEXT_SIZE], const struct package *p, unsigned i)          \
	{                                                                                          \
		return i < p->n_##member && diff_put(out, p->member[i].text);                           \
	}

TEXT_FIELD(server)
TEXT_FIELD(auth)
TEXT_FIELD(vnet_name)
TEXT_FIELD(vnet_id)

static bool server_root_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->azurevpn.server_root[0] != '\0' && diff_put(out, p->azurevpn.server_root);
}

NET_FIELD(routes)
NET_FIELD(pools)

static bool ikev2_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->has_ikev2 && diff_put(out, "IKEv2");
}

static bool openvpn_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->has_openvpn && diff_put(out, "OpenVPN");
}

static bool sstp_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i == 0 && p->has_sstp && diff_put(out, "SSTP");
}

static bool dns_at(char out[TEXT_SIZE], const struct package *p, unsigned i)
{
	return i < p->n_dns && diff_put(out, p->dns[i]);
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
	return i < p->n_client_roots && diff_put(out, p->client_roots[i]);
}

/* The fields of a package, and the profile formats that a change of each field breaks. */
static const struct row {
	const char *what;
	element_fn *at;
	const char *formats_went, *formats_came; /* broken by a removed element, by an added element */
	bool is_one;                 /* at most one element: a removed and an added one are one change */
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
	{ "gateway root", roots_at, "", ALL, false }, /* an extra root in a profile does no harm */
	{ "gateway root of the Azure VPN Client", server_root_at, "azurevpn", "azurevpn", true },
	{ "client root", client_roots_at, "", "", false },
};

/* The callback that receives each change. */
struct sink {
	package_change_fn *fn;
	void *arg;
};

static int diff_report(const struct sink *s, const char *what, const char *old, const char *new, const char *formats,
    struct err *e)
{
	struct package_change c = { .what = what, .formats = formats };

	(void)snprintf(c.old, sizeof(c.old), "%s", old);
	(void)snprintf(c.new, sizeof(c.new), "%s", new);
	return s->fn(&c, s->arg, e);
}

static bool diff_has(const struct row *row, const struct package *p, const char *text)
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
	return diff_report(s, row->what, was, is, was[0] != '\0' ? row->formats_went : row->formats_came, e);
}

static int diff_many(const struct row *row, const struct package *old, const struct package *new,
    const struct sink *s, struct err *e)
{
	char text[TEXT_SIZE];

	for (unsigned i = 0; row->at(text, old, i); i++)
		if (!diff_has(row, new, text) && diff_report(s, row->what, text, "", row->formats_went, e) < 0)
			return -1;
	for (unsigned i = 0; row->at(text, new, i); i++)
		if (!diff_has(row, old, text) && diff_report(s, row->what, "", text, row->formats_came, e) < 0)
			return -1;
	return 0;
}

int package_tls_auth(struct buf *out, const struct package *p, struct err *e)
{
	static const char head[] = "<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n",
		tail[] = "-----END OpenVPN Static key V1-----\n</tls-auth>\n";
	char line[2 * 16 + 2];
	int result = 0;

	if (!p->ovpn.has_tls_auth)
		return 0;
	result = buf_add(out, head, strlen(head), e);
	for (size_t i = 0; result == 0 && i < OVPN_KEY_LEN; i += 16) {
		text_hex(line, sizeof(line), (struct bytes){ p->ovpn.tls_auth + i, 16 });
		line[32] = '\n';
		result = buf_add(out, line, 33, e);
	}
	explicit_bzero(line, sizeof(line));
	return result < 0 ? -1 : buf_add(out, tail, strlen(tail), e);
}

/* Hashes the values of vpnconfig.ovpn that a profile uses, without roots and key, and the file's faults. */
static int hash_ovpn(char out[SHA256_HEX], const struct package_ovpn *o, struct err *e)
{
	AUTO_VALUE(buf) all = { 0 };
	char text[600];

	(void)snprintf(text, sizeof(text), "%s\n%s\n%u\n%u\n", o->server, o->server_name, o->tls_timeout, o->verb);
	if (buf_add(&all, text, strlen(text), e) < 0)
		return -1;
	for (unsigned i = 0; i < o->n_faults; i++)
		if (buf_add(&all, o->faults[i].text, strlen(o->faults[i].text), e) < 0)
			return -1;
	return hash_sha256_hex(out, buf_bytes(&all), e);
}

/* Reports the values of vpnconfig.ovpn by their hash, and the tls-auth key only as changed. */
static int diff_ovpn(const struct package *old, const struct package *new, const struct sink *s, struct err *e)
{
	const struct package_ovpn *a = &old->ovpn, *b = &new->ovpn;
	char was[SHA256_HEX], is[SHA256_HEX];

	if (!a->is_there || !b->is_there)
		return 0; /* the row "tunnel" reports it */
	if (hash_ovpn(was, a, e) < 0 || hash_ovpn(is, b, e) < 0)
		return -1;
	if (strcmp(was, is) != 0 && diff_report(s, "vpnconfig.ovpn", was, is, "openvpn", e) < 0)
		return -1;
	if (a->has_tls_auth == b->has_tls_auth && memcmp(a->tls_auth, b->tls_auth, OVPN_KEY_LEN) == 0)
		return 0;
	return diff_report(s, "tls-auth key", "not shown", "not shown", TLS, e);
}

int package_diff(const struct package *old, const struct package *new, package_change_fn *fn, void *arg, struct err *e)
{
	struct sink s = { fn, arg };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if ((rows[i].is_one ? diff_one : diff_many)(&rows[i], old, new, &s, e) < 0)
			return -1;
	return diff_ovpn(old, new, &s, e);
}
