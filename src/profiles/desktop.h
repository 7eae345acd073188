/* SPDX-License-Identifier: MIT */
/* desktop.h - functions that the profile formats of Windows and Apple share. */
#ifndef PROFILES_DESKTOP_H
#define PROFILES_DESKTOP_H

#include "model/vpn_profile.h"
#include "out/template.h"
#include "util/err.h"

/* Adds a copy of content as "folder/name". */
int desktop_add(struct profile_files *out, const char *folder, const char *name, struct bytes content, bool is_secret,
    struct err *e) MUST_CHECK;
/*
 * Adds the gateway's roots in DER to folder, as VpnServerRoot-1.cer and so on. -1 (ERR_INPUT): the package has no
 * root.
 */
int desktop_add_roots(struct profile_files *out, const char *folder, const struct package *p, struct err *e) MUST_CHECK;
/* Adds the CAs between the client and its root in DER to folder, as issuer-1.cer and so on; usually none. */
int desktop_add_issuers(struct profile_files *out, const char *folder, const struct vpn_profile *p, struct err *e)
    MUST_CHECK;
void desktop_issuer_name(char out[32], unsigned n);
/* The file name of root or issuer n (from 0), the same in each format: "VpnServerRoot-2.cer" for n = 1. */
void desktop_root_name(char out[32], unsigned n);

/*
 * Appends text with its template variables as Markdown code spans: SERVER, NAME, IMPORTED (the name in
 * azurevpnconfig.xml), CN, LOCAL_ID, CLIENT and ROOT (thumbprints), ROOT_CN.
 */
int desktop_markdown(struct buf *out, const char *text, const struct vpn_profile *p, struct err *e) MUST_CHECK;
/* Appends a list of the CAs between the client and its root, one line each. */
int desktop_issuers(struct buf *out, const struct vpn_profile *p, struct err *e) MUST_CHECK;
/* Appends a list of the gateway's roots with name, thumbprint and file, one line each. */
int desktop_roots(struct buf *out, const struct vpn_profile *p, struct err *e) MUST_CHECK;
/*
 * Appends the section "Is it up?": what to check, the expected address pool, overlapping networks, DNS.
 * commands: the format's own lines, with the template variables of desktop_markdown().
 */
int desktop_connection_check(
    struct buf *out, const struct vpn_profile *p, const char *commands, struct err *e) MUST_CHECK;

#endif
