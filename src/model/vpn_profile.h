/* SPDX-License-Identifier: MIT */
/*
 * vpn_profile.h - one client's VPN configuration, independent of the format of the profile.
 *
 * pki fills it from a package, a certificate and the location of the key; it is the only input of the formats in
 * profiles/. All pointers are borrowed.
 */
#ifndef MODEL_VPN_PROFILE_H
#define MODEL_VPN_PROFILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "model/cert_info.h"
#include "model/package.h"
#include "model/pfx_encryption.h"
#include "util/bytes.h"

enum profile_key {
	PROFILE_KEY_TOKEN,           /* on a token, used by PKCS#11 or the system's smart-card interface */
	PROFILE_KEY_PFX,             /* in an encrypted PKCS#12, which is part of the profile */
	PROFILE_KEY_SCEP, PROFILE_KEY_ACME, /* Apple: the device makes the key and fetches a certificate */
	PROFILE_KEY_STORE,           /* made in the client machine's own key store; p11ca saw the request */
};

#define VPN_ISSUERS_MAX 8

struct vpn_profile {
	const struct package *package;
	char connection[80];         /* name of the connection, see profile_check_connection() */
	bool is_name_chosen;         /* by an option or p11ca.conf; false: made from the names of VNet and client */
	/* the client */
	struct bytes cert;           /* DER */
	const struct cert_info *cert_info; /* borrows cert */
	struct bytes root;           /* DER of the client's root */
	const struct cert_info *root_info;
	struct bytes issuers[VPN_ISSUERS_MAX]; /* DER of the CAs between cert and root, the issuer of cert first */
	unsigned n_issuers;          /* 0: the root issued cert */
	const char *local_id;        /* IKE identity: a SAN of the certificate, else its CN */
	enum profile_key key;
	/* PROFILE_KEY_TOKEN */
	const char *cka_id;          /* lower-case hex */
	const char *token_label, *token_serial, *token_manufacturer, *token_model; /* as the token reports: untrusted */
	const char *module_path;     /* module on the *client's* machine (--client-module) */
	const char *key_uri;         /* RFC 7512 without query: the certificate and key by id on that token */
	/* PROFILE_KEY_PFX */
	struct bytes pfx;            /* encrypted PKCS#12 */
	const struct pfx_encryption *pfx_encryption; /* of pfx; NULL = made by p11ca */
	struct bytes pfx_apple;      /* the same key, old encryption, no chain, for Apple's payload; len 0 = use pfx */
	const char *pfx_password;    /* NULL = the person enters it at installation */
	const char *enrolment_url;   /* SCEP or ACME */
	/* options of `profile write` */
	bool use_pubkey;             /* IKEv2 authentication with the certificate itself instead of EAP-TLS */
	bool openvpn_uri;            /* pkcs11: URIs in cert/key instead of pkcs11-id */
	bool openvpn_connect3;       /* the changes documented for OpenVPN Connect 3 */
	bool openvpn_windows26;      /* the change documented for OpenVPN 2.6 on Windows */
	bool windows_smartcard;      /* <SmartCard/> instead of certificate store and CAHashList */
};

/* A file of a profile, in memory. content is owned; files with a secret have mode 0600, else 0644. */
#define PROFILE_FILES_MAX 24
struct profile_files {
	struct profile_file {
		char name[96];       /* relative, [A-Za-z0-9@._-] and at most one '/' */
		struct buf content;
		mode_t mode;
	} all[PROFILE_FILES_MAX];
	size_t n;
};
void profile_files_clear(struct profile_files *f);
AUTO_VALUE_DEFINE(profile_files, profile_files_clear);
/* Takes over *content, also on failure. -1 (ERR_INTERNAL): no room, or an invalid name. */
int profile_files_add(struct profile_files *f, const char *name, struct buf *content, bool is_secret, struct err *e)
    MUST_CHECK;

#endif
