/* SPDX-License-Identifier: MIT */
/* config.h - p11ca.conf in the home: what an installation wants by default. */
#ifndef PKI_CONFIG_H
#define PKI_CONFIG_H

#include "model/module_init.h"
#include "util/err.h"
#include "util/trust.h"

#define CONFIG_ROOTS_MAX 32
#define CONFIG_MODULES_MAX 8

struct config_root {
	char name[65];
	char allow_names[256];       /* patterns (fnmatch), blank-separated: "*@contoso.com vpn-*.contoso.com" */
	char team[65];               /* whom it serves; "" = not stated */
	char template_name[33];      /* of its clients; "" = the built-in default */
	unsigned days;               /* of its clients; 0 = the template's */
	unsigned renew_same_key;     /* 1: `client renew --same-key` is allowed */
};

struct config {
	char module_path[256];       /* "" = none */
	unsigned any_host;           /* 1: the home's disk goes from machine to machine (failover) */
	unsigned require_hardware_roots; /* 1: no root on a token that keeps its keys in files */
	unsigned allow_software_keys; /* 1: keys that are made here for a client and handed over */
	struct config_root roots[CONFIG_ROOTS_MAX];
	size_t n_roots;
	struct module_init modules[CONFIG_MODULES_MAX];
	size_t n_modules;
};

/* Who may be able to change p11ca.conf and templates: nobody but this user and root. */
extern const struct trust_rule config_trust;
/*
 * Reads home/p11ca.conf; a missing file is an empty configuration.  Settings: before the first section `module`,
 * `allow-software-keys`, `any-host` and `require-hardware-roots` (yes, no); in [root NAME]: team, allow-names,
 * template, days, renew-same-key (yes, no); in [module NAME]: init.
 * -1: ERR_INPUT with file and line (unknown section, key or value); ERR_POLICY ("home-not-ours", "home-writable",
 * "home-not-a-file": others could change it).
 */
int config_read(struct config *out, const char *home, struct err *e) MUST_CHECK;
const struct config_root *config_find_root(const struct config *c, const char *name); /* NULL: no section */

#endif
