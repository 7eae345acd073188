/* SPDX-License-Identifier: MIT */
/* profile.h - the formats of VPN client profiles: one file per format, one row each in model/profile_formats.def. */
#ifndef PROFILES_PROFILE_H
#define PROFILES_PROFILE_H

#include "model/finding.h"
#include "model/vpn_profile.h"
#include "util/err.h"

struct profile_format {
	const char *name;            /* for --for: "swanctl" */
	const char *summary;         /* one line, no full stop */
	unsigned keys;               /* usable kinds of key, bits 1 << enum profile_key */
	const char *why_not;         /* the message for other kinds of key, with the alternative */
	bool needs_ikev2, needs_openvpn; /* tunnels that the package must offer */
	const char *rule_set; /* the rules of RULES_CLIENTS that run before writing, see request_check_profile() */
	const char *own_rule_set;    /* further rules of this format alone; NULL = none */
	/* Adds the files of the profile (without INSTALL.md) to out. */
	int (*write)(struct profile_files *out, const struct vpn_profile *p, struct err *e);
	/* Appends the body of INSTALL.md (Markdown): the steps with this client's values. */
	int (*install)(struct buf *out, const struct vpn_profile *p, struct err *e);
};

#define PROFILE(file, name, use) extern const struct profile_format profile_##file;
#include "model/profile_formats.def"
#undef PROFILE

const struct profile_format *profile_format_at(size_t i); /* in the order of the table; NULL after the last */
/* -1 (ERR_USAGE): unknown format; the hint lists the formats. */
int profile_format_find(const struct profile_format **out, const char *name, struct err *e) MUST_CHECK;

/* Checks what is known before the certificate exists: reads only p->package and p->key. -1: see profile_write(). */
int profile_check(const struct profile_format *f, const struct vpn_profile *p, struct err *e) MUST_CHECK;

/*
 * Checks a name that was chosen for a connection, which users see. -1 (ERR_USAGE): it is too long, or has a character
 * that the syntax of one of the formats, a shell or a file system would interpret.
 */
#define PROFILE_CONNECTION_MAX 64
int profile_check_connection(const char *name, struct err *e) MUST_CHECK;

/*
 * Adds all files of the profile in that format, including INSTALL.md (named after the format).
 * -1 (ERR_POLICY): "profile-key" (the format cannot use this kind of key), "profile-tunnel" (the package does not
 * offer the tunnel), ERR_INPUT (a value that the syntax of the format cannot express).
 */
int profile_write(struct profile_files *out, const struct profile_format *f, const struct vpn_profile *p, struct err *e)
    MUST_CHECK;

extern const struct rule rules_profile[]; /* rules.c: the sets of RULES_CLIENTS; facts FACT_CERT | FACT_PROFILE */

#endif
