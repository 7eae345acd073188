/* SPDX-License-Identifier: MIT */
/* net.h - strict parsing of addresses, networks and host names. */
#ifndef AZURE_NET_H
#define AZURE_NET_H

#include <stdbool.h>

#include "model/package.h"
#include "util/bytes.h"

/* "10.1.0.0/16", "fd00::/8": address (RFC 4632, RFC 4291), '/', decimal prefix; host bits allowed. False: invalid. */
bool ip_net_parse(struct ip_net *out, struct bytes text);
/* Parses an address as a network of one address. False: invalid. */
bool ip_address_parse(struct ip_net *out, struct bytes text);
/* Sets the prefix from a mask such as 255.255.0.0 or a number such as 16. False: neither. */
bool ip_net_set_mask(struct ip_net *n, struct bytes text);
bool ip_net_contains(const struct ip_net *outer, const struct ip_net *inner);
bool ip_net_overlaps(const struct ip_net *a, const struct ip_net *b);
bool ip_net_has_host_bits(const struct ip_net *n);
#define IP_NET_TEXT 56
/* The normal form "10.1.0.0/16", independent of the given text and host bits. */
void ip_net_text(char out[IP_NET_TEXT], const struct ip_net *n);
/*
 * Fills is_forced (n elements): true for networks that send all traffic of their address family to the gateway. These
 * are the networks that no other network contains, if together they cover every address: 0.0.0.0/0, 0.0.0.0/1 and
 * 128.0.0.0/1, or any finer division.
 */
void ip_nets_forced(bool is_forced[], const struct ip_net nets[], unsigned n);

/* A host name of two labels or more (RFC 1123, 2.1: letters, digits, '-'), at most 253 bytes; never an address. */
bool host_is_name(struct bytes text);

/*
 * Calls fn for each item of a comma-separated list, without surrounding spaces; empty items are skipped.
 * Returns -1 as soon as fn does, else 0.
 */
typedef int net_item_fn(struct bytes item, void *arg, struct err *e);
int net_each_item(struct bytes list, net_item_fn *fn, void *arg, struct err *e) MUST_CHECK;

#endif
