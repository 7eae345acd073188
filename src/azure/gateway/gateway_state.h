/* SPDX-License-Identifier: MIT */
/* gateway_state.h - reads the state of a gateway as Azure prints it, and compares it with a package. */
#ifndef AZURE_GATEWAY_GATEWAY_STATE_H
#define AZURE_GATEWAY_GATEWAY_STATE_H

#include "azure/package.h"
#include "model/finding.h"
#include "model/gateway.h"
#include "util/err.h"

struct json_t;

/*
 * Reads the JSON of one resource ("-": standard input): `az network vnet-gateway show` (or its
 * vpnClientConfiguration alone), and for Virtual WAN `az network vpn-server-config show` and `az network
 * p2s-vpn-gateway
 * show`; as az prints it, or as ARM does, with the members under `properties`. Null and unknown members are
 * skipped. read_cert: as for package_read(), for publicCertData.
 * An entry of the two lists whose data cannot be decoded is kept unchanged in out->unreadable.
 * Limits: 16 MiB, 131,072 objects and lists, 1,048,576 values, 64 roots.
 * A virtual network gateway (by its `type`) without point-to-site is also read: out->has_no_config.
 * *out is zeroed before; the caller owns its content, also on failure.
 * -1 (ERR_INPUT), by err.code: "gateway-format" (not JSON, a repeated name in an object, another type than Azure's,
 * not
 * such a resource or without point-to-site; also UTF-16), "gateway-limit" (more than the limits), "gateway-value" (an
 * invalid value, named in the message); ERR_OUTPUT: reading failed.
 */
int gateway_state_read(struct gateway *out, const char *path, package_cert_fn *read_cert, struct err *e) MUST_CHECK;

/*
 * gateway_id.c: resource group and subscription from the `id` of a resource, or its `resourceGroup`, as az prints them.
 * What is not stated stays empty.
 */
void gateway_take_id(struct gateway *out, const struct json_t *resource);

/*
 * Appends the address space of a virtual network: the JSON that `az network vnet show` prints. -1: as for
 * gateway_state_read(), with its codes.
 */
int vnet_state_read(struct gateway_network *out, const char *path, struct err *e) MUST_CHECK;

/*
 * gateway_rules.c: set "package"; needs FACT_PACKAGE and FACT_GATEWAY; some rules FACT_CHAIN (the client's root).
 * Values that the state or the package does not contain are not judged.
 */
extern const struct rule rules_package_gateway[];

#endif
