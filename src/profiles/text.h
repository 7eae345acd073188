/* SPDX-License-Identifier: MIT */
/*
 * text.h - functions that the profile formats share: text, INSTALL templates, files with certificates.
 *
 * All functions return -1 with ERR_INTERNAL (memory, or a template with an unknown name) unless another error is
 * given.
 */
#ifndef PROFILES_TEXT_H
#define PROFILES_TEXT_H

#include "model/vpn_profile.h"
#include "util/err.h"
#include "util/uuid.h"

/* Appends printf text. Untrusted values need out/quote.h instead. */
int profile_add(struct buf *out, struct err *e, const char *fmt, ...) __attribute__((__format__(__printf__, 3, 4)))
MUST_CHECK;

/*
 * Appends a template: @name@ (the stem), @connection@ (the name of the connection), @server@, @local_id@, @cka_id@,
 * @module@, @pools@, @routes@, @dns@, @vnet@, @cn@, @label@ become this client's values, encoded for Markdown unless
 * their characters were checked.
 */
int profile_install(struct buf *out, const char *template, const struct vpn_profile *p, struct err *e) MUST_CHECK;

/* Appends the section "Is it up?"; `look` is a line of Markdown that tells how this client shows its address. */
int profile_connection_check(struct buf *out, const struct vpn_profile *p, const char *look, struct err *e) MUST_CHECK;

/*
 * The name of the connection for files, sections and commands: at most 64 characters of [A-Za-z0-9_-] ('.' separates
 * settings in strongSwan's files).
 */
#define PROFILE_STEM 65
void profile_stem(char out[PROFILE_STEM], const struct vpn_profile *p);

/* Adds the file "folder/stem + suffix" (folder "": no folder) and takes over *content, also on failure. */
int profile_file(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *suffix,
    struct buf *content, bool is_secret, struct err *e) MUST_CHECK;

/* Adds a certificate as PEM, named as profile_file() does. */
int profile_pem(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *suffix,
    struct bytes der, struct err *e) MUST_CHECK;

/* Adds folder/stem-issuer-1.pem and so on: the CAs between the client and its root; usually none. */
int profile_issuers(struct profile_files *out, const struct vpn_profile *p, const char *folder, struct err *e)
    MUST_CHECK;

/* Adds folder/stem-gateway-1.pem and so on: the gateway's own roots. -1 (ERR_INPUT): the package has no root. */
int profile_gateway_roots(struct profile_files *out, const struct vpn_profile *p, const char *folder, struct err *e)
    MUST_CHECK;

/*
 * A UUID (RFC 9562, version 5 layout) from the certificate and `purpose`. The same client gets the same UUID, so that
 * an import replaces the earlier profile.
 */
int profile_uuid(char out[UUID_TEXT], const struct vpn_profile *p, const char *purpose, struct err *e) MUST_CHECK;

#endif
