/* SPDX-License-Identifier: MIT */
/*
 * text.h - what the formats share: text, INSTALL templates, files made of certificates.
 *
 * All are -1 with ERR_INTERNAL (memory, or a template that names what is not there) unless another is said.
 */
#ifndef PROFILES_TEXT_H
#define PROFILES_TEXT_H

#include "model/vpn_profile.h"
#include "util/err.h"

/* Appends printf text.  Untrusted values go through out/quote.h instead. */
int profile_add(struct buf *out, struct err *e, const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)))
MUST_CHECK;

/*
 * Appends a template: @name@ (the stem), @connection@ (the connection's own name), @server@, @local_id@, @cka_id@,
 * @module@, @pools@, @routes@, @dns@, @vnet@, @cn@, @label@ become this client's values, encoded for Markdown where
 * they are not known to be harmless.
 */
int profile_install(struct buf *out, const char *template, const struct vpn_profile *p, struct err *e) MUST_CHECK;

/* Appends "Is it up?": `look` is how this client shows its address, a line of Markdown. */
int profile_connection_check(struct buf *out, const struct vpn_profile *p, const char *look, struct err *e) MUST_CHECK;

/*
 * The connection's name where files, sections and commands are named after it: at most 64 characters of
 * [A-Za-z0-9_-] ('.' separates settings in strongSwan's files).
 */
#define PROFILE_STEM 65
void profile_stem(char out[PROFILE_STEM], const struct vpn_profile *p);

/* Adds a file "folder/stem + suffix" (folder "" = none), taking over content (consumed on failure too). */
int profile_file(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *suffix,
    struct buf *content, bool is_secret, struct err *e) MUST_CHECK;

/* Adds a certificate as PEM, named as profile_file() does. */
int profile_pem(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *suffix,
    struct bytes der, struct err *e) MUST_CHECK;

/* Adds folder/stem-issuer-1.pem and so on: the CAs between the client and its root; often there is none. */
int profile_issuers(struct profile_files *out, const struct vpn_profile *p, const char *folder, struct err *e)
    MUST_CHECK;

/* Adds folder/stem-gateway-1.pem and so on: the gateway's own roots.  -1 (ERR_INPUT): the package has none. */
int profile_gateway_roots(struct profile_files *out, const struct vpn_profile *p, const char *folder, struct err *e)
    MUST_CHECK;

/*
 * A UUID (RFC 9562, version 5 layout) from the certificate and `purpose`, so that the same client gets the same file
 * twice and an import replaces the profile before.
 */
#define PROFILE_UUID 37
int profile_uuid(char out[PROFILE_UUID], const struct vpn_profile *p, const char *purpose, struct err *e) MUST_CHECK;

#endif
