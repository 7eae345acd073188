/* SPDX-License-Identifier: MIT */
/* net.c - see net.h. */
#include "azure/net.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

static unsigned net_width(const struct ip_net *n)
{
	return n->is_v6 ? 128 : 32;
}

/* Copies text and adds a NUL, for functions that need C strings. */
static bool net_copy(char *out, size_t size, struct bytes text)
{
	if (text.len == 0 || text.len >= size || memchr(text.data, '\0', text.len) != NULL)
		return false;
	memcpy(out, text.data, text.len);
	out[text.len] = '\0';
	return true;
}

static bool parse_address(struct ip_net *out, const char *text)
{
	if (inet_pton(AF_INET, text, out->address) == 1)
		return true;
	out->is_v6 = inet_pton(AF_INET6, text, out->address) == 1;
	return out->is_v6;
}

bool ip_address_parse(struct ip_net *out, struct bytes text)
{
	struct ip_net n = { 0 };

	if (!net_copy(n.text, sizeof(n.text), text) || !parse_address(&n, n.text))
		return false;
	n.prefix = net_width(&n);
	*out = n;
	return true;
}

bool ip_net_parse(struct ip_net *out, struct bytes text)
{
	char address[sizeof(out->text)];
	struct ip_net n = { 0 };
	char *slash;

	if (!net_copy(n.text, sizeof(n.text), text) || !net_copy(address, sizeof(address), text))
		return false;
	slash = strchr(address, '/');
	if (slash == NULL)
		return false;
	*slash++ = '\0';
	if (!parse_address(&n, address) || (slash[0] == '0' && slash[1] != '\0'))
		return false;
	if (!text_to_unsigned(slash, &n.prefix) || n.prefix > net_width(&n))
		return false;
	*out = n;
	return true;
}

bool ip_net_set_mask(struct ip_net *n, struct bytes text)
{
	struct ip_net mask;
	char number[8];
	unsigned bits = 0;

	if (net_copy(number, sizeof(number), text) && text_to_unsigned(number, &bits)) {
		n->prefix = bits;
		return bits <= net_width(n);
	}
	if (!ip_address_parse(&mask, text) || mask.is_v6 != n->is_v6)
		return false;
	while (bits < net_width(n) && (mask.address[bits / 8] & 0x80U >> (bits % 8)) != 0)
		bits++;
	mask.prefix = n->prefix = bits;
	return !ip_net_has_host_bits(&mask);
}

static bool same_bits(const unsigned char *a, const unsigned char *b, unsigned bits)
{
	unsigned char mask = (unsigned char)(0xff00U >> (bits % 8));

	return memcmp(a, b, bits / 8) == 0 && (bits % 8 == 0 || ((a[bits / 8] ^ b[bits / 8]) & mask) == 0);
}

bool ip_net_contains(const struct ip_net *outer, const struct ip_net *inner)
{
	return outer->is_v6 == inner->is_v6 && outer->prefix <= inner->prefix &&
	    same_bits(outer->address, inner->address, outer->prefix);
}

bool ip_net_overlaps(const struct ip_net *a, const struct ip_net *b)
{
	return ip_net_contains(a, b) || ip_net_contains(b, a);
}

bool ip_net_has_host_bits(const struct ip_net *n)
{
	for (unsigned bit = n->prefix; bit < net_width(n); bit++)
		if ((n->address[bit / 8] & 0x80U >> (bit % 8)) != 0)
			return true;
	return false;
}

void ip_net_text(char out[IP_NET_TEXT], const struct ip_net *n)
{
	struct ip_net net = *n;
	char text[INET6_ADDRSTRLEN] = "";

	for (unsigned bit = n->prefix; bit < net_width(n); bit++)
		net.address[bit / 8] &= (unsigned char)~(0x80U >> (bit % 8));
	(void)inet_ntop(n->is_v6 ? AF_INET6 : AF_INET, net.address, text, sizeof(text));
	(void)snprintf(out, IP_NET_TEXT, "%s/%u", text, n->prefix);
}

/*
 * Whether the networks cover all of `at`: one network contains `at`, or they cover both halves of `at`. If no network
 * is inside `at`, the search ends, so each network costs at most its prefix in steps.
 */
static bool is_covered(const struct ip_net *nets, unsigned n, struct ip_net at)
{
	bool has_part = false;

	for (unsigned i = 0; i < n; i++) {
		if (ip_net_contains(&nets[i], &at))
			return true;
		has_part = has_part || ip_net_contains(&at, &nets[i]);
	}
	if (!has_part || at.prefix >= net_width(&at))
		return false;
	at.prefix++;
	if (!is_covered(nets, n, at))
		return false;
	at.address[(at.prefix - 1) / 8] |= (unsigned char)(0x80U >> ((at.prefix - 1) % 8));
	return is_covered(nets, n, at);
}

static bool is_inside(const struct ip_net nets[], unsigned n, unsigned i)
{
	for (unsigned k = 0; k < n; k++)
		if (nets[k].prefix < nets[i].prefix && ip_net_contains(&nets[k], &nets[i]))
			return true;
	return false;
}

void ip_nets_forced(bool is_forced[], const struct ip_net nets[], unsigned n)
{
	const bool all_v4 = is_covered(nets, n, (struct ip_net){ .is_v6 = false });
	const bool all_v6 = is_covered(nets, n, (struct ip_net){ .is_v6 = true });

	for (unsigned i = 0; i < n; i++)
		is_forced[i] = (nets[i].is_v6 ? all_v6 : all_v4) && !is_inside(nets, n, i);
}

static bool net_is_label(const unsigned char *at, size_t len)
{
	if (len == 0 || len > 63 || at[0] == '-' || at[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (at[i] > 0x7f || (!isalnum(at[i]) && at[i] != '-'))
			return false;
	return true;
}

static bool net_is_number(const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!isdigit(at[i]))
			return false;
	return true;
}

bool host_is_name(struct bytes text)
{
	size_t labels = 0;
	bool numeric = false;

	if (text.len > 253)
		return false;
	for (size_t at = 0; at <= text.len;) {
		const unsigned char *dot = at < text.len ? memchr(text.data + at, '.', text.len - at) : NULL;
		size_t len = (dot != NULL ? (size_t)(dot - text.data) : text.len) - at;

		if (!net_is_label(text.data + at, len))
			return false;
		numeric = net_is_number(text.data + at, len);
		labels++;
		at += len + 1;
	}
	/* If the last label has only digits, the text is (part of) an address: RFC 1123, 2.1. */
	return labels >= 2 && !numeric;
}

static struct bytes net_trim(struct bytes b)
{
	while (b.len > 0 && isspace(b.data[0]))
		b = (struct bytes){ b.data + 1, b.len - 1 };
	while (b.len > 0 && isspace(b.data[b.len - 1]))
		b.len--;
	return b;
}

int net_each_item(struct bytes list, net_item_fn *fn, void *arg, struct err *e)
{
	while (list.len > 0) {
		const unsigned char *comma = memchr(list.data, ',', list.len);
		size_t len = comma != NULL ? (size_t)(comma - list.data) : list.len;
		struct bytes item = net_trim((struct bytes){ list.data, len });

		if (item.len > 0 && fn(item, arg, e) < 0)
			return -1;
		len += comma != NULL;
		list = (struct bytes){ list.data + len, list.len - len };
	}
	return 0;
}
