/* SPDX-License-Identifier: MIT */
/* profile.h - the formats of VPN clients: one file each, one row each in formats.def. */
#ifndef PROFILES_PROFILE_H
#define PROFILES_PROFILE_H

#include "model/finding.h"
#include "model/vpn_profile.h"
#include "util/err.h"

struct profile_format {
	const char *name;            /* what --for takes: "swanctl" */
	const char *summary;         /* one line, no full stop */
	unsigned keys;               /* bits 1 << enum profile_key that it can use */
	const char *why_not;         /* what to say of another kind of key, and what to use instead */
	bool needs_ikev2, needs_openvpn; /* what the package must offer */
	const char *rule_set; /* of RULES_CLIENTS: what is judged before it is written, see request_check_profile() */
	const char *own_rule_set;    /* likewise, of this format alone; NULL = none */
	/* Adds its files (without INSTALL.md) to out. */
	int (*write)(struct profile_files *out, const struct vpn_profile *p, struct err *e);
	/* Appends the body of its INSTALL.md (Markdown): the steps with this client's values. */
	int (*install)(struct buf *out, const struct vpn_profile *p, struct err *e);
};

#define PROFILE(name) extern const struct profile_format profile_##name;
#include "profiles/formats.def"
#undef PROFILE

const struct profile_format *profile_format_at(size_t i); /* in the order of the table; NULL past the end */
/* -1 (ERR_USAGE): no such format; the hint lists them. */
int profile_format_find(const struct profile_format **out, const char *name, struct err *e) MUST_CHECK;

/* What can be refused before there is a certificate: reads p->package and p->key alone.  -1: see profile_write(). */
int profile_check(const struct profile_format *f, const struct vpn_profile *p, struct err *e) MUST_CHECK;

/*
 * All files of the profile in that format, INSTALL.md (named after the format) with them.
 * -1 (ERR_POLICY): "profile-key" (the format cannot use this kind of key), "profile-tunnel" (the package does not
 * offer what it needs), ERR_INPUT (a value that the format cannot carry).
 */
int profile_write(struct profile_files *out, const struct profile_format *f, const struct vpn_profile *p, struct err *e)
    MUST_CHECK;

extern const struct rule rules_profile[]; /* rules.c: clients' sets; FACT_CERT | FACT_PROFILE */

#endif
