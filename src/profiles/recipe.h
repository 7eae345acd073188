/* SPDX-License-Identifier: MIT */
/* recipe.h - how a machine without p11ca makes its key and request with what it has: one row per kind of machine. */
#ifndef PROFILES_RECIPE_H
#define PROFILES_RECIPE_H

#include <stdbool.h>

#include "model/vpn_profile.h"
#include "util/err.h"

/* Whose; texts borrowed. */
struct recipe_client {
	const char *cn;              /* a name that name_check_cn() took */
	const char *device;          /* "" = none */
	unsigned rsa_bits;
};

/* Whether the key is made in a TPM, most of which make RSA keys of 2048 bits only. */
bool recipe_is_in_tpm(const char *kind);
/* -1 (ERR_USAGE): no such kind of machine; the hint lists them. */
int recipe_check(const char *kind, struct err *e) MUST_CHECK;
/*
 * All files of the recipe, RECIPE.md with them: what to run, what to send back, what comes back and where it goes.
 * -1: as recipe_check(), ERR_INPUT (a name that the machine's own tool cannot carry).
 */
int recipe_write(struct profile_files *out, const char *kind, const struct recipe_client *who, struct err *e)
    MUST_CHECK;

#endif
