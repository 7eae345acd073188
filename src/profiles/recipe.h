/* SPDX-License-Identifier: MIT */
/*
 * recipe.h - instructions for a machine without p11ca to make its key and request with its own tools; one row per
 * kind of machine.
 */
#ifndef PROFILES_RECIPE_H
#define PROFILES_RECIPE_H

#include <stdbool.h>

#include "model/vpn_profile.h"
#include "util/err.h"

/* The client of a recipe; texts are borrowed. */
struct recipe_client {
	const char *cn;              /* a name that name_check_cn() accepted */
	const char *device;          /* "" = no device */
	unsigned rsa_bits;
};

/* Whether the key is made in a TPM; most TPMs support RSA only with 2048 bits. */
bool recipe_is_in_tpm(const char *kind);
/* -1 (ERR_USAGE): unknown kind of machine; the hint lists the kinds. */
int recipe_check(const char *kind, struct err *e) MUST_CHECK;
/*
 * Adds all files of the recipe, including RECIPE.md: the commands to run, what to send back, where the result is
 * installed.
 * -1: as recipe_check(), ERR_INPUT (a name that the machine's own tool cannot handle).
 */
int recipe_write(struct profile_files *out, const char *kind, const struct recipe_client *who, struct err *e)
    MUST_CHECK;

#endif
