/* SPDX-License-Identifier: MIT */
/*
 * ledger_rows.h - the ledger's records as plain structs, which pki fills and reads.
 *
 * A call that records reads the struct. A call that reads the ledger copies texts into the struct; `struct bytes` of
 * a
 * row passed to a callback are valid during the callback only. Hex is lower case; times are seconds since 1970 UTC, 0
 * = never.
 */
#ifndef MODEL_LEDGER_ROWS_H
#define MODEL_LEDGER_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cert_info.h"
#include "model/evidence.h"
#include "model/revoke_reason.h"
#include "util/bytes.h"
#include "util/hash.h"

/* Where a key is stored: hints for finding the key again. Only the key's value (key_sha256) identifies it. */
struct key_location {
	char module_path[256];
	char token_label[33], token_serial[17], token_manufacturer[33], token_model[17];
	char cka_id[129];            /* hex; the planned id, then the id read back */
	char label[129];
};

struct key_row {
	int64_t id;                  /* row id; 0 = not recorded */
	char state[12];              /* planned, made, proved, orphan */
	char purpose[12];            /* root, client, ledger */
	char name[256];              /* root name, or client CN */
	char device[65];             /* the client's device; "" = no device */
	char spec[24];               /* "rsa:2048" */
	struct key_location location;
	char spki_sha256[SHA256_HEX];/* "" until the key is made */
	char key_sha256[SHA256_HEX]; /* of the key's value, stated by the ledger (x509/key/key_value.h) */
	struct key_evidence evidence;/* valid when proved */
	int64_t planned_at, proved_at;
	int64_t renews;              /* the certificate to be renewed with this key; 0 = no certificate */
	bool is_writer_dead;         /* planned or made by a process that no longer runs */
};

#define ORIGIN_HERE "generated here"
#define ORIGIN_LOCAL "stated local"
#define ORIGIN_IMPORTED "imported or unknown: copies may exist"

struct root_row {
	int64_t id;
	char name[65];
	int64_t key_id, cert_id;     /* cert_id 0 = not issued yet */
	bool is_retired;
	char origin[96];             /* origin of the key as accepted: ORIGIN_…; "" = generated here */
	char subject[512];
	char allow_names[256];       /* names the root may issue for without an operator; "" = no names */
	int64_t created_at;
	int64_t requested_at;        /* time of the first request to another CA for the root's certificate; 0 = never */
};

struct cert_row {
	int64_t id;                  /* 0 = not recorded */
	char state[12];              /* signing, issued, revoked, void, unknown */
	int64_t root_id;             /* the issuer; 0 for a root's own certificate whose root has no row yet */
	int64_t key_id;              /* the key in the ledger; 0: the key came with a request */
	int64_t renews;              /* the certificate that this one renews; 0 = no certificate */
	bool is_root;                /* a root's own certificate */
	char name[256];              /* the authorised name (CN); root name for roots */
	char device[65];
	char template_name[33];
	char serial[SERIAL_HEX];
	char subject[512];
	char spki_sha256[SHA256_HEX];
	char key_sha256[SHA256_HEX]; /* of the key's value, stated by the ledger (x509/key/key_value.h) */
	char request_sha256[SHA256_HEX]; /* "" = no request */
	char thumbprint[SHA1_HEX], fingerprint[SHA256_HEX]; /* "" until issued */
	int64_t not_before, not_after, created_at, issued_at, installed_at, revoked_at;
	char revoke_reason[REVOKE_REASON_MAX]; /* a word of model/revoke_reason.def; "" = not revoked */
	struct bytes tbs, der;       /* der.len 0 until issued */
	struct bytes issuers;        /* issuers of a root that another CA signed: x509/issuers.h; empty: self-signed */
	const char *request_name;    /* input: source of the request, for the event; may be NULL */
	bool is_writer_dead;
};

/* A certificate revocation list (RFC 5280, 5) of a root; recorded before the root signs it. */
struct crl_row {
	int64_t id;                  /* 0 = not recorded */
	int64_t root_id;
	int64_t number;              /* the CRL number; increases with each CRL of a root */
	int64_t this_update, next_update;
	int64_t n_entries;
	char tbs_sha256[SHA256_HEX]; /* of the TBSCertList; recorded before the token signs */
	char sha256[SHA256_HEX];     /* of the signed CRL; "" = not signed */
	int64_t created_at, signed_at;
};

#define PROFILE_ROOTS_MAX 8      /* the limit of a package */
/* A profile that was written for a client's machine. */
struct profile_row {
	int64_t id;                  /* 0 = not recorded */
	int64_t cert_id;             /* the client's certificate */
	char format[33];             /* "swanctl", as --for takes it */
	char package_sha256[SHA256_HEX]; /* of the package's file; "" = it was a folder */
	char server[254];            /* the gateway's name in it */
	/*
	 * SHA-256 of the gateway's roots in the package (SHA-1 where only that is known), comma-separated; "" = no
	 * roots
	 */
	char gateway_roots[PROFILE_ROOTS_MAX * SHA256_HEX];
	char tls_auth_sha256[SHA256_HEX]; /* of the tls-auth key's text, never the key; "" = no tls-auth key */
	int64_t written_at;
};

#define LOCATION_IN_USE "in use"
#define LOCATION_SUSPENDED "held"
#define LOCATION_MOVED "moved"
/* The location of a ledger from one restore or move to the next; the newest row is the current location. */
struct location_row {
	int64_t id;                  /* 0 = not recorded */
	int64_t epoch;               /* the epoch that began at this location */
	char state[12];              /* LOCATION_…; held: issuing suspended; moved: permanently read-only */
	char host[SHA256_HEX];       /* SHA-256 that identifies the machine; "" = the machine has no id */
	int64_t n_events;            /* number of events in the ledger when it came to this location */
	int64_t known_seq;           /* last earlier event that a checkpoint proves; 0 = no checkpoint given */
	int64_t placed_at, acknowledged_at;
};

#define GATEWAY_TYPE_VNET "vnet"
#define GATEWAY_TYPE_VWAN "vwan"
#define GATEWAY_ROOT_NAMES_MAX 1344 /* 20 root names with commas */

/* A gateway that clients of the ledger's roots connect to. */
struct gateway_row {
	int64_t id;                  /* 0 = not recorded */
	char name[81];               /* name of the gateway; for Virtual WAN of the VPN server configuration */
	char resource_group[361];    /* 90 characters of up to 4 bytes, with the NUL */
	char subscription[129];      /* id or name; "" = the current subscription of az or PowerShell */
	char type[24];              /* GATEWAY_TYPE_…: virtualNetworkGateways or vpnServerConfigurations */
	char pools[400];             /* networks, comma-separated; "" = the gateway's own pools stay */
	char tunnels[32];            /* "IkeV2,OpenVPN", in Azure's spelling */
	char roots[GATEWAY_ROOT_NAMES_MAX]; /* names, comma-separated; "" = every root that is not retired */
	int64_t added_at;
	int64_t observed_at;             /* when its state was last recorded; 0 = never */
};

#define OBSERVED_REVOKED "refused"
#define OBSERVED_NOT_REVOKED "not refused"
#define OBSERVED_TRUSTED "trusted"
#define OBSERVED_NOT_TRUSTED "not trusted"
/* A recorded state of a certificate on a gateway: a client's revoked or not, a root's trusted or not. */
struct observation_row {
	int64_t id, gateway_id, cert_id;
	char what[16];               /* OBSERVED_… */
	int64_t observed_at;
};

/* Facts of the ledger about a name and a key for which a certificate is requested; for rules. */
struct ledger_precedents {
	bool is_root_key;            /* the key is or was the key of a root */
	bool is_key_certified;       /* a live certificate (signing, issued, not expired) has this key */
	char key_name[256];          /* the name in that certificate */
	bool is_key_compromised;     /* a certificate with this key was revoked for keyCompromise */
	unsigned n_live;             /* live certificates for this name and device */
	char live_serial[SERIAL_HEX];/* serial number of a live certificate */
	char live_name[256];         /* its name, which can be spelled differently */
	bool is_live_unfinished;     /* the state of that certificate is `signing` */
};

struct event_row {
	int64_t seq;
	int64_t time;
	char kind[33];               /* "key-planned", "certificate-issued", … */
	char actor[160];             /* uid, login uid, SUDO_USER, host */
	char object[160];            /* object of the event: "root contoso", "certificate 4f…" */
	char note[256];              /* --note */
	char hash[SHA256_HEX];
	struct bytes bytes;          /* the bytes that the hash covers */
};

#endif
