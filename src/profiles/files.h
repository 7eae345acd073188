/* SPDX-License-Identifier: MIT */
/*
 * files.h - adds the files of a profile: their names, and certificates in PEM or DER.
 *
 * The pattern of a file name may contain the template variable @STEM@ (see profile_stem()), in a pattern of numbered
 * files also one '#', which becomes 1, 2 and so on. A certificate is PEM if its name ends with ".pem", otherwise DER.
 * folder: "" for no folder. All functions return -1 with ERR_INTERNAL (memory, a name that is too long) unless another
 * error is given.
 */
#ifndef PROFILES_FILES_H
#define PROFILES_FILES_H

#include "model/vpn_profile.h"
#include "util/err.h"

/*
 * The name of the connection for files, sections and commands: at most 64 characters of [A-Za-z0-9_-]. '.' separates
 * settings in strongSwan's files; it and a blank become '-'.
 */
#define PROFILE_STEM 65
void profile_stem(char out[PROFILE_STEM], const struct vpn_profile *p);

/* The name of file n (from 0) of a pattern: "issuer-2.cer" for "issuer-#.cer" and 1. */
#define PROFILE_NUMBERED 64
void profile_numbered(char out[PROFILE_NUMBERED], const char *pattern, unsigned n);
/* Names of the gateway's roots and of the CAs between client and root, in the formats of Windows and Apple. */
#define PROFILE_ROOT_CER "VpnServerRoot-#.cer"
#define PROFILE_ISSUER_CER "issuer-#.cer"

/* Adds the file "folder/file" of a pattern and takes over *content, also on failure. */
int profile_file(struct profile_files *out, const struct vpn_profile *p, const char *pattern, struct buf *content,
    bool is_secret, struct err *e) MUST_CHECK;
/* Adds a copy of content as "folder/name". */
int profile_copy(struct profile_files *out, const char *folder, const char *name, struct bytes content, bool is_secret,
    struct err *e) MUST_CHECK;
/* Adds one certificate. */
int profile_cert(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *pattern,
    struct bytes der, struct err *e) MUST_CHECK;
/* Adds the CAs between the client and its root as numbered files; usually none. */
int profile_issuers(struct profile_files *out, const struct vpn_profile *p, const char *folder, const char *pattern,
    struct err *e) MUST_CHECK;
/* Adds the gateway's own roots as numbered files. -1 (ERR_INPUT): the package has no root. */
int profile_gateway_roots(struct profile_files *out, const struct vpn_profile *p, const char *folder,
    const char *pattern, struct err *e) MUST_CHECK;

#endif
