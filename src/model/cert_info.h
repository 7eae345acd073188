/* SPDX-License-Identifier: MIT */
/* cert_info.h - the content of a certificate as plain data for rules, the ledger and output. Text is untrusted. */
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
#define SERIAL_HEX 43            /* 20 bytes and a sign byte (RFC 5280, 4.1.2.2) in hex, with the NUL */

struct cert_info {
	struct bytes der;            /* borrowed from the caller that parsed the certificate */
	struct bytes subject_der, issuer_der; /* DER of the Names, borrowed like der; names are compared byte by byte */
	char subject[512], issuer[512]; /* RFC 4514, UTF-8 */
	char cn[256];                /* the first commonName; "" = no commonName */
	unsigned n_cn;
	char serial[SERIAL_HEX];     /* lower-case hex without leading zero bytes; negative: begins with '-' */
	unsigned serial_bits;
	int64_t not_before, not_after; /* seconds since 1970 UTC */
	unsigned version;            /* 3 for X.509 v3 */
	struct key_spec key;
	char key_name[24];           /* "rsa:2048", or "rsa:1024", "ec:secp256k1", … */
	char sig_alg[48];            /* OpenSSL's long name: "sha256WithRSAEncryption" */
	bool is_sig_weak;            /* MD5, SHA-1 and other broken digests */
	bool has_basic_constraints, is_bc_critical, is_ca;
	int path_len;                /* -1 = no pathLenConstraint */
	bool has_key_usage, is_ku_critical;
	unsigned key_usage;          /* OpenSSL's KU_ bits: KU_KEY_CERT_SIGN … */
	char eku[EKU_MAX][64];       /* dotted OIDs in the order of the certificate */
	unsigned n_eku;
	bool is_eku_critical;
	struct san sans[SANS_MAX];
	unsigned n_sans;
	char ski[129], aki[129];     /* key identifiers, lower-case hex; "" = no extension */
	bool is_self_issued;         /* subject = issuer, byte for byte */
	bool is_self_signed;         /* is_self_issued, and the signature verifies with the certificate's own key */
	bool has_san;                /* the extension is present, even if empty */
	bool has_duplicate_ext;      /* the same extension occurs twice (forbidden by RFC 5280, 4.2) */
	bool has_unknown_critical;   /* a critical extension that p11ca does not know */
	char thumbprint[SHA1_HEX], fingerprint[SHA256_HEX], spki_sha256[SHA256_HEX];
	char key_sha256[SHA256_HEX]; /* of the key's value; independent of the encoding: x509/key/key_value.h */
	bool is_key_canonical;       /* the SubjectPublicKeyInfo has the only encoding that p11ca accepts */
};

#endif
