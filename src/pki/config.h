/* SPDX-License-Identifier: MIT */
/* config.h - reads p11ca.conf in the home: defaults and rules of an installation. */
#ifndef PKI_CONFIG_H
#define PKI_CONFIG_H

#include "model/module_init.h"
#include "util/err.h"
#include "util/trust.h"

#define CONFIG_ROOTS_MAX 32
#define CONFIG_MODULES_MAX 8

struct config_root {
	char name[65];
	char allow_names[256];       /* patterns (fnmatch), separated by spaces: "*@contoso.com vpn-*.contoso.com" */
	char team[65];               /* team that uses the root; "" = not stated */
	char template_name[33];      /* template of its clients; "" = the built-in default */
	unsigned days;               /* days of its clients' certificates; 0 = the template's */
	unsigned renew_same_key;     /* 1: `client renew --same-key` is allowed */
};

struct config {
	char module_path[256];       /* "" = none */
	char contact[256];           /* where clients get help, for their letters; "" = not stated */
	char connection_name[65];    /* name of VPN connections in profiles; "" = made from VNet and client */
	unsigned any_host;           /* 1: the home's disk moves between machines (failover) */
	unsigned require_hardware_roots; /* 1: roots only on tokens that do not keep keys in files */
	unsigned allow_software_keys; /* 1: p11ca may generate keys for clients and export them */
	struct config_root roots[CONFIG_ROOTS_MAX];
	size_t n_roots;
	struct module_init modules[CONFIG_MODULES_MAX];
	size_t n_modules;
};

/* p11ca.conf and templates may be changed only by this user and root. */
extern const struct trust_rule config_trust;
/*
 * Reads home/p11ca.conf; a missing file is an empty configuration. Settings: before the first section `module`,
 * `contact`, `connection-name`, `allow-software-keys`, `any-host` and `require-hardware-roots` (yes, no); in [root
 * NAME]: team, allow-names, template, days, renew-same-key (yes, no); in [module NAME]: init.
 * -1: ERR_INPUT with file and line (unknown section, key or value); ERR_POLICY ("home-other-owner", "home-writable",
 * "home-not-a-file": other users could change it).
 */
int config_read(struct config *out, const char *home, struct err *e) MUST_CHECK;
const struct config_root *config_find_root(const struct config *c, const char *name); /* NULL: no section */

#endif
