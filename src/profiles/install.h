/* SPDX-License-Identifier: MIT */
/*
 * install.h - the texts of INSTALL.md: templates with this client's values, lists of certificates, "Is it up?".
 *
 * All functions return -1 with ERR_INTERNAL (memory, or a template variable without value).
 */
#ifndef PROFILES_INSTALL_H
#define PROFILES_INSTALL_H

#include "model/vpn_profile.h"
#include "util/err.h"

/*
 * Appends a template (out/template.h). Variables that become code spans of Markdown: NAME (of the connection), SERVER,
 * IMPORTED (the name in azurevpnconfig.xml), VNET, CN, LOCAL_ID, CLIENT and ROOT (thumbprints), ROOT_CN, CKA_ID, LABEL,
 * MODULE. Variables that are copied, for use inside commands: STEM (see profile_stem()), PLAIN_NAME, PLAIN_SERVER.
 */
int profile_install(struct buf *out, const char *template, const struct vpn_profile *p, struct err *e) MUST_CHECK;

/* Appends a list of the CAs between the client and its root, in files named PROFILE_ISSUER_CER, one line each. */
int profile_list_issuers(struct buf *out, const struct vpn_profile *p, struct err *e) MUST_CHECK;
/* Appends a list of the gateway's roots with name, thumbprint and file (PROFILE_ROOT_CER), one line each. */
int profile_list_roots(struct buf *out, const struct vpn_profile *p, struct err *e) MUST_CHECK;

/* How "Is it up?" is written. */
enum check_style {
	CHECK_NUMBERED,              /* a numbered list, networks as plain text: Linux and Android */
	CHECK_BULLETS,               /* a list with code spans, for formats without a terminal: Windows and Apple */
};
/*
 * Appends the section "Is it up?": what to check, the expected address pool, overlapping networks, DNS.
 * commands: a template, the format's own lines.
 */
int profile_connection_check(struct buf *out, const struct vpn_profile *p, enum check_style style,
    const char *commands, struct err *e) MUST_CHECK;

#endif
