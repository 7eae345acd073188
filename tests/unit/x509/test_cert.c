/* SPDX-License-Identifier: MIT */
/* test_cert.c - certificates as facts, and their issuers. */
#include "tests/unit/unit.h"

#include <openssl/err.h>

#include "util/text.h"
#include "x509/cert.h"
#include "x509/ossl.h"
#include "x509/signer.h"
#include "tests/unit/x509/x509_kit.h"

static struct kit_root root;
static struct buf client;

static int set_up(void **state)
{
	(void)state;
	kit_root(&root, "azure-root", "rsa");
	kit_client(&client, &root, "azure-client", "alice", kit_rsa());
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_clear(&client);
	kit_root_clear(&root);
	EVP_PKEY_free(kit_rsa());
	return 0;
}

static void read_others(struct cert_info *out, const struct kit_others *o)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;

	kit_others(&der, o);
	if (cert_read(out, buf_bytes(&der), &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	out->der = (struct bytes){ 0 };
}

TEST(hashes)
{
	struct cert_info c;
	struct err e = ERR_INIT;
	char sha1[SHA1_HEX], sha256[SHA256_HEX], spki[SHA256_HEX];

	assert_int_equal(cert_read(&c, buf_bytes(&root.cert), &e), 0);
	assert_int_equal(hash_sha1_hex(sha1, buf_bytes(&root.cert), &e), 0);
	assert_int_equal(hash_sha256_hex(sha256, buf_bytes(&root.cert), &e), 0);
	assert_int_equal(hash_sha256_hex(spki, buf_bytes(&root.spki), &e), 0);
	assert_string_equal(c.thumbprint, sha1);
	assert_string_equal(c.fingerprint, sha256);
	assert_string_equal(c.spki_sha256, spki);
}

TEST(pieces)
{
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) subject = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(cert_spki(&spki, buf_bytes(&root.cert), &e), 0);
	assert_int_equal(spki.len, root.spki.len);
	assert_memory_equal(spki.data, root.spki.data, spki.len);
	assert_int_equal(cert_subject(&subject, buf_bytes(&root.cert), &e), 0);
	assert_memory_equal(subject.data, root.subject.data, subject.len);
}

TEST(what_an_object_on_a_token_needs)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) issuer = { 0 };
	AUTO_VALUE(buf) serial = { 0 };
	struct err e = ERR_INIT;
	char text[64];

	assert_int_equal(cert_object_parts(&subject, &issuer, &serial, buf_bytes(&client), &e), 0);
	assert_int_equal(issuer.len, root.subject.len);
	assert_memory_equal(issuer.data, root.subject.data, issuer.len);
	text_hex(text, sizeof(text), buf_bytes(&serial));
	assert_string_equal(text, "02104f0102030405060708090a0b0c0d0e0f"); /* with tag and length */
	assert_true(subject.len > 0);
}

TEST(what_is_no_certificate)
{
	AUTO_VALUE(buf) after = { 0 };
	AUTO_VALUE(buf) request = { 0 };
	struct cert_info c = { .version = 9 };
	struct err e = ERR_INIT;

	for (size_t len = 0; len < client.len; len++)
		assert_int_equal(cert_read(&c, (struct bytes){ client.data, len }, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(buf_add(&after, client.data, client.len, &e), 0);
	assert_int_equal(buf_add(&after, "", 1, &e), 0);
	assert_int_equal(cert_read(&c, buf_bytes(&after), &e), -1);
	assert_int_equal(cert_spki(&request, buf_bytes(&after), &e), -1);
	kit_request(&request, "alice", kit_rsa());
	assert_int_equal(cert_read(&c, buf_bytes(&request), &e), -1);
	assert_int_equal(c.version, 9);
}

TEST(a_changed_byte_never_verifies)
{
	for (size_t i = 0; i < client.len; i += 3) {
		struct err e = ERR_INIT;

		client.data[i] ^= 0x20;
		assert_int_equal(cert_verify(buf_bytes(&client), buf_bytes(&root.cert), 0, &e), -1);
		client.data[i] ^= 0x20;
	}
}

TEST(serial_numbers_of_others)
{
	struct cert_info c;

	read_others(&c, &(struct kit_others){ .subject = "CN=a", .serial = -129 });
	assert_string_equal(c.serial, "-81");
	assert_int_equal(c.version, 1);
	assert_true(c.is_self_signed);
}

TEST(extensions_of_others)
{
	static const struct kit_ext exts[] = {
		{ "basicConstraints", "CA:TRUE,pathlen:3" },
		{ "keyUsage", "digitalSignature,keyCertSign,decipherOnly" },
		{ "extendedKeyUsage", "serverAuth,clientAuth,1.2.3.4" },
		{ "subjectAltName", "DNS:a.example,email:a@example,IP:10.0.0.1,URI:http://x/,"
				    "otherName:1.3.6.1.4.1.311.20.2.3;UTF8:a@b,otherName:1.2.3;UTF8:x" },
		{ "1.2.3.4.5", "critical,DER:0500" },
		{ "1.2.3.4.5", "DER:0500" },
		{ NULL, NULL },
	};
	struct cert_info c;

	read_others(&c, &(struct kit_others){ .subject = "CN=a,O=b", .exts = exts });
	assert_true(c.is_ca && !c.is_bc_critical && c.path_len == 3);
	assert_int_equal(c.key_usage, KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN | KU_DECIPHER_ONLY);
	assert_int_equal(c.n_eku, 3);
	assert_string_equal(c.eku[0], "1.3.6.1.5.5.7.3.1");
	assert_string_equal(c.eku[2], "1.2.3.4");
	assert_int_equal(c.n_sans, 6);
	assert_string_equal(c.sans[0].text, "a.example");
	assert_int_equal(c.sans[1].type, SAN_EMAIL);
	assert_int_equal(c.sans[2].type, SAN_OTHER);
	assert_string_equal(c.sans[2].text, "IP Address:10.0.0.1");
	assert_int_equal(c.sans[4].type, SAN_UPN);
	assert_string_equal(c.sans[4].text, "a@b");
	assert_int_equal(c.sans[5].type, SAN_OTHER);
	assert_true(c.has_unknown_critical && c.has_duplicate_ext);
	assert_string_equal(c.ski, "");
}

TEST(more_names_than_there_is_room_for)
{
	AUTO_VALUE(buf) names = { 0 };
	struct err e = ERR_INIT;
	struct cert_info c;

	for (int i = 0; i < 3 * SANS_MAX; i++)
		assert_int_equal(buf_add(&names, i == 0 ? "DNS:a" : ",DNS:a", i == 0 ? 5 : 6, &e), 0);
	assert_int_equal(buf_add(&names, "", 1, &e), 0);
	read_others(&c,
	    &(struct kit_others){ .subject = "CN=a",
		.exts = (const struct kit_ext[]){ { "subjectAltName", (const char *)names.data }, { NULL, NULL } } });
	assert_int_equal(c.n_sans, SANS_MAX);
}

TEST(malformed_extensions_are_refused)
{
	static const char *const names[] = { "basicConstraints", "keyUsage", "extendedKeyUsage", "subjectAltName",
		"subjectKeyIdentifier", "authorityKeyIdentifier" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_VALUE(buf) der = { 0 };
		struct cert_info c;
		struct err e = ERR_INIT;

		kit_others(&der, &(struct kit_others){ .subject = "CN=a",
				     .exts = (const struct kit_ext[]){ { names[i], "DER:0500" }, { NULL, NULL } } });
		assert_int_equal(cert_read(&c, buf_bytes(&der), &e), -1);
		assert_int_equal(e.status, ERR_INPUT);
	}
}

TEST(who_issued_whom)
{
	AUTO_VALUE(kit_root) ed = { 0 };
	AUTO_VALUE(buf) below = { 0 };
	AUTO(EVP_PKEY) p256 = kit_key("P-256");
	struct err e = ERR_INIT;

	assert_int_equal(cert_verify(buf_bytes(&client), buf_bytes(&root.cert), KIT_NOW, &e), 0);
	assert_int_equal(cert_verify(buf_bytes(&root.cert), buf_bytes(&root.cert), KIT_NOW, &e), 0);
	kit_root(&ed, "vpn-root", "ED25519");
	kit_client(&below, &ed, "vpn-client", "bob", p256);
	assert_int_equal(cert_verify(buf_bytes(&below), buf_bytes(&ed.cert), 0, &e), 0);
}

static void not_issued(const struct buf *der, const struct buf *issuer, int64_t at, const char *code)
{
	struct err e = ERR_INIT;

	assert_int_equal(cert_verify(buf_bytes(der), buf_bytes(issuer), at, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, code);
}

TEST(who_did_not)
{
	AUTO_VALUE(kit_root) twin = { 0 };
	AUTO_VALUE(buf) same_name = { 0 };
	AUTO_VALUE(buf) by_client = { 0 };
	const int64_t day = 86400;

	not_issued(&root.cert, &client, 0, "chain-issuer");
	not_issued(&client, &root.cert, KIT_NOW - 301, "chain-not-yet-valid");
	not_issued(&client, &root.cert, KIT_NOW + 365 * day + 1, "chain-expired");
	kit_root(&twin, "vpn-root", "P-256"); /* the same name, another key */
	not_issued(&client, &twin.cert, 0, "chain-aki");
	kit_others(&same_name, &(struct kit_others){ .subject = "CN=Contoso P2S Root,O=Contoso", .key = twin.key,
				   .issuer_key = twin.key });
	not_issued(&client, &same_name, 0, "chain-signature");
	kit_others(&by_client, &(struct kit_others){ .subject = "CN=mallory", .issuer = &client });
	not_issued(&by_client, &client, 0, "chain-not-ca");
}

/* Decoded by their numbers or by OpenSSL's decoder, a key is the same key. */
TEST(public_keys_are_what_openssl_decodes)
{
	static const char *const kinds[] = { "rsa", "P-256", "P-384", "P-521", "ED25519", "secp256k1" };
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		AUTO(EVP_PKEY) key = kit_key(kinds[i]);
		AUTO(EVP_PKEY) ours = NULL;
		AUTO_VALUE(buf) spki = { 0 };
		AUTO_VALUE(buf) again = { 0 };

		assert_int_equal(spki_encode(&spki, key, &e), 0);
		assert_int_equal(spki_parse(&ours, buf_bytes(&spki), &e), 0);
		assert_int_equal(EVP_PKEY_eq(key, ours), 1);
		assert_int_equal(spki_encode(&again, ours, &e), 0);
		assert_int_equal(again.len, spki.len);
		assert_memory_equal(again.data, spki.data, spki.len);
	}
}

TEST(a_point_beside_the_curve_is_no_key)
{
	AUTO(EVP_PKEY) key = kit_key("P-256");
	AUTO(EVP_PKEY) ours = NULL;
	AUTO_VALUE(buf) spki = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(spki_encode(&spki, key, &e), 0);
	spki.data[spki.len - 1] ^= 1;
	assert_int_equal(spki_parse(&ours, buf_bytes(&spki), &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(ERR_peek_error(), 0);
}

TEST(one_issuer_serves_many)
{
	AUTO_STRUCT(cert_issuer) issuer = NULL;
	AUTO_VALUE(buf) other = { 0 };
	struct cert_info info;
	struct err e = ERR_INIT;

	kit_client(&other, &root, "azure-client", "bob", kit_rsa());
	assert_int_equal(cert_issuer_open(&issuer, buf_bytes(&root.cert), &e), 0);
	assert_int_equal(cert_read(&info, buf_bytes(&client), &e), 0);
	assert_int_equal(cert_verify_by(&info, issuer, 0, &e), 0);
	other.data[other.len - 1] ^= 1;
	assert_int_equal(cert_read(&info, buf_bytes(&other), &e), 0);
	assert_int_equal(cert_verify_by(&info, issuer, 0, &e), -1);
	assert_string_equal(e.code, "chain-signature");
	assert_int_equal(cert_check_issuer(&info, issuer, 0, &e), 0);
	assert_int_equal(cert_check_issuer(&info, issuer, info.not_after + 1, &e), -1);
	assert_string_equal(e.code, "chain-expired");
	assert_int_equal(EVP_PKEY_eq(cert_issuer_key(issuer), root.signer.public_key), 1);
	assert_int_equal(cert_issuer_open(&issuer, buf_bytes(&root.spki), &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes),
		cmocka_unit_test(pieces),
		cmocka_unit_test(what_an_object_on_a_token_needs),
		cmocka_unit_test(what_is_no_certificate),
		cmocka_unit_test(a_changed_byte_never_verifies),
		cmocka_unit_test(serial_numbers_of_others),
		cmocka_unit_test(extensions_of_others),
		cmocka_unit_test(more_names_than_there_is_room_for),
		cmocka_unit_test(malformed_extensions_are_refused),
		cmocka_unit_test(who_issued_whom),
		cmocka_unit_test(who_did_not),
		cmocka_unit_test(public_keys_are_what_openssl_decodes),
		cmocka_unit_test(a_point_beside_the_curve_is_no_key),
		cmocka_unit_test(one_issuer_serves_many),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
