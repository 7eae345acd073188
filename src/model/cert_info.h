/* SPDX-License-Identifier: MIT */
/* cert_info.h - what a certificate says, as plain facts for rules, the ledger and output.  Text is untrusted. */
#ifndef MODEL_CERT_INFO_H
#define MODEL_CERT_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "model/key_spec.h"
#include "util/bytes.h"
#include "util/hash.h"

enum san_type { SAN_DNS, SAN_EMAIL, SAN_UPN, SAN_OTHER };
struct san {
	enum san_type type;
	char text[256];
};

#define EKU_MAX 8
#define SANS_MAX 16
#define SERIAL_HEX 43            /* 20 bytes and a sign byte (RFC 5280, 4.1.2.2), with the NUL */

struct cert_info {
	struct bytes der;            /* borrowed from whoever had it read */
	struct bytes subject_der, issuer_der; /* the Names, borrowed as der is: names match byte for byte or not */
	char subject[512], issuer[512]; /* RFC 4514, UTF-8 */
	char cn[256];                /* the first commonName, "" = none */
	unsigned n_cn;
	char serial[SERIAL_HEX];     /* lower-case hex without leading zero bytes; a negative one begins with '-' */
	unsigned serial_bits;
	int64_t not_before, not_after; /* seconds since 1970 UTC */
	unsigned version;            /* 3 */
	struct key_spec key;
	char key_name[24];           /* "rsa:2048", or "rsa:1024", "ec:secp256k1", … */
	char sig_alg[48];            /* OpenSSL's long name: "sha256WithRSAEncryption" */
	bool is_sig_weak;            /* MD5, SHA-1 and the like */
	bool has_basic_constraints, is_bc_critical, is_ca;
	int path_len;                /* -1 = none */
	bool has_key_usage, is_ku_critical;
	unsigned key_usage;          /* OpenSSL's KU_ bits: KU_KEY_CERT_SIGN … */
	char eku[EKU_MAX][64];       /* dotted OIDs in the order of the certificate */
	unsigned n_eku;
	bool is_eku_critical;
	struct san sans[SANS_MAX];
	unsigned n_sans;
	char ski[129], aki[129];     /* key identifiers, lower-case hex; "" = none */
	bool is_self_issued;         /* subject = issuer, byte for byte */
	bool is_self_signed;         /* and the signature verifies with its own key */
	bool has_san;                /* the extension is there, be it empty */
	bool has_duplicate_ext;      /* an extension is there twice (RFC 5280, 4.2 forbids it) */
	bool has_unknown_critical;   /* a critical extension that p11ca does not know */
	char thumbprint[SHA1_HEX], fingerprint[SHA256_HEX], spki_sha256[SHA256_HEX];
	char key_sha256[SHA256_HEX]; /* of the key's value, the same for every encoding: x509/key/key_value.h */
	bool is_key_canonical;       /* the SubjectPublicKeyInfo is the only encoding that p11ca accepts */
};

#endif
