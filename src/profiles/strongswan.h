/* SPDX-License-Identifier: MIT */
/*
 * strongswan.h - what strongSwan's several configuration files share.
 *
 * All are -1 with ERR_INPUT (a value that the syntax cannot carry) or ERR_INTERNAL (memory).
 */
#ifndef PROFILES_STRONGSWAN_H
#define PROFILES_STRONGSWAN_H

#include "model/vpn_profile.h"
#include "util/err.h"

/*
 * What Azure's gateway takes with its default policy and with each custom policy that has AES-256; comma-separated.
 * MODP-2048 is first because the gateway answers other guesses with INVALID_KE.
 */
extern const char strongswan_ike[], strongswan_esp[];

/* RFC 7296, 3.13: the number of selectors is one byte. */
#define STRONGSWAN_TS_MAX 255

/* Appends the routes, separated by `separator`; 0.0.0.0/0 where the package states none (the gateway narrows it). */
int strongswan_routes(struct buf *out, const struct vpn_profile *p, const char *separator, struct err *e) MUST_CHECK;

/*
 * Appends `key = "type:id"` and a newline, indented by `indent`, where the certificate has the id as a SAN; else
 * nothing, and strongSwan takes the certificate's subject, as it takes no id that the certificate does not have.
 */
int strongswan_local_id(struct buf *out, const struct vpn_profile *p, const char *indent, const char *key,
    struct err *e) MUST_CHECK;

/*
 * Adds strongswan.d/stem + suffix: the settings of `daemon` that load the client's PKCS#11 module under the name
 * `stem`.  load_certs: whether certificates on tokens count; -1 (ERR_INPUT) also where no module is given.
 */
int strongswan_module(struct profile_files *out, const struct vpn_profile *p, const char *daemon, const char *suffix,
    bool load_certs, struct err *e) MUST_CHECK;

/* -1 (ERR_INPUT): the key's CKA_ID is missing or is no hex. */
int strongswan_check_id(const struct vpn_profile *p, struct err *e) MUST_CHECK;

#endif
