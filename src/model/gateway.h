/* SPDX-License-Identifier: MIT */
/*
 * gateway.h - what a gateway's point-to-site configuration is in Azure now, as plain facts.
 *
 * Owns its lists; gateway_clear() gives them back.  Text is untrusted but harmless to print.
 */
#ifndef MODEL_GATEWAY_H
#define MODEL_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cert_info.h"
#include "model/package.h"
#include "util/bytes.h"
#include "util/cleanup.h"

#define GATEWAY_NAME_MAX 129
#define GATEWAY_ROOTS_MAX 64     /* Azure takes 20 */
#define GATEWAY_IPSEC_MAX 4      /* Azure takes one */

struct gateway {
	char source[256];            /* file that it was read from */
	char name[GATEWAY_NAME_MAX]; /* of the resource; "" = not stated */
	enum gateway_kind {
		GATEWAY_UNSTATED, GATEWAY_OF_VNET, GATEWAY_SERVER_CONFIG, GATEWAY_OF_HUB
	} kind;                      /* by Azure's type; a p2sVpnGateway is of a hub */
	bool has_no_config;          /* a virtual network's gateway without point-to-site */
	bool is_active_active;
	bool is_policy_based;        /* vpnType: takes no point-to-site */
	char sku[33];                /* "VpnGw1AZ"; "" = not stated (Virtual WAN has none) */
	bool states_tunnels;         /* what is not stated is not judged: Virtual WAN has it in another resource */
	bool has_ikev2, has_openvpn, has_sstp;
	bool states_auth;
	bool has_certificate, has_radius, has_aad;
	struct ip_net pools[PACKAGE_DNS_MAX]; /* none = not stated */
	unsigned n_pools;
	struct ip_net routes[PACKAGE_NETS_MAX]; /* custom routes, which clients get beside those of the network */
	unsigned n_routes;
	char dns[PACKAGE_DNS_MAX][46]; /* custom name servers (Virtual WAN); none = not stated */
	unsigned n_dns;
	struct gateway_ipsec {       /* its own IPsec policies, in Azure's words ("GCMAES256"); "" = not stated */
		char ike_encryption[16], ike_integrity[16], dh_group[16];
	} ipsec[GATEWAY_IPSEC_MAX];
	unsigned n_ipsec;            /* 0 = Azure's defaults */
	bool states_roots;
	struct gateway_root {
		char name[GATEWAY_NAME_MAX];
		struct buf der;
		struct cert_info info; /* borrows der */
	} *roots;                    /* what clients' certificates are verified with: roots and intermediates */
	size_t n_roots;
	bool states_revoked;
	struct gateway_revoked {
		char name[GATEWAY_NAME_MAX];
		char thumbprint[SHA1_HEX]; /* lower-case hex */
	} *revoked;
	size_t n_revoked;
	struct gateway_unreadable {  /* an entry of either list whose datum nobody can use */
		char name[GATEWAY_NAME_MAX];
		bool is_root;
		char *datum;         /* as it is on the gateway; owned; NULL = there is none */
		char problem[120];   /* what it looks like */
	} *unreadable;
	size_t n_unreadable;
};

#define GATEWAY_NETWORK_MAX 64
/* Networks that a gateway's pool must not overlap. */
struct gateway_network {
	struct ip_net vnets[GATEWAY_NETWORK_MAX],
	    locals[GATEWAY_NETWORK_MAX]; /* of the virtual network; where clients are */
	unsigned n_vnets, n_locals;
};

void gateway_clear(struct gateway *g);
AUTO_VALUE_DEFINE(gateway, gateway_clear);

#endif
