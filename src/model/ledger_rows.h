/* SPDX-License-Identifier: MIT */
/*
 * ledger_rows.h - the ledger's records as plain structs, which pki fills and reads.
 *
 * In: what a call records.  Out: texts are copies in the struct; `struct bytes` of a record that an
 * each-function passes are borrowed for that call.  Hex is lower case; times are seconds since 1970 UTC, 0 = never.
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

/* Where a key is: hints for finding it again.  Identity is the value of the key alone (key_sha256). */
struct key_location {
	char module_path[256];
	char token_label[33], token_serial[17], token_manufacturer[33], token_model[17];
	char cka_id[129];            /* hex; planned, then as read back */
	char label[129];
};

struct key_row {
	int64_t id;                  /* of the ledger; 0 = not recorded */
	char state[12];              /* planned, made, proved, orphan */
	char purpose[12];            /* root, client, ledger */
	char name[256];              /* root name, or client CN */
	char device[65];             /* client's device; "" = none */
	char spec[24];               /* "rsa:2048" */
	struct key_location location;
	char spki_sha256[SHA256_HEX];/* "" until made */
	char key_sha256[SHA256_HEX]; /* of the key's value, from the ledger (x509/key/key_value.h) */
	struct key_evidence evidence;/* meaningful when proved */
	int64_t planned_at, proved_at;
	int64_t renews;              /* made for the successor of this certificate; 0 = of none */
	bool is_writer_dead;         /* planned or made, and whoever did it is gone */
};

#define ORIGIN_HERE "generated here"
#define ORIGIN_LOCAL "stated local"
#define ORIGIN_IMPORTED "imported or unknown: copies may exist"

struct root_row {
	int64_t id;
	char name[65];
	int64_t key_id, cert_id;     /* cert_id 0 = not issued yet */
	bool is_retired;
	char origin[96];             /* of the key, as accepted: ORIGIN_…; "" = generated here */
	char subject[512];
	char allow_names[256];       /* what names it may issue for without an operator; "" = none */
	int64_t created_at;
	int64_t requested_at;        /* when another CA was first asked for its certificate; 0 = never */
};

struct cert_row {
	int64_t id;                  /* 0 = not recorded */
	char state[12];              /* signing, issued, revoked, void, unknown */
	int64_t root_id;             /* the issuer; 0 for a root's own certificate until it has a row */
	int64_t key_id;              /* the key in our ledger, or 0 (the key came with a request) */
	int64_t renews;              /* the certificate whose successor it is; 0 = of none */
	bool is_root;                /* a root's own certificate */
	char name[256];              /* the authorised name (CN); root name for roots */
	char device[65];
	char template_name[33];
	char serial[SERIAL_HEX];
	char subject[512];
	char spki_sha256[SHA256_HEX];
	char key_sha256[SHA256_HEX]; /* of the key's value, from the ledger (x509/key/key_value.h) */
	char request_sha256[SHA256_HEX]; /* "" = none */
	char thumbprint[SHA1_HEX], fingerprint[SHA256_HEX]; /* "" until issued */
	int64_t not_before, not_after, created_at, issued_at, installed_at, revoked_at;
	char revoke_reason[REVOKE_REASON_MAX]; /* a word of model/revoke_reason.def; "" = not revoked */
	struct bytes tbs, der;       /* der.len 0 until issued */
	struct bytes issuers;        /* of a root that another CA signed: x509/issuers.h; else empty */
	const char *request_name;    /* in: where the request came from, for the event; may be NULL */
	bool is_writer_dead;
};

/* A certificate revocation list (RFC 5280, 5) that a root was asked to sign. */
struct crl_row {
	int64_t id;                  /* 0 = not recorded */
	int64_t root_id;
	int64_t number;              /* the CRL number: each of a root above the one before */
	int64_t this_update, next_update;
	int64_t n_entries;
	char tbs_sha256[SHA256_HEX]; /* of the TBSCertList, from before the token was asked to sign it */
	char sha256[SHA256_HEX];     /* of the CRL; "" = nobody has its signature */
	int64_t created_at, signed_at;
};

#define PROFILE_ROOTS_MAX 8      /* as many as a package has */
/* A profile that was written for a client's machine. */
struct profile_row {
	int64_t id;                  /* 0 = not recorded */
	int64_t cert_id;             /* the client's certificate */
	char format[33];             /* "swanctl", as --for takes it */
	char package_sha256[SHA256_HEX]; /* of the package's file; "" = it was a folder */
	char server[254];            /* the gateway's name in it */
	/* SHA-256 of the gateway's roots in it (SHA-1 where no more is known), comma-separated; "" = none */
	char gateway_roots[PROFILE_ROOTS_MAX * SHA256_HEX];
	char tls_auth_sha256[SHA256_HEX]; /* of the tls-auth key's text, never the key; "" = it has none */
	int64_t written_at;
};

#define LOCATION_IN_USE "in use"
#define LOCATION_SUSPENDED "held"
#define LOCATION_MOVED "moved"
/* Where a ledger is kept, from one restore or move to the next: the newest counts. */
struct location_row {
	int64_t id;                  /* 0 = not recorded */
	int64_t epoch;               /* that began there */
	char state[12];              /* PLACE_…: held until what is missing is acknowledged; moved: sealed for ever */
	char host[SHA256_HEX];       /* SHA-256 that stands for the machine; "" = it has no id */
	int64_t n_events;            /* that the ledger had when it came there */
	int64_t known_seq;           /* the last event before that a checkpoint proves; 0 = nobody showed one */
	int64_t placed_at, acknowledged_at;
};

#define GATEWAY_TYPE_VNET "vnet"
#define GATEWAY_TYPE_VWAN "vwan"
#define GATEWAY_ROOT_NAMES_MAX 1344 /* 20 names of roots with commas */

/* A gateway that is to trust our roots. */
struct gateway_row {
	int64_t id;                  /* 0 = not recorded */
	char name[81];               /* the gateway; of Virtual WAN the VPN server configuration */
	char resource_group[361];    /* 90 characters */
	char subscription[129];      /* id or name; "" = what az and PowerShell are set to */
	char type[8];               /* SHAPE_…: virtualNetworkGateways or vpnServerConfigurations */
	char pools[400];             /* networks, comma-separated; "" = the gateway has its own */
	char tunnels[32];            /* "IkeV2,OpenVPN", in Azure's spelling */
	char roots[GATEWAY_ROOT_NAMES_MAX]; /* names, comma-separated; "" = every root that is not retired */
	int64_t added_at;
	int64_t observed_at;             /* when its state was last recorded; 0 = never */
};

#define OBSERVED_REVOKED "refused"
#define OBSERVED_NOT_REVOKED "not refused"
#define OBSERVED_TRUSTED "trusted"
#define OBSERVED_NOT_TRUSTED "not trusted"
/* What a gateway's state said of a certificate: a client's is refused or not, a root's trusted or not. */
struct observation_row {
	int64_t id, gateway_id, cert_id;
	char what[16];               /* SEEN_… */
	int64_t observed_at;
};

/* What the ledger knows of a name and a key that are about to be certified; for rules. */
struct ledger_precedents {
	bool is_root_key;            /* the key is, or was, a root's */
	bool is_key_certified;       /* a live certificate (signing, issued, not expired) has this key … */
	char key_name[256];          /* … for this name */
	bool is_key_compromised;     /* a certificate with this key was revoked for keyCompromise */
	unsigned n_live;             /* live certificates for this name and device */
	char live_serial[SERIAL_HEX];/* of one of them … */
	char live_name[256];         /* … and its name, which may be spelt in another way */
	bool is_live_unfinished;     /* that one is `signing` */
};

struct event_row {
	int64_t seq;
	int64_t time;
	char kind[33];               /* "key-planned", "certificate-issued", … */
	char actor[160];             /* uid, login uid, SUDO_USER, host */
	char object[160];            /* what it is about: "root contoso", "certificate 4f…" */
	char note[256];              /* --note */
	char hash[SHA256_HEX];
	struct bytes bytes;          /* exactly what was hashed */
};

#endif
