/* SPDX-License-Identifier: MIT */
/* test_lint.c - what the rules find, and what they must not find. */
#include "tests/unit/unit.h"

#include "model/cert_template.h"
#include "model/request_info.h"
#include "x509/cert.h"
#include "x509/lint/lint.h"
#include "x509/ossl.h"
#include "x509/request.h"
#include "x509/templates.h"
#include "tests/unit/x509/x509_kit.h"

static const struct rule *const cert_tables[] = { rules_rfc5280, rules_azure, rules_clients, NULL };
static const struct rule *const request_tables[] = { rules_public_key, rules_request, NULL };

static void run(struct findings *out, const struct rule *const tables[], const char *set, const struct facts *f)
{
	struct err e = ERR_INIT;

	*out = (struct findings){ 0 };
	if (findings_run(tables, set, f, out, &e) < 0)
		fail_msg("%s", e.what);
}

/* ids of the findings in order, without those skipped; "!" before FAIL, "?" before WARN */
static const char *list(const struct findings *all)
{
	static char text[2000];
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->all[i];

		if (f->severity == FINDING_SKIPPED)
			continue;
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s%s", used > 0 ? " " : "",
		    f->severity == FINDING_FAIL ? "!" : f->severity == FINDING_WARN ? "?" : "", f->id);
		assert_true(f->text[0] != '\0');
	}
	return text;
}

static void lint(const char *set, const struct buf *der, const struct buf *issuer, int64_t now, const char *want)
{
	struct cert_info c, root;
	struct facts f = { .have = FACT_CERT, .now = now, .cert = &c };
	struct findings all;
	struct err e = ERR_INIT;

	assert_int_equal(cert_read(&c, buf_bytes(der), &e), 0);
	if (issuer != NULL) {
		assert_int_equal(cert_read(&root, buf_bytes(issuer), &e), 0);
		f.root = &root;
		f.have |= FACT_CHAIN;
	}
	run(&all, cert_tables, set, &f);
	assert_string_equal(list(&all), want);
}

TEST(what_templates_make_has_no_finding)
{
	for (size_t i = 0; template_at(i) != NULL; i++) {
		const struct cert_template *t = template_at(i);
		const char *root_of = strcmp(t->rule_set, "azure") == 0 ? "azure-root" : "vpn-root";
		AUTO_VALUE(kit_root) root = { 0 };
		AUTO_VALUE(buf) client = { 0 };

		kit_root(&root, t->is_root ? t->name : root_of, "rsa");
		if (t->is_root) {
			lint(t->rule_set, &root.cert, &root.cert, KIT_NOW, "");
			continue;
		}
		kit_client(&client, &root, t->name, t->has_upn ? "alice@contoso.com" : "laptop-17", kit_rsa());
		lint(t->rule_set, &client, &root.cert, KIT_NOW, "");
		lint("check", &client, &root.cert, KIT_NOW, t->is_ledger ? "?azure-eku-missing" : "");
	}
}

TEST(names_without_a_san_have_no_finding)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) client = { 0 };

	kit_root(&root, "azure-root", "rsa");
	kit_client(&client, &root, "azure-client", "Alice Smith", kit_rsa());
	lint("azure", &client, &root.cert, KIT_NOW, "");
}

TEST(other_keys_for_other_gateways)
{
	static const char *const kinds[] = { "P-256", "P-384", "P-521", "ED25519" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		AUTO_VALUE(kit_root) root = { 0 };
		AUTO_VALUE(buf) client = { 0 };

		kit_root(&root, "vpn-root", kinds[i]);
		kit_client(&client, &root, "vpn-client", "alice", root.key);
		lint("rfc5280", &root.cert, &root.cert, KIT_NOW, "");
		lint("rfc5280", &client, &root.cert, KIT_NOW, "");
		lint("azure", &client, &root.cert, KIT_NOW, "!azure-key-rsa");
	}
}

static const struct kit_ext powershell_root[] = {
	{ "keyUsage", "critical,keyCertSign" }, { "subjectKeyIdentifier", "hash" }, { NULL, NULL } };
static const struct kit_ext openssl_root[] = { { "subjectKeyIdentifier", "hash" },
	{ "authorityKeyIdentifier", "keyid:always" }, { "basicConstraints", "critical,CA:TRUE" }, { NULL, NULL } };
static const struct kit_ext makecert_root[] = { { "2.5.29.1", "DER:3000" }, { NULL, NULL } };
static const struct kit_ext recipe_client[] = { { "subjectAltName", "DNS:P2SChildCert" },
	{ "extendedKeyUsage", "clientAuth" }, { "subjectKeyIdentifier", "hash" },
	{ "authorityKeyIdentifier", "keyid:always" }, { NULL, NULL } };

TEST(the_official_recipes_do_not_fail)
{
	AUTO_VALUE(buf) powershell = { 0 };
	AUTO_VALUE(buf) openssl = { 0 };
	AUTO_VALUE(buf) makecert = { 0 };
	AUTO_VALUE(buf) client = { 0 };

	kit_others(&powershell, &(struct kit_others){ .subject = "CN=P2SRootCert", .exts = powershell_root });
	lint("azure", &powershell, &powershell, KIT_NOW, "rfc5280-ca-crl-sign ?azure-root-no-basic-constraints");
	kit_others(&openssl, &(struct kit_others){ .subject = "CN=VPN CA", .exts = openssl_root });
	lint("azure", &openssl, &openssl, KIT_NOW, "?azure-root-no-key-usage");
	kit_others(&makecert, &(struct kit_others){ .subject = "CN=P2SRootCert", .exts = makecert_root, .serial = -7,
				  .md = EVP_sha1() });
	lint("azure", &makecert, &makecert, KIT_NOW, "?rfc5280-root-serial ?rfc5280-root-signature-weak "
	    "?rfc5280-ski-missing ?azure-signature-sha256 ?azure-root-no-basic-constraints ?azure-root-no-key-usage");
	kit_others(&client, &(struct kit_others){ .subject = "CN=P2SChildCert", .issuer = &powershell,
				.exts = recipe_client });
	lint("azure", &client, &powershell, KIT_NOW, "");
}

static void client_finds(const char *subject, const struct kit_ext *exts, const char *want)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) client = { 0 };

	kit_root(&root, "azure-root", "rsa");
	kit_others(&client, &(struct kit_others){ .subject = subject, .issuer = &root.cert, .exts = exts });
	lint("azure", &client, &root.cert, KIT_NOW, want);
}

#define IDS { "subjectKeyIdentifier", "hash" }, { "authorityKeyIdentifier", "keyid:always" }
#define CLIENT_AUTH { "extendedKeyUsage", "clientAuth" }
#define END { NULL, NULL }
#define EXTS(...) ((const struct kit_ext[]){ __VA_ARGS__, END })
#define SAN { "subjectAltName", "DNS:a" }

TEST(what_is_wrong_with_clients)
{
	client_finds("CN=a", EXTS(IDS, SAN, { "extendedKeyUsage", "msSmartcardLogin,clientAuth" }), "!azure-eku-first");
	client_finds("CN=a", EXTS(IDS, SAN, { "extendedKeyUsage", "serverAuth" }), "!azure-eku-client-auth");
	client_finds("CN=a", EXTS(IDS, SAN), "?azure-eku-missing");
	client_finds("CN=a", EXTS(IDS, CLIENT_AUTH), "?azure-san-dns");
	client_finds("", EXTS(IDS, SAN, CLIENT_AUTH), "!azure-cn-missing");
	client_finds("", EXTS(IDS, CLIENT_AUTH), "!rfc5280-subject-empty !azure-cn-missing");
	client_finds("CN=D\\\\a", EXTS(IDS, CLIENT_AUTH), "?azure-cn-domain-user");
	client_finds(
	    "CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "1.2.3.4", "critical,DER:0500" }), "!rfc5280-unknown-critical");
	client_finds("CN=a", EXTS(IDS, SAN, CLIENT_AUTH, SAN), "!rfc5280-duplicate-extension");
	client_finds(
	    "CN=a", EXTS(IDS, CLIENT_AUTH, { "subjectAltName", "DER:3000" }), "!rfc5280-san-empty ?azure-san-dns");
	client_finds(
	    "CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "keyUsage", "critical,keyEncipherment" }), "!rfc5280-eku-key-usage");
	client_finds("CN=a", EXTS(SAN, CLIENT_AUTH), "?rfc5280-ski-missing ?rfc5280-aki-missing");
	client_finds(
	    "CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "basicConstraints", "CA:FALSE,pathlen:0" }), "!rfc5280-path-len");
	client_finds("CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "basicConstraints", "CA:FALSE" },
	    { "keyUsage", "digitalSignature,keyCertSign" }), "!rfc5280-cert-sign-without-ca rfc5280-ca-crl-sign "
	    "!rfc5280-path-len-exceeded");
	client_finds("CN=a", EXTS(IDS, { "basicConstraints", "CA:TRUE" }, { "keyUsage", "cRLSign" }),
	    "?rfc5280-ca-basic-constraints-critical !rfc5280-ca-cert-sign !rfc5280-path-len-exceeded");
}

static const char *const client_sets[] = { "windows", "apple", "strongswan", "openvpn" };
#define N_SETS (sizeof(client_sets) / sizeof(client_sets[0]))

TEST(templates_suit_every_client)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) host = { 0 };
	AUTO_VALUE(buf) card = { 0 };

	kit_root(&root, "azure-root", "rsa");
	kit_client(&host, &root, "azure-client", "laptop-17", kit_rsa());
	kit_client(&card, &root, "azure-client-smartcard", "alice@contoso.com", kit_rsa());
	for (size_t i = 0; i < N_SETS; i++) {
		lint(client_sets[i], &host, &root.cert, KIT_NOW, "");
		lint(client_sets[i], &card, &root.cert, KIT_NOW, "");
	}
}

/* What each set finds, in the order of client_sets, then check. */
static void sets_find(const char *subject, const struct kit_ext *exts, const char *const want[N_SETS + 1])
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) client = { 0 };

	kit_root(&root, "azure-root", "rsa");
	kit_others(&client, &(struct kit_others){ .subject = subject, .issuer = &root.cert, .exts = exts });
	for (size_t i = 0; i <= N_SETS; i++)
		lint(i < N_SETS ? client_sets[i] : "check", &client, &root.cert, KIT_NOW, want[i]);
}
#define SETS(...) ((const char *const[N_SETS + 1]){ __VA_ARGS__ })
#define SAME(text) SETS(text, text, text, text, text)
#define CA { "basicConstraints", "critical,CA:TRUE" }, { "keyUsage", "critical,keyCertSign,cRLSign" }

TEST(what_clients_fail_on)
{
	sets_find("CN=a", EXTS(IDS, SAN, { "extendedKeyUsage", "serverAuth,clientAuth" }),
	    SETS("!azure-eku-first", "?client-eku-first", "?client-eku-first", "?client-eku-first",
		"!azure-eku-first"));
	sets_find("CN=a", EXTS(IDS, SAN, { "extendedKeyUsage", "serverAuth" }), SAME("!azure-eku-client-auth"));
	sets_find("CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "keyUsage", "critical,keyAgreement" }),
	    SAME("!client-key-usage"));
	sets_find("CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "keyUsage", "critical,keyEncipherment" }),
	    SAME("!rfc5280-eku-key-usage"));
	sets_find("CN=a", EXTS(IDS, SAN, CLIENT_AUTH, { "keyUsage", "critical,digitalSignature" }), SAME(""));
	sets_find("CN=a", EXTS(IDS, CLIENT_AUTH), SETS("", "?azure-san-dns", "?azure-san-dns", "", "?azure-san-dns"));
	sets_find("CN=Alice Smith", EXTS(IDS, CLIENT_AUTH),
	    SETS("", "?client-san-missing", "?client-san-missing", "", "?client-san-missing"));
	sets_find("CN=Alice Smith", EXTS(IDS, CLIENT_AUTH, { "subjectAltName", "URI:urn:a" }),
	    SETS("", "?client-san-missing", "?client-san-missing", "", "?client-san-missing"));
	sets_find("CN=Alice Smith", EXTS(IDS, CLIENT_AUTH, { "subjectAltName", "email:a@b.example" }), SAME(""));
	sets_find("CN=a", EXTS(SAN, CLIENT_AUTH, { "authorityKeyIdentifier", "keyid:always" }),
	    SETS("", "", "?rfc5280-ski-missing", "", "?rfc5280-ski-missing"));
	sets_find("CN=a", EXTS(IDS, CA),
	    SETS("!client-is-ca", "!client-is-ca", "!client-is-ca", "!client-is-ca", "!rfc5280-path-len-exceeded"));
}

TEST(what_clients_ask_of_the_chain)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) middle = { 0 };
	AUTO_VALUE(buf) client = { 0 };
	AUTO_VALUE(buf) below = { 0 };
	AUTO_VALUE(buf) own = { 0 };
	struct kit_others o = { .subject = "CN=a", .exts = EXTS(IDS, SAN, CLIENT_AUTH) };

	kit_root(&root, "azure-root", "rsa");
	kit_others(&own, &o);
	o.issuer = &root.cert;
	o.not_after = KIT_NOW + 3650 * INT64_C(86400);
	kit_others(&client, &o);
	kit_others(&middle, &(struct kit_others){ .subject = "CN=middle", .issuer = &root.cert,
		.exts = EXTS(IDS, CA) });
	o.issuer = &middle;
	o.not_after = 0;
	kit_others(&below, &o);
	for (size_t i = 0; i < N_SETS; i++) {
		lint(client_sets[i], &client, NULL, KIT_NOW, "!client-issuer-missing");
		lint(client_sets[i], &own, NULL, KIT_NOW, "!azure-self-signed-client");
		lint(client_sets[i], &root.cert, NULL, KIT_NOW, "!client-is-ca");
		lint(client_sets[i], &below, &middle, KIT_NOW, "?client-issuer-intermediate");
		lint(client_sets[i], &client, &root.cert, KIT_NOW + 3651 * INT64_C(86400),
		    "!rfc5280-expired !client-root-expired");
	}
	lint("check", &client, NULL, KIT_NOW, "client-issuer-not-given");
	lint("check", &own, NULL, KIT_NOW, "!azure-self-signed-client");
	lint("check", &root.cert, NULL, KIT_NOW, "");
	lint("package", &client, &root.cert, KIT_NOW + 3651 * INT64_C(86400), "!client-root-expired");
	lint("package", &client, &root.cert, KIT_NOW, "");
}

TEST(what_else_is_wrong_with_clients)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(kit_root) other = { 0 };
	AUTO(EVP_PKEY) short_key = kit_test_key("test-rsa-1024");
	AUTO_VALUE(buf) short_one = { 0 };
	AUTO_VALUE(buf) sha1 = { 0 };
	AUTO_VALUE(buf) own = { 0 };
	AUTO_VALUE(buf) v1 = { 0 };
	AUTO_VALUE(buf) late = { 0 };
	const struct kit_ext *good = EXTS(IDS, SAN, CLIENT_AUTH);
	struct kit_others o = { .subject = "CN=a", .issuer = NULL, .exts = good };

	kit_root(&root, "azure-root", "rsa");
	kit_others(&own, &o);
	lint("azure", &own, NULL, KIT_NOW, "!azure-self-signed-client");
	o.issuer = &root.cert;
	o.key = short_key;
	kit_others(&short_one, &o);
	lint("azure", &short_one, &root.cert, KIT_NOW, "!azure-key-size");
	o.key = NULL;
	o.md = EVP_sha1();
	o.serial = -1;
	kit_others(&sha1, &o);
	lint("azure", &sha1, &root.cert, KIT_NOW,
	    "!rfc5280-serial-positive !rfc5280-signature-weak ?azure-signature-sha256");
	o = (struct kit_others){ .subject = "CN=a", .issuer = &root.cert };
	kit_others(&v1, &o);
	lint("rfc5280", &v1, &root.cert, KIT_NOW, "!rfc5280-version-3 ?rfc5280-ski-missing ?rfc5280-aki-missing");
	o = (struct kit_others){ .subject = "CN=a", .issuer = &root.cert, .exts = good,
		.not_after = KIT_NOW + 4000 * INT64_C(86400) };
	kit_others(&late, &o);
	lint("azure", &late, &root.cert, KIT_NOW, "?rfc5280-validity-within-issuer");
	lint("azure", &late, &root.cert, KIT_NOW - 1, "?rfc5280-not-yet-valid ?rfc5280-validity-within-issuer");
	lint("azure", &late, NULL, KIT_NOW + 4001 * INT64_C(86400), "!rfc5280-expired");
	kit_root(&other, "vpn-root", "P-256");
	lint("azure", &late, &other.cert, KIT_NOW, "!rfc5280-aki-matches ?rfc5280-validity-within-issuer");
	lint("azure", &root.cert, &late, KIT_NOW, "!rfc5280-issuer-matches ?rfc5280-validity-within-issuer");
}

TEST(roots_that_expire)
{
	AUTO_VALUE(kit_root) root = { 0 };
	const int64_t end = KIT_NOW + 3650 * INT64_C(86400);

	kit_root(&root, "azure-root", "rsa");
	lint("azure", &root.cert, &root.cert, end - 91 * INT64_C(86400), "");
	lint("azure", &root.cert, &root.cert, end - 90 * INT64_C(86400), "?azure-root-expiring");
	lint("azure", &root.cert, &root.cert, end, "?azure-root-expiring");
	lint("azure", &root.cert, &root.cert, end + 1, "!rfc5280-expired !azure-root-expired");
}

TEST(an_issuer_that_is_none)
{
	AUTO_VALUE(buf) no_ca = { 0 };
	AUTO_VALUE(buf) client = { 0 };

	kit_others(&no_ca, &(struct kit_others){ .subject = "CN=no ca",
			       .exts = EXTS(IDS, { "basicConstraints", "CA:FALSE" }) });
	kit_others(
	    &client, &(struct kit_others){ .subject = "CN=a", .issuer = &no_ca, .exts = EXTS(IDS, SAN, CLIENT_AUTH) });
	lint("azure", &client, &no_ca, KIT_NOW, "!rfc5280-issuer-ca");
}

/* A request whose facts are as a good one's, but for what the row says. */
static void request_finds(const struct request_info *r, const char *template, const char *want)
{
	const struct cert_template *t = NULL;
	struct facts f = { .have = FACT_REQUEST | FACT_PUBLIC_KEY, .now = KIT_NOW, .request = r,
		.public_key = &r->public_key };
	struct findings all;
	struct err e = ERR_INIT;

	if (template != NULL) {
		assert_int_equal(template_find(&t, template, &e), 0);
		f.template = t;
		f.have |= FACT_TEMPLATE;
	}
	run(&all, request_tables, "gate", &f);
	assert_string_equal(list(&all), want);
}

TEST(good_requests)
{
	AUTO(EVP_PKEY) ed = kit_key("ED25519");
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) ed_der = { 0 };
	AUTO_VALUE(request_info) r = { 0 };
	AUTO_VALUE(request_info) ed_r = { 0 };
	struct err e = ERR_INIT;

	kit_request(&der, "alice", kit_rsa());
	assert_int_equal(request_read(&r, buf_bytes(&der), &e), 0);
	request_finds(&r, "azure-client", "");
	request_finds(&r, NULL, "");
	kit_request(&ed_der, "alice", ed);
	assert_int_equal(request_read(&ed_r, buf_bytes(&ed_der), &e), 0);
	request_finds(&ed_r, "vpn-client", "");
	request_finds(&ed_r, "azure-client", "!request-key-type");
}

/* A request by key type, bits, commonNames, and what else there is to say of it. */
#define REQUEST(key_type, bits, n, ...)                                                            \
	{ .public_key.spec = { KEY_##key_type, (bits) }, .public_key.name = #key_type, .n_cn = (n), __VA_ARGS__ }
#define SIGNED .is_signature_good = true
#define GOOD SIGNED, .is_der_strict = true

TEST(what_the_gate_refuses)
{
	static const struct {
		struct request_info r;
		const char *want;
	} rows[] = {
		{ REQUEST(RSA, 2048, 1, GOOD), "" },
		{ REQUEST(RSA, 2048, 1, SIGNED), "!request-der" },
		{ REQUEST(OTHER, 2048, 1, GOOD, .public_key.is_rsa_pss = true), "!request-rsa-pss !request-key-type" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.is_ec_explicit = true), "!request-ec-explicit" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.is_point_bad = true), "!request-point" },
		{ REQUEST(RSA, 2047, 1, GOOD), "!request-key-size" },
		{ REQUEST(RSA, 2048, 1, .is_der_strict = true), "!request-signature" },
		{ REQUEST(RSA, 2048, 1, GOOD, .is_sig_weak = true), "!request-signature-weak" },
		{ REQUEST(RSA, 2048, 1, GOOD, .is_sig_weak = true, .is_sig_alg_bad = true), "!request-signature-weak" },
		{ REQUEST(RSA, 2048, 1, GOOD, .is_sig_alg_bad = true), "!request-signature-alg" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.is_encoding_bad = true), "!request-encoding" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.is_exponent_bad = true), "!request-exponent" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.is_roca = true), "!request-roca" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.has_close_primes = true), "!request-close-primes" },
		{ REQUEST(RSA, 2048, 1, GOOD, .public_key.has_small_factor = true), "!request-small-factor" },
		{ REQUEST(RSA, 2048, 1, GOOD, .is_subject_text_bad = true), "!request-subject-text" },
		{ REQUEST(RSA, 2048, 2, GOOD), "!request-cn-count" },
		{ REQUEST(RSA, 2048, 0, GOOD), "" },
		{ REQUEST(RSA, 2048, 1, GOOD, .n_asked = 2, .asked = { "basicConstraints", "keyUsage" }),
		    "request-asked request-asked" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		request_finds(&rows[i].r, "azure-client", rows[i].want);
}

TEST(a_refusal_says_why)
{
	const struct request_info r = REQUEST(EC, 256, 1, GOOD);
	const struct cert_template *t = NULL;
	struct facts f = { .have = FACT_REQUEST | FACT_PUBLIC_KEY | FACT_TEMPLATE, .now = KIT_NOW, .request = &r,
		.public_key = &r.public_key };
	struct findings all;
	struct err e = ERR_INIT;

	assert_int_equal(template_find(&t, "azure-client", &e), 0);
	f.template = t;
	run(&all, request_tables, "gate", &f);
	assert_int_equal(findings_refuse(&all, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, "request-key-type");
	assert_non_null(strstr(e.what, "the key is EC"));
	assert_non_null(strstr(e.what, "RSA"));
	assert_non_null(e.hint);
}

TEST(every_rule_is_complete)
{
	static const struct {
		const struct rule *rules;
		const char *prefix;
	} tables[] = { { rules_rfc5280, "rfc5280-" }, { rules_azure, "azure-" }, { rules_clients, "client-" },
		{ rules_request, "request-" } };

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct rule *r = tables[t].rules; r->id != NULL; r++) {
			assert_int_equal(strncmp(r->id, tables[t].prefix, strlen(tables[t].prefix)), 0);
			assert_true(r->sets[0] != '\0' && r->needs != 0 && r->test != NULL);
			assert_true(r->summary[0] != '\0' && r->remedy[0] != '\0');
			for (const struct rule *other = tables[t].rules; other != r; other++)
				assert_string_not_equal(other->id, r->id);
		}
}

static int tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(kit_rsa());
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_templates_make_has_no_finding),
		cmocka_unit_test(names_without_a_san_have_no_finding),
		cmocka_unit_test(other_keys_for_other_gateways),
		cmocka_unit_test(the_official_recipes_do_not_fail),
		cmocka_unit_test(what_is_wrong_with_clients),
		cmocka_unit_test(templates_suit_every_client),
		cmocka_unit_test(what_clients_fail_on),
		cmocka_unit_test(what_clients_ask_of_the_chain),
		cmocka_unit_test(what_else_is_wrong_with_clients),
		cmocka_unit_test(roots_that_expire),
		cmocka_unit_test(an_issuer_that_is_none),
		cmocka_unit_test(good_requests),
		cmocka_unit_test(what_the_gate_refuses),
		cmocka_unit_test(a_refusal_says_why),
		cmocka_unit_test(every_rule_is_complete),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
