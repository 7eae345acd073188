/* SPDX-License-Identifier: MIT */
/* gateway_state.h - reads what Azure says of a gateway, and holds a package against it. */
#ifndef AZURE_GATEWAY_GATEWAY_STATE_H
#define AZURE_GATEWAY_GATEWAY_STATE_H

#include "azure/package.h"
#include "model/finding.h"
#include "model/gateway.h"
#include "util/err.h"

/*
 * Reads the JSON of one resource ("-": from standard input): `az network vnet-gateway show` (or its
 * vpnClientConfiguration alone), and of Virtual WAN `az network vpn-server-config show` and `az network p2s-vpn-gateway
 * show`; as az prints it, and as ARM does, with what is in it under `properties`.  Members that are null or not known
 * are passed over.  read_cert: as for package_read(), for publicCertData.
 * An entry of the two lists whose datum nobody can use is kept in out->unreadable, as it is.
 * Bounds: 16 MiB, 131,072 objects and lists, 1,048,576 values, 64 roots.
 * A virtual network's gateway (by its `type`) without point-to-site is read, too: out->has_no_config.
 * out is { 0 } before; owned by the caller also on failure.
 * -1 (ERR_INPUT), by err.code: "gateway-format" (no JSON, a name twice in an object, another type than Azure's, not
 * such a resource or without point-to-site; also UTF-16), "gateway-limit" (more than the bounds), "gateway-value" (a
 * value that is none, which names it); ERR_OUTPUT: cannot be read.
 */
int gateway_state_read(struct gateway *out, const char *path, package_cert_fn *read_cert, struct err *e) MUST_CHECK;

/*
 * Appends the address space of a virtual network: the JSON that `az network vnet show` prints.  -1: as
 * gateway_state_read(), with its codes.
 */
int vnet_state_read(struct gateway_network *out, const char *path, struct err *e) MUST_CHECK;

/* gateway_rules.c: set "package"; FACT_PACKAGE and FACT_GATEWAY, some FACT_CHAIN (our root).  What the state does not
 * state, and what the package does not, is not judged. */
extern const struct rule rules_package_gateway[];

#endif
