/* SPDX-License-Identifier: MIT */
/*
 * package.h - the content of the VPN client package (zip) that Azure generates, as plain data.
 *
 * Owns its roots and files; package_clear() frees them. Text is untrusted, but the syntax of each field was checked
 * (a server is a host name, a route is an address and a prefix).
 */
#ifndef MODEL_PACKAGE_H
#define MODEL_PACKAGE_H

#include <stdbool.h>

#include "model/cert_info.h"
#include "util/bytes.h"
#include "util/cleanup.h"

#define PACKAGE_ROOTS_MAX 8
#define PACKAGE_NETS_MAX 512
#define PACKAGE_DNS_MAX 16
#define PACKAGE_ISSUERS_MAX 32

struct ip_net {
	char text[48];               /* "10.11.0.0/20", as in the package */
	bool is_v6;
	unsigned char address[16];   /* network byte order; IPv4: the first four */
	unsigned prefix;
};

/*
 * Files of a package that state the same values, in order of precedence: a different value is compared with the
 * first.
 */
enum package_file { PACKAGE_SETTINGS, PACKAGE_SERVER_ROOT, PACKAGE_SCRIPT, PACKAGE_AZUREVPN, PACKAGE_OVPN };
enum package_subject {
	STATED_SERVER, STATED_VNET_NAME, STATED_TUNNEL, STATED_TRANSPORT, STATED_TLS_KEY, STATED_GATEWAY_ROOT,
	STATED_CLIENT_ROOT,
	STATED_ROUTE, STATED_DNS
};
/* One value that a file states, normalised for comparison. */
struct package_statement {
	enum package_file file;
	enum package_subject subject;
	char text[254];              /* host: lower case; root: thumbprint; route: network/prefix; key: its SHA-256 */
};

/* Checked content of OpenVPN/vpnconfig.ovpn. The file's own text is not kept, so no profile can contain it. */
#define OVPN_FAULTS_MAX 16
#define OVPN_KEY_LEN 256
struct package_ovpn {
	bool is_there;
	char server[254];            /* the first remote; "" = no remote */
	char server_name[254];       /* verify-x509-name */
	unsigned tls_timeout, verb;  /* seconds; 0-11 */
	bool has_tls_auth;
	unsigned char tls_auth[OVPN_KEY_LEN]; /* secret */
	struct ovpn_fault {          /* a line that Azure does not write */
		const char *code;    /* static: id of the rule that reports it */
		unsigned line;       /* from 1; 0 = the whole file */
		char text[160];      /* safe to print */
	} faults[OVPN_FAULTS_MAX];
	unsigned n_faults, n_more;   /* n_more: faults beyond OVPN_FAULTS_MAX */
};

/* Checked content of AzureVPN/azurevpnconfig*.xml. */
#define AZUREVPN_UNKNOWN_MAX 8
struct package_azurevpn {
	bool is_there;
	char auth[32];               /* clientauth/type: cert, aad …; "" = not stated */
	char name[128];              /* name of the connection in the Azure VPN Client; "" = not stated */
	char server_root[SHA1_HEX];  /* servervalidation hash; "" = not stated */
	unsigned char secret[OVPN_KEY_LEN]; /* serversecret, the tls-auth key: secret */
	size_t secret_len;           /* bytes; 0 = not stated */
	char unknown[AZUREVPN_UNKNOWN_MAX][64]; /* elements that Azure does not write, safe to print */
	unsigned n_unknown;
};

struct package {
	char source[256];            /* file or folder of the package */
	char server[254];            /* VpnServer: name to connect to, which the gateway's certificate has */
	bool has_ikev2, has_openvpn, has_sstp; /* VpnType */
	char auth[32];               /* Auth: EAPTLS, EAPMSCHAPv2, AAD …; "" = not stated */
	char vnet_name[128], vnet_id[64];
	struct ip_net routes[PACKAGE_NETS_MAX];
	unsigned n_routes;
	struct ip_net pools[PACKAGE_DNS_MAX]; /* VpnClientAddressPool */
	unsigned n_pools;
	char dns[PACKAGE_DNS_MAX][46]; /* CustomDnsServers */
	unsigned n_dns;
	struct package_root {        /* the gateway's own roots: CaCerts/CaCert, VpnServerRoot.cer* */
		struct buf der;
		struct cert_info info; /* borrows der */
	} roots[PACKAGE_ROOTS_MAX];
	unsigned n_roots;
	/*
	 * SHA-1 thumbprints (lower-case hex) of the client roots that the gateway trusted when the package was made:
	 * IssuerHash in VpnProfileSetup.ps1, clientauth/cert/issuer in azurevpnconfig.xml. Clients of a root that was
	 * uploaded later fail with error 798.
	 */
	char client_roots[PACKAGE_ISSUERS_MAX][SHA1_HEX];
	unsigned n_client_roots;
	bool states_client_roots;    /* a file that lists client roots is present */
	bool is_second_generation;   /* lists (CaCerts) instead of single values (CaCert) */
	bool has_generic;            /* Generic/ is present: IKEv2 (or only VpnSettings.xml was given) */
	bool is_part;                /* only Generic/ or VpnSettings.xml was given, not the package */
	bool states_aad;             /* VpnSettings.xml: AadTenant, AadIssuer or AadAudience has a value */
	struct package_azurevpn azurevpn;
	struct package_ovpn ovpn;
	struct buf statements;       /* array of struct package_statement, in the order of the files */
};

void package_clear(struct package *p);
AUTO_VALUE_DEFINE(package, package_clear);

#endif
