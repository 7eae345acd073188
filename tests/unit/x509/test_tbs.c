/* SPDX-License-Identifier: MIT */
/* test_tbs.c - the data to sign: templates, names, keys, serial numbers, dates. */
#include "tests/unit/unit.h"

#include "util/hash.h"
#include "x509/cert.h"
#include "x509/ossl.h"
#include "x509/templates.h"
#include "tests/unit/x509/x509_kit.h"

static struct kit_root rsa_root;

static int set_up(void **state)
{
	(void)state;
	kit_root(&rsa_root, "azure-root", "rsa");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	kit_root_clear(&rsa_root);
	EVP_PKEY_free(kit_rsa());
	return 0;
}

/* A client's spec that a test changes; the buffers live as long as it. */
struct client {
	struct tbs_spec spec;
	struct buf subject, spki, tbs;
};

static void client_clear(struct client *c)
{
	buf_clear(&c->subject);
	buf_clear(&c->spki);
	buf_clear(&c->tbs);
}
AUTO_VALUE_DEFINE(client, client_clear);

static void client_init(struct client *c, const char *template, const char *cn, const char *key_kind)
{
	AUTO(EVP_PKEY) key = kit_key(key_kind);

	kit_spec(&c->spec, &rsa_root, template, cn, key, &c->subject, &c->spki);
}

static void read_client(struct cert_info *out, struct client *c)
{
	struct err e = ERR_INIT;

	if (tbs_build(&c->tbs, &c->spec, &e) < 0 || cert_read_tbs(out, buf_bytes(&c->tbs), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
}

TEST(a_root)
{
	struct cert_info c;
	struct err e = ERR_INIT;

	assert_int_equal(cert_read(&c, buf_bytes(&rsa_root.cert), &e), 0);
	assert_int_equal(c.version, 3);
	assert_string_equal(c.subject, "CN=Contoso P2S Root,O=Contoso");
	assert_string_equal(c.cn, "Contoso P2S Root");
	assert_true(c.is_self_issued && c.is_self_signed);
	assert_true(c.has_basic_constraints && c.is_bc_critical && c.is_ca);
	assert_int_equal(c.path_len, 0);
	assert_true(c.has_key_usage && c.is_ku_critical);
	assert_int_equal(c.key_usage, KU_KEY_CERT_SIGN | KU_CRL_SIGN);
	assert_int_equal(c.n_eku, 0);
	assert_false(c.has_san);
	assert_int_equal(strlen(c.ski), 40);
	assert_string_equal(c.ski, c.aki);
	assert_string_equal(c.serial, "4f0102030405060708090a0b0c0d0e0f");
	assert_string_equal(c.key_name, "rsa:2048");
	assert_string_equal(c.sig_alg, "sha256WithRSAEncryption");
	assert_false(c.is_sig_weak || c.has_unknown_critical || c.has_duplicate_ext);
	assert_int_equal(c.not_before, KIT_NOW - 300);
}

TEST(a_client)
{
	AUTO_VALUE(client) client = { 0 };
	struct cert_info c, root;
	struct err e = ERR_INIT;

	client_init(&client, "azure-client", "alice", "rsa");
	read_client(&c, &client);
	assert_int_equal(cert_read(&root, buf_bytes(&rsa_root.cert), &e), 0);
	assert_string_equal(c.subject, "CN=alice");
	assert_string_equal(c.issuer, root.subject);
	assert_false(c.has_basic_constraints || c.is_ca || c.is_self_issued);
	assert_true(c.is_ku_critical);
	assert_int_equal(c.key_usage, KU_DIGITAL_SIGNATURE);
	assert_int_equal(c.n_eku, 1);
	assert_string_equal(c.eku[0], OID_CLIENT_AUTH);
	assert_int_equal(c.n_sans, 1);
	assert_int_equal(c.sans[0].type, SAN_DNS);
	assert_string_equal(c.sans[0].text, "alice");
	assert_string_equal(c.aki, root.ski);
	assert_string_equal(c.fingerprint, "");
}

TEST(names_become_sans)
{
	AUTO_VALUE(client) email = { 0 };
	AUTO_VALUE(client) text = { 0 };
	AUTO_VALUE(client) card = { 0 };
	struct cert_info c;

	client_init(&email, "azure-client", "alice@contoso.com", "rsa");
	read_client(&c, &email);
	assert_int_equal(c.n_sans, 1);
	assert_int_equal(c.sans[0].type, SAN_EMAIL);
	client_init(&text, "azure-client", "Alice Smith", "rsa");
	read_client(&c, &text);
	assert_false(c.has_san);
	client_init(&card, "azure-client-smartcard", "alice@contoso.com", "rsa");
	read_client(&c, &card);
	assert_int_equal(c.n_sans, 2);
	assert_int_equal(c.sans[0].type, SAN_EMAIL);
	assert_int_equal(c.sans[1].type, SAN_UPN);
	assert_string_equal(c.sans[1].text, "alice@contoso.com");
	assert_int_equal(c.n_eku, 2);
	assert_string_equal(c.eku[0], OID_CLIENT_AUTH);
	assert_string_equal(c.eku[1], "1.3.6.1.4.1.311.20.2.2");
}

TEST(the_same_spec_gives_the_same_bytes)
{
	AUTO_VALUE(client) client = { 0 };
	AUTO_VALUE(buf) again = { 0 };
	struct err e = ERR_INIT;

	client_init(&client, "azure-client", "alice", "rsa");
	assert_int_equal(tbs_build(&client.tbs, &client.spec, &e), 0);
	assert_int_equal(tbs_build(&again, &client.spec, &e), 0);
	assert_int_equal(again.len, client.tbs.len);
	assert_memory_equal(again.data, client.tbs.data, again.len);
}

TEST(key_identifiers)
{
	static const unsigned char drawn[] = { 0xde, 0xad, 0xbe, 0xef };
	AUTO_VALUE(client) client = { 0 };
	AUTO_VALUE(client) own = { 0 };
	unsigned char sha1[SHA1_LEN];
	char want[SHA1_HEX];
	struct cert_info c;
	struct err e = ERR_INIT;

	client_init(&client, "azure-client", "alice", "rsa");
	client.spec.ski = (struct bytes){ drawn, sizeof(drawn) };
	read_client(&c, &client);
	assert_string_equal(c.ski, "deadbeef");
	client_init(&own, "vpn-client", "alice", "ED25519");
	read_client(&c, &own);
	/* Ed25519: the last 32 bytes of the SubjectPublicKeyInfo are the BIT STRING's (RFC 8410, 4) */
	assert_int_equal(hash_sha1(sha1, (struct bytes){ own.spki.data + own.spki.len - 32, 32 }, &e), 0);
	assert_int_equal(hash_sha1_hex(want, (struct bytes){ own.spki.data + own.spki.len - 32, 32 }, &e), 0);
	assert_string_equal(c.ski, want);
}

static void refused(const char *template, const char *cn, const char *key_kind, const char *code)
{
	AUTO_VALUE(client) client = { 0 };
	struct err e = ERR_INIT;

	client_init(&client, template, cn, key_kind);
	assert_int_equal(tbs_build(&client.tbs, &client.spec, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, code);
	assert_non_null(e.hint);
	assert_int_equal(client.tbs.len, 0);
}

TEST(what_templates_refuse)
{
	refused("azure-client", "alice", "P-256", "template-key-type");
	refused("azure-client", "alice", "ED25519", "template-key-type");
	refused("vpn-client", "alice", "secp256k1", "template-key-type");
	refused("azure-client", "CONTOSO\\alice", "rsa", "name-domain-user");
	refused("azure-device", "alice@contoso.com", "rsa", "template-name");
	refused("azure-client-smartcard", "alice", "rsa", "template-name");
}

TEST(short_keys_are_refused)
{
	AUTO(EVP_PKEY) key = kit_test_key("test-rsa-1024");
	AUTO_VALUE(client) c = { 0 };
	struct err e = ERR_INIT;

	kit_spec(&c.spec, &rsa_root, "vpn-client", "alice", key, &c.subject, &c.spki);
	assert_int_equal(tbs_build(&c.tbs, &c.spec, &e), -1);
	assert_string_equal(e.code, "template-key-size");
}

TEST(serial_numbers)
{
	static const struct {
		size_t len;
		unsigned char at[21];
		const char *want;            /* NULL = refused */
	} rows[] = {
		{ 1, { 0x01 }, "01" },
		{ 1, { 0x7f }, "7f" },
		{ 2, { 0x00, 0x80 }, "80" },
		{ 20, { 0x7f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 },
		    "7f0102030405060708090a0b0c0d0e0f10111213" },
		{ 0, { 0 }, NULL },
		{ 2, { 0, 0 }, NULL },
		{ 1, { 0x80 }, NULL },
		{ 21, { 1 }, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		AUTO_VALUE(client) client = { 0 };
		struct cert_info c;
		struct err e = ERR_INIT;

		client_init(&client, "azure-client", "alice", "rsa");
		client.spec.serial = (struct bytes){ rows[i].at, rows[i].len };
		if (rows[i].want == NULL) {
			assert_int_equal(tbs_build(&client.tbs, &client.spec, &e), -1);
			assert_int_equal(e.status, ERR_INPUT);
			continue;
		}
		read_client(&c, &client);
		assert_string_equal(c.serial, rows[i].want);
	}
}

static bool has_bytes(const struct buf *b, const char *text)
{
	return memmem(b->data, b->len, text, strlen(text)) != NULL;
}

TEST(dates) /* RFC 5280, 4.1.2.5 */
{
	AUTO_VALUE(client) client = { 0 };
	AUTO_VALUE(client) late = { 0 };
	AUTO_VALUE(client) bad = { 0 };
	struct cert_info c;
	struct err e = ERR_INIT;

	client_init(&client, "azure-client", "alice", "rsa");
	client.spec.not_before = 2524607999; /* 2049-12-31T23:59:59Z */
	client.spec.not_after = 2524608000;
	read_client(&c, &client);
	assert_true(has_bytes(&client.tbs, "\x17\x0d" "491231235959Z"));
	assert_true(has_bytes(&client.tbs, "\x18\x0f" "20500101000000Z"));
	assert_int_equal(c.not_before, 2524607999);
	assert_int_equal(c.not_after, 2524608000);
	client_init(&late, "azure-client", "alice", "rsa");
	late.spec.not_after = 253402300799;
	read_client(&c, &late);
	assert_true(has_bytes(&late.tbs, "99991231235959Z"));
	client_init(&bad, "azure-client", "alice", "rsa");
	bad.spec.not_after = bad.spec.not_before - 1;
	assert_int_equal(tbs_build(&bad.tbs, &bad.spec, &e), -1);
	bad.spec.not_after = 253402300800;
	assert_int_equal(tbs_build(&bad.tbs, &bad.spec, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
}

TEST(malformed_pieces)
{
	/* CN=alice with a length that takes a byte more than it needs: BER, not DER */
	static const unsigned char ber_subject[] = { 0x30, 0x11, 0x31, 0x81, 0x0e, 0x30, 0x0c, 0x06, 0x03, 0x55, 0x04,
		0x03, 0x0c, 0x05, 'a', 'l', 'i', 'c', 'e' };
	AUTO_VALUE(client) c = { 0 };
	struct err e = ERR_INIT;
	struct tbs_spec bad;

	client_init(&c, "azure-client", "alice", "rsa");
	bad = c.spec;
	bad.subject.len--;
	assert_int_equal(tbs_build(&c.tbs, &bad, &e), -1);
	bad.subject = (struct bytes){ ber_subject, sizeof(ber_subject) };
	assert_int_equal(tbs_build(&c.tbs, &bad, &e), -1);
	bad = c.spec;
	bad.spki.len--;
	assert_int_equal(tbs_build(&c.tbs, &bad, &e), -1);
	bad = c.spec;
	bad.issuer_cert.len--;
	assert_int_equal(tbs_build(&c.tbs, &bad, &e), -1);
	bad = c.spec;
	bad.cn = NULL;
	assert_int_equal(tbs_build(&c.tbs, &bad, &e), -1);
	assert_int_equal(tbs_build_request(&c.tbs, (struct bytes){ 0 }, c.spec.spki, &e), -1);
	assert_int_equal(c.tbs.len, 0);
}

static const struct cert_template year = { .name = "year", .days = 365 };
#define DAY INT64_C(86400)

TEST(validity)
{
	const struct cert_info issuer = { .not_before = KIT_NOW - 100, .not_after = KIT_NOW + 20 * DAY };
	int64_t from = 0, to = 0;
	struct err e = ERR_INIT;

	assert_int_equal(validity_choose(&from, &to, &(struct validity_query){ KIT_NOW, 0, &year, NULL }, &e), 0);
	assert_int_equal(from, KIT_NOW - 300);
	assert_int_equal(to, from + 365 * DAY);
	assert_int_equal(validity_choose(&from, &to, &(struct validity_query){ KIT_NOW, 10, &year, &issuer }, &e), 0);
	assert_int_equal(from, KIT_NOW - 100);
	assert_int_equal(to, from + 10 * DAY);
	assert_int_equal(validity_choose(&from, &to, &(struct validity_query){ KIT_NOW, 0, &year, &issuer }, &e), 0);
	assert_int_equal(to, KIT_NOW + 20 * DAY);
}

static void validity_refused(int64_t now, unsigned days, int64_t issuer_from, int64_t issuer_to, const char *code)
{
	const struct cert_info issuer = { .not_before = issuer_from, .not_after = issuer_to };
	const struct validity_query q = { now, days, &year, issuer_to != 0 ? &issuer : NULL };
	int64_t from = 1, to = 2;
	struct err e = ERR_INIT;

	assert_int_equal(validity_choose(&from, &to, &q, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, code);
	assert_int_equal(from + to, 3);
}

TEST(validity_that_is_refused)
{
	validity_refused(KIT_NOW, 365, KIT_NOW - 100, KIT_NOW + 20 * DAY, "validity-beyond-issuer");
	validity_refused(KIT_NOW, 0, KIT_NOW - 100 * DAY, KIT_NOW, "validity-issuer-expired");
	validity_refused(KIT_NOW, 0, KIT_NOW + 3 * DAY, KIT_NOW + 2 * DAY, "validity-range");
	validity_refused(KIT_NOW, UINT32_MAX, 0, 0, "validity-range");
	validity_refused(KIT_NOW, 2913000, 0, 0, "validity-range"); /* days to the year 10000 */
	validity_refused(100, 0, 0, 0, "validity-range");
}

TEST(templates)
{
	const struct cert_template *t = NULL;
	struct err e = ERR_INIT;
	size_t n = 0;

	for (; template_at(n) != NULL; n++) {
		assert_int_equal(template_find(&t, template_at(n)->name, &e), 0);
		assert_ptr_equal(t, template_at(n));
		assert_true(t->summary != NULL && t->why_not != NULL && t->rule_set != NULL && t->days > 0);
		assert_int_equal(t->key_types & 1U << KEY_OTHER, 0);
		assert_true(t->min_rsa_bits >= 2048);
		assert_true((t->is_root || t->is_ledger) == (t->eku[0] == NULL));
	}
	assert_true(n >= 6);
	assert_int_equal(template_find(&t, "azure", &e), -1);
	assert_int_equal(e.status, ERR_NOT_FOUND);
	assert_non_null(strstr(e.hint, " azure-client "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_root),
		cmocka_unit_test(a_client),
		cmocka_unit_test(names_become_sans),
		cmocka_unit_test(the_same_spec_gives_the_same_bytes),
		cmocka_unit_test(key_identifiers),
		cmocka_unit_test(what_templates_refuse),
		cmocka_unit_test(short_keys_are_refused),
		cmocka_unit_test(serial_numbers),
		cmocka_unit_test(dates),
		cmocka_unit_test(malformed_pieces),
		cmocka_unit_test(validity),
		cmocka_unit_test(validity_that_is_refused),
		cmocka_unit_test(templates),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
