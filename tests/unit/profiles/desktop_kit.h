/* SPDX-License-Identifier: MIT */
/* desktop_kit.h - a client's profile with real certificates, for the formats of Windows and Apple. */
#ifndef TESTS_UNIT_PROFILES_DESKTOP_KIT_H
#define TESTS_UNIT_PROFILES_DESKTOP_KIT_H

#include "model/vpn_profile.h"
#include "tests/unit/x509/x509_kit.h"

#define KIT_SERVER "azuregateway-00000000-0000-0000-0000-000000000000-aabbccddeeff.vpn.azure.com"

struct desktop_kit {
	struct kit_root root;
	EVP_PKEY *key;
	struct buf cert;
	struct cert_info cert_info, root_info;
	struct package package;      /* two gateway roots, IKEv2 and OpenVPN, two routes, two DNS servers */
	struct vpn_profile profile;  /* PROFILE_KEY_PFX, password "secret words" not in it; change what a test needs */
};
/* cn: of the client; an e-mail address or a host name. */
void desktop_kit(struct desktop_kit *out, const char *cn);
void desktop_kit_clear(struct desktop_kit *k);
AUTO_VALUE_DEFINE(desktop_kit, desktop_kit_clear);

/* The file of that name, or the test fails; borrowed. */
const struct profile_file *desktop_file(const struct profile_files *f, const char *name);
/* Whether text stands in it. */
bool desktop_has(const struct buf *b, const char *text);

#endif
