/* SPDX-License-Identifier: MIT */
/* test_rules.c - all tables of the program, and the rules for clients that need a profile, a key or a token. */
#include "tests/unit/unit.h"

#include "model/cert_info.h"
#include "model/key_ref.h"
#include "model/token_info.h"
#include "pki/request_check.h"
#include "profiles/profile.h"

#define NOW INT64_C(1800000000)
#define DAY INT64_C(86400)

static struct err e;
static struct cert_info cert, root;
static struct package package;
static struct vpn_profile profile;
static struct key_ref key;
static struct token_info token;
static struct facts all;

/* A client of a root, both good in every set. */
static int reset(void **state)
{
	static const struct bytes name = { (const unsigned char *)"name", 4 };

	(void)state;
	cert = (struct cert_info){ .cn = "alice@contoso.com", .n_cn = 1, .version = 3, .not_before = NOW - DAY,
		.not_after = NOW + DAY, .key = { KEY_RSA, 2048 }, .sig_alg = "sha256WithRSAEncryption",
		.eku = { "1.3.6.1.5.5.7.3.2" }, .n_eku = 1, .sans = { { SAN_EMAIL, "alice@contoso.com" } }, .n_sans = 1,
		.has_san = true, .ski = "00ff", .path_len = -1, .issuer_der = name };
	root = (struct cert_info){ .cn = "root", .is_ca = true, .is_self_issued = true, .not_before = NOW - 2 * DAY,
		.not_after = NOW + 2 * DAY, .thumbprint = "aa", .subject_der = name };
	memset(&package, 0, sizeof(package));
	package.n_roots = 1;
	package.roots[0].info.not_after = NOW + 1000 * DAY;
	profile = (struct vpn_profile){ .package = &package, .cert_info = &cert, .root_info = &root,
		.local_id = "alice@contoso.com" };
	key = (struct key_ref){ .id = "00ff" };
	token = (struct token_info){ .label = "card", .rsa_pss = TRI_YES };
	all = (struct facts){ .now = NOW, .cert = &cert, .root = &root, .package = &package, .profile = &profile,
		.key = &key, .token = &token,
		.have = FACT_CERT | FACT_CHAIN | FACT_PACKAGE | FACT_PROFILE | FACT_KEY | FACT_TOKEN };
	return 0;
}

/* The sets that have a finding of this id, "windows apple". */
static const char *sets_with(const char *id)
{
	static const char *const sets[] = { "windows", "apple", "strongswan", "openvpn", "networkmanager" };
	static char text[80];

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		struct findings found;
		bool refused = request_check_profile(&found, sets[i], &all, &e) < 0, has = false;

		for (size_t k = 0; k < found.n; k++) {
			const struct finding *x = &found.all[k];

			if (x->severity == FINDING_SKIPPED || (id != NULL && strcmp(x->id, id) != 0))
				continue;
			if (id == NULL)
				fail_msg("%s: %s", sets[i], x->id);
			has = true;
			assert_int_equal(refused, x->severity == FINDING_FAIL);
		}
		if (has)
			(void)snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s",
			    text[0] != '\0' ? " " : "", sets[i]);
	}
	return text;
}

TEST(a_good_client)
{
	assert_string_equal(sets_with(NULL), "");
}

TEST(local_id)
{
	profile.local_id = "ALICE@contoso.com";
	assert_string_equal(sets_with("apple-local-id"), "");
	profile.local_id = "alice.contoso.com";
	assert_string_equal(sets_with("apple-local-id"), "apple");
}

TEST(pfx_encryption)
{
	struct pfx_encryption pfx = { .ciphers = "DES-EDE3-CBC", .mac = "sha1", .is_legacy = true };

	profile.key = PROFILE_KEY_PFX;
	assert_string_equal(sets_with(NULL), ""); /* made here, as its clients read it */
	profile.pfx_encryption = &pfx;
	assert_string_equal(sets_with(NULL), "");
	pfx.has_rc = true;
	assert_string_equal(sets_with("openvpn-pfx-rc2"), "openvpn");
	pfx = (struct pfx_encryption){ .ciphers = "AES-256-CBC", .mac = "sha256" };
	assert_string_equal(sets_with("openvpn-pfx-rc2"), "");
	assert_string_equal(sets_with("apple-pfx-encryption"), "apple");
	profile.key = PROFILE_KEY_TOKEN; /* then the PFX is of no matter */
	assert_string_equal(sets_with("apple-pfx-encryption"), "");
}

TEST(rsa_pss)
{
	token.rsa_pss = TRI_NOT_STATED;
	assert_string_equal(sets_with("openvpn-token-rsa-pss"), "");
	token.rsa_pss = TRI_NO;
	assert_string_equal(sets_with("openvpn-token-rsa-pss"), "openvpn");
	cert.key = (struct key_spec){ KEY_EC, 256 };
	assert_string_equal(sets_with("openvpn-token-rsa-pss"), "");
}

TEST(key_id)
{
	(void)snprintf(key.id, sizeof(key.id), "01");
	assert_string_equal(sets_with("strongswan-key-id"), "networkmanager");
	(void)snprintf(cert.ski, sizeof(cert.ski), "01");
	assert_string_equal(sets_with("strongswan-key-id"), "");
	cert.ski[0] = '\0';
	assert_string_equal(sets_with("strongswan-key-id"), "networkmanager");
}

TEST(package_and_root)
{
	package.states_client_roots = true;
	assert_string_equal(sets_with("package-root-unknown-to-gateway"), "windows");
	assert_string_equal(sets_with("package-before-root"), "apple strongswan openvpn");
	(void)snprintf(package.client_roots[package.n_client_roots++], SHA1_HEX, "aa");
	assert_string_equal(sets_with("package-root-unknown-to-gateway"), "");
	assert_string_equal(sets_with("package-before-root"), "");
}

/* A refusal carries the id and the remedy of the rule; without the fact it is passed over. */
TEST(refusals)
{
	struct findings found;

	root.not_after = NOW - 1;
	assert_int_equal(request_check_profile(&found, "openvpn", &all, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, "client-root-expired");
	assert_non_null(strstr(e.hint, "create another root"));
	all.have = FACT_PACKAGE;
	assert_int_equal(request_check_profile(&found, "openvpn", &all, &e), 0);
}

static bool is_set(const char *sets, const char *at, size_t len)
{
	for (const char *p = sets; *p != '\0'; p += strspn(p, ",")) {
		size_t n = strcspn(p, ",");

		if (n == len && memcmp(p, at, n) == 0)
			return true;
		p += n;
	}
	return false;
}

#define SETS "gate,key,card,rfc5280,azure,check,package,audit,doctor,gateway,report,networkmanager,azurevpn," \
	     "windows-device,"

TEST(every_rule_is_in_sets_that_are_run)
{
	for (size_t t = 0; all_rules[t] != NULL; t++)
		for (const struct rule *r = all_rules[t]; r->id != NULL; r++) {
			assert_true(r->sets[0] != '\0' && r->test != NULL && r->needs != 0);
			assert_true(strlen(r->summary) > 10 && strlen(r->remedy) > 5);
			for (const char *p = r->sets; *p != '\0'; p += strspn(p, ",")) {
				size_t n = strcspn(p, ",");

				if (!is_set(SETS RULES_CLIENTS, p, n))
					fail_msg("rule %s: no command runs the set '%.*s'", r->id, (int)n, p);
				p += n;
			}
		}
}

TEST(every_format_has_a_set)
{
	const struct profile_format *f = NULL;

	for (size_t i = 0; (f = profile_format_at(i)) != NULL; i++)
		assert_true(f->rule_set != NULL && is_set(RULES_CLIENTS, f->rule_set, strlen(f->rule_set)));
}

/* What `check` lists as skipped takes room, too. */
TEST(findings_have_room)
{
	struct facts none = { .now = NOW };
	struct findings found = { .n = 0 };

	assert_int_equal(findings_run(all_rules, "check", &none, &found, &e), 0);
	assert_true(found.n < FINDINGS_MAX - 40);
}

#define WITH(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH(a_good_client), WITH(local_id), WITH(pfx_encryption), WITH(rsa_pss), WITH(key_id),
		WITH(package_and_root),
		WITH(refusals),
		cmocka_unit_test(every_rule_is_in_sets_that_are_run),
		cmocka_unit_test(every_format_has_a_set),
		cmocka_unit_test(findings_have_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
