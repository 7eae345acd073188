/* SPDX-License-Identifier: MIT */
/*
 * strongswan.h - functions that the formats of strongSwan's configuration files share.
 *
 * All functions return -1 with ERR_INPUT (a value that the syntax cannot express) or ERR_INTERNAL (memory).
 */
#ifndef PROFILES_STRONGSWAN_H
#define PROFILES_STRONGSWAN_H

#include "model/vpn_profile.h"
#include "util/err.h"

/*
 * Proposals that Azure's gateway accepts with its default policy and with each custom policy with AES-256;
 * comma-separated. MODP-2048 is first because the gateway answers other groups with INVALID_KE.
 */
extern const char strongswan_ike[], strongswan_esp[];

/* RFC 7296, 3.13: the number of traffic selectors is one byte. */
#define STRONGSWAN_TS_MAX 255

/* Appends the routes, separated by `separator`; 0.0.0.0/0 if the package states no routes (the gateway narrows it). */
int strongswan_routes(struct buf *out, const struct vpn_profile *p, const char *separator, struct err *e) MUST_CHECK;

/*
 * Appends `key = "type:id"` and a newline, indented by `indent`, if the certificate has the id as a SAN. Otherwise
 * nothing is appended: strongSwan then uses the subject, because it accepts only identities in the certificate.
 */
int strongswan_local_id(struct buf *out, const struct vpn_profile *p, const char *indent, const char *key,
    struct err *e) MUST_CHECK;

/*
 * Adds the file of `pattern` (files.h): settings of `daemon` that load the client's PKCS#11 module under the name of
 * profile_stem(). load_certs: whether certificates are read from tokens. -1: also ERR_INPUT if no module is given.
 */
int strongswan_module(struct profile_files *out, const struct vpn_profile *p, const char *daemon, const char *pattern,
    bool load_certs, struct err *e) MUST_CHECK;

/* -1 (ERR_INPUT): the key's CKA_ID is missing or not hex. */
int strongswan_check_id(const struct vpn_profile *p, struct err *e) MUST_CHECK;

#endif
