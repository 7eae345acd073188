/* SPDX-License-Identifier: MIT */
/*
 * client_report.h - the VPN-related state of a client's machine, as its report (collect script) states it.
 *
 * struct client_report owns its lists; client_report_clear() frees them. Text is untrusted but safe to print.
 */
#ifndef MODEL_CLIENT_REPORT_H
#define MODEL_CLIENT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/cert_info.h"
#include "util/bytes.h"
#include "util/cleanup.h"

#define REPORT_CERTS_MAX  64
#define REPORT_ROOTS_MAX  1024
#define REPORT_VPNS_MAX   32
#define REPORT_DIALS_MAX  128
#define REPORT_HASHES_MAX 32

enum report_tri { REPORT_UNSTATED, REPORT_NO, REPORT_YES };

struct client_report {
	char source[256];        /* the report's file */
	char product[64];        /* "Windows 10 Pro"; Windows 11 reports this name, too */
	long long build;         /* 22631; 0 = not stated */
	struct report_cert {     /* a certificate in a personal store */
		bool is_machine; /* store of Local Machine; false: Current User */
		bool has_private_key;
		bool is_read; /* info is filled; else only the thumbprint is known */
		char thumbprint[SHA1_HEX];
		struct buf der;
		struct cert_info info; /* borrows der */
	} * certs;
	size_t n_certs;
	struct report_root { /* a certificate in Trusted Root Certification Authorities */
		bool is_machine;
		char thumbprint[SHA1_HEX];
	} * roots;
	size_t n_roots;
	struct report_vpn {                              /* a connection of the built-in Windows client */
		char name[128], server[254], tunnel[24]; /* tunnel: "Ikev2", "Automatic" … */
		bool has_eap, has_machine_cert, has_other_auth;
		enum report_tri eap;    /* REPORT_NO: the EAP configuration is missing or unreadable */
		char eap_type[16];      /* "13": EAP-TLS; "" = not stated */
		char server_names[254]; /* accepted names of the EAP server; "" = any */
		char trusted[REPORT_HASHES_MAX][SHA1_HEX]; /* accepted roots of the EAP server */
		unsigned n_trusted;
		char issuers[REPORT_HASHES_MAX][SHA1_HEX]; /* Windows offers only client certificates of these roots */
		unsigned n_issuers;
	} * vpns;
	size_t n_vpns;
	long long eap_tls_version;       /* RasMan's TlsVersion for EAP-TLS; -1 = Windows' default */
	enum report_tri tls12, tls13;    /* of Schannel's clients; unstated = Windows' default */
	enum report_tri no_cert_request; /* IKEv2\DisableCertReqPayload */
	struct report_dial {             /* connection attempts logged by RasClient, newest first */
		char connection[128];
		char error[24]; /* "798", "0x80092013"; "" = connected */
	} dials[REPORT_DIALS_MAX];
	unsigned n_dials;
	unsigned n_hosts, n_hosts_reached; /* that say what is revoked */
};

void client_report_clear(struct client_report *r);
AUTO_VALUE_DEFINE(client_report, client_report_clear);

#endif
