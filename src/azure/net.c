/* SPDX-License-Identifier: MIT */
/* net.c - see net.h. */
#include "azure/net.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "util/text.h"

static unsigned width(const struct ip_net *n)
{
	return n->is_v6 ? 128 : 32;
}

/* Text with its own NUL, for what wants C strings. */
static bool copy(char *out, size_t size, struct bytes text)
{
	if (text.len == 0 || text.len >= size || memchr(text.at, '\0', text.len) != NULL)
		return false;
	memcpy(out, text.at, text.len);
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

	if (!copy(n.text, sizeof(n.text), text) || !parse_address(&n, n.text))
		return false;
	n.prefix = width(&n);
	*out = n;
	return true;
}

bool ip_net_parse(struct ip_net *out, struct bytes text)
{
	char address[sizeof(out->text)];
	struct ip_net n = { 0 };
	char *slash;

	if (!copy(n.text, sizeof(n.text), text) || !copy(address, sizeof(address), text))
		return false;
	slash = strchr(address, '/');
	if (slash == NULL)
		return false;
	*slash++ = '\0';
	if (!parse_address(&n, address) || (slash[0] == '0' && slash[1] != '\0'))
		return false;
	if (!text_to_unsigned(slash, &n.prefix) || n.prefix > width(&n))
		return false;
	*out = n;
	return true;
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
	for (unsigned bit = n->prefix; bit < width(n); bit++)
		if ((n->address[bit / 8] & 0x80U >> (bit % 8)) != 0)
			return true;
	return false;
}

static bool is_label(const unsigned char *at, size_t len)
{
	if (len == 0 || len > 63 || at[0] == '-' || at[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (at[i] > 0x7f || (!isalnum(at[i]) && at[i] != '-'))
			return false;
	return true;
}

static bool is_number(const unsigned char *at, size_t len)
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
		const unsigned char *dot = at < text.len ? memchr(text.at + at, '.', text.len - at) : NULL;
		size_t len = (dot != NULL ? (size_t)(dot - text.at) : text.len) - at;

		if (!is_label(text.at + at, len))
			return false;
		numeric = is_number(text.at + at, len);
		labels++;
		at += len + 1;
	}
	/* A last label of digits alone is (part of) an address: RFC 1123, 2.1. */
	return labels >= 2 && !numeric;
}

static struct bytes trim(struct bytes b)
{
	while (b.len > 0 && isspace(b.at[0]))
		b = (struct bytes){ b.at + 1, b.len - 1 };
	while (b.len > 0 && isspace(b.at[b.len - 1]))
		b.len--;
	return b;
}

int net_each_item(struct bytes list, net_item_fn *fn, void *arg, struct err *e)
{
	while (list.len > 0) {
		const unsigned char *comma = memchr(list.at, ',', list.len);
		size_t len = comma != NULL ? (size_t)(comma - list.at) : list.len;
		struct bytes item = trim((struct bytes){ list.at, len });

		if (item.len > 0 && fn(item, arg, e) < 0)
			return -1;
		len += comma != NULL;
		list = (struct bytes){ list.at + len, list.len - len };
	}
	return 0;
}
