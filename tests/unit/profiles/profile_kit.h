/* SPDX-License-Identifier: MIT */
/* profile_kit.h - a profile of plain texts, small and large, for the formats: none looks into a certificate. */
#ifndef TESTS_UNIT_PROFILES_PROFILE_KIT_H
#define TESTS_UNIT_PROFILES_PROFILE_KIT_H

#include "tests/unit/unit.h"

#include "profiles/profile.h"

#define BYTES(text) ((struct bytes){ (const unsigned char *)(text), sizeof(text) - 1 })

static struct err e;
static struct package package;
static struct cert_info info, root_info;
static struct vpn_profile profile;
static unsigned n_made; /* roots: a test may say that there are fewer */

static inline void profile_clear(void)
{
	package.n_roots = n_made;
	package_clear(&package);
	memset(&package, 0, sizeof(package));
	n_made = 0;
}

static inline void profile_add_root(const char *der, const char *thumbprint)
{
	struct package_root *r = &package.roots[package.n_roots++];

	n_made++;
	assert_int_equal(buf_add(&r->der, der, strlen(der), &e), 0);
	(void)snprintf(r->info.thumbprint, sizeof(r->info.thumbprint), "%s", thumbprint);
	(void)snprintf(r->info.cn, sizeof(r->info.cn), "Root of %s", der);
	r->info.subject_der = buf_bytes(&r->der);
}

static inline void profile_add_net(struct ip_net *out, const char *text, unsigned prefix, bool is_v6)
{
	*out = (struct ip_net){ .prefix = prefix, .is_v6 = is_v6 };
	(void)snprintf(out->text, sizeof(out->text), "%s", text);
}

/* One root, no route, no DNS server, no CA between. */
static inline void profile_small(void)
{
	profile_clear();
	(void)snprintf(package.server, sizeof(package.server), "gw.vpn.azure.com");
	(void)snprintf(package.vnet_name, sizeof(package.vnet_name), "VNet `1`");
	package.has_ikev2 = package.has_openvpn = true;
	profile_add_root("first", "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a");
	profile_add_net(&package.pools[0], "172.16.201.0/24", 24, false);
	package.n_pools = 1;
	package.ovpn = (struct package_ovpn){ .is_there = true,
		.server = "gw.vpn.azure.com",
		.server_name = "id.vpn.azure.com",
		.tls_timeout = 30,
		.verb = 3,
		.has_tls_auth = true,
		.tls_auth = { 0xab, [OVPN_KEY_LEN - 1] = 0xcd } };
	package.azurevpn = (struct package_azurevpn){ .is_there = true,
		.auth = "cert",
		.server_root = "df3c24f9bfd666761b268073fe06d1cc8d4f82a4",
		.secret = { 0x01, [OVPN_KEY_LEN - 1] = 0xff },
		.secret_len = OVPN_KEY_LEN };
	info = (struct cert_info){ .cn = "alice@contoso.com",
		.thumbprint = "abcdef0123456789abcdef0123456789abcdef01",
		.fingerprint = "f1",
		.sans = { { SAN_DNS, "other.contoso.com" }, { SAN_EMAIL, "alice@contoso.com" } },
		.n_sans = 2 };
	root_info = (struct cert_info){ .cn = "Client Root", .thumbprint = "00112233445566778899aabbccddeeff00112233" };
	profile = (struct vpn_profile){ .package = &package,
		.connection = "VNet1.alice",
		.cert = BYTES("cert"),
		.cert_info = &info,
		.root = BYTES("root"),
		.root_info = &root_info,
		.local_id = "alice@contoso.com",
		.cka_id = "00ff",
		.token_label = "my token",
		.token_serial = "1",
		.token_manufacturer = "A/B",
		.token_model = "M",
		.module_path = "/usr/lib/a.so",
		.key_uri = "pkcs11:token=my%20token;id=%00%ff" };
}

/* Two of each. */
static inline void profile_large(void)
{
	profile_small();
	profile_add_root("second", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
	profile_add_net(&package.routes[0], "10.1.0.0/16", 16, false);
	profile_add_net(&package.routes[1], "10.2.0.0/16", 16, false);
	package.n_routes = 2;
	profile_add_net(&package.pools[1], "fd00::/64", 64, true);
	package.n_pools = 2;
	(void)snprintf(package.dns[0], sizeof(package.dns[0]), "10.1.0.4");
	(void)snprintf(package.dns[1], sizeof(package.dns[1]), "10.1.0.5");
	package.n_dns = 2;
	(void)snprintf(package.azurevpn.name, sizeof(package.azurevpn.name), "Azure's name");
	profile.issuers[0] = BYTES("near");
	profile.issuers[1] = BYTES("far");
	profile.n_issuers = 2;
	profile.use_pubkey = true;
}

static inline void profile_with_key(enum profile_key key)
{
	profile.key = key;
	if (key == PROFILE_KEY_PFX)
		profile.pfx = BYTES("pfx");
	if (key == PROFILE_KEY_SCEP)
		profile.enrolment_url = "http://scep.contoso.com/";
	if (key == PROFILE_KEY_ACME)
		profile.enrolment_url = "https://acme.contoso.com/";
}

#endif
