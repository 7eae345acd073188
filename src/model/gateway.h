/* SPDX-License-Identifier: MIT */
/*
 * gateway.h - the current point-to-site configuration of a gateway in Azure, as plain data.
 *
 * struct gateway owns its lists; gateway_clear() frees them. Text is untrusted but safe to print.
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
#define GATEWAY_ROOTS_MAX 64     /* Azure's limit is 20 */
#define GATEWAY_IPSEC_MAX 4      /* Azure's limit is 1 */

struct gateway {
	char source[256];            /* the state's file */
	char name[GATEWAY_NAME_MAX]; /* name of the resource; "" = not stated */
	char resource_group[400], subscription[80]; /* from the resource's id; "" = not stated */
	enum gateway_kind {
		GATEWAY_UNSTATED, GATEWAY_OF_VNET, GATEWAY_SERVER_CONFIG, GATEWAY_OF_HUB
	} kind;                      /* by Azure's resource type; GATEWAY_OF_HUB: p2sVpnGateway */
	bool has_no_config;          /* a virtual network gateway without point-to-site configuration */
	bool is_active_active;
	bool is_policy_based;        /* vpnType PolicyBased, which does not support point-to-site */
	char sku[33];                /* "VpnGw1AZ"; "" = not stated (Virtual WAN has none) */
	bool states_tunnels;         /* false: tunnels are not judged; Virtual WAN has them in another resource */
	bool has_ikev2, has_openvpn, has_sstp;
	bool states_auth;
	bool has_certificate, has_radius, has_aad;
	struct ip_net pools[PACKAGE_DNS_MAX]; /* n_pools 0 = not stated */
	unsigned n_pools;
	struct ip_net routes[PACKAGE_NETS_MAX]; /* custom routes, advertised in addition to those of the network */
	unsigned n_routes;
	char dns[PACKAGE_DNS_MAX][46]; /* custom name servers (Virtual WAN); n_dns 0 = not stated */
	unsigned n_dns;
	struct gateway_ipsec {       /* custom IPsec policies, in Azure's words ("GCMAES256"); "" = not stated */
		char ike_encryption[16], ike_integrity[16], dh_group[16];
	} ipsec[GATEWAY_IPSEC_MAX];
	unsigned n_ipsec;            /* 0 = Azure's defaults */
	bool states_roots;
	struct gateway_root {
		char name[GATEWAY_NAME_MAX];
		struct buf der;
		struct cert_info info; /* borrows der */
		bool is_foreign;     /* the ledger does not have it; false = it has, or nobody compared them */
		const char *test_key; /* static; name of the published test key that it has; NULL: of no such key */
	} *roots;                    /* CA certificates that verify the clients: roots and intermediates */
	size_t n_roots;
	bool states_revoked;
	struct gateway_revoked {
		char name[GATEWAY_NAME_MAX];
		char thumbprint[SHA1_HEX]; /* lower-case hex */
	} *revoked;
	size_t n_revoked;
	struct gateway_unreadable {  /* an entry of either list whose data cannot be decoded */
		char name[GATEWAY_NAME_MAX];
		bool is_root;
		char *datum;         /* the data as on the gateway; owned; NULL = no data */
		char problem[120];   /* why the data cannot be decoded */
	} *unreadable;
	size_t n_unreadable;
};

#define GATEWAY_NETWORK_MAX 64
/* Networks that must not overlap with the gateway's address pool. */
struct gateway_network {
	struct ip_net vnets[GATEWAY_NETWORK_MAX],
	    locals[GATEWAY_NETWORK_MAX]; /* networks of the virtual network; networks of the clients */
	unsigned n_vnets, n_locals;
};

void gateway_clear(struct gateway *g);
AUTO_VALUE_DEFINE(gateway, gateway_clear);

#endif
