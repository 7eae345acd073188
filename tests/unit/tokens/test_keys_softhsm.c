/* SPDX-License-Identifier: MIT */
/* test_keys_softhsm.c - keys and certificates on a real SoftHSM: made, proved, signed with, written, destroyed. */
#include "tests/unit/tokens/token_fixture.h"

#include <openssl/x509.h>

#include "tokens/internal.h"
#include "tokens/sign.h"

#define TO_PROVE(id, spki, how) (&(struct key_to_prove){ id, buf_bytes(&(spki)), how })

AUTO_DEFINE(EVP_MD_CTX, EVP_MD_CTX_free);

/* A sanitized build asks this: whole stacks tell the leak of SoftHSM's Ed25519 keys from ours (tests/lsan.supp). */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "fast_unwind_on_malloc=0";
}

static const struct bytes message = { (const unsigned char *)"a message to sign", 17 };
static const struct bytes challenge = { (const unsigned char *)"p11ca key proof v1: not random here", 35 };

static void make_key(struct token *t, const char *spec, const char *id, struct buf *spki)
{
	struct key_plan plan = { .label = "a key" };
	struct err e = ERR_INIT;
	char id_out[129];

	(void)snprintf(plan.id, sizeof(plan.id), "%s", id);
	ASSERT_OK(e, key_spec_parse(&plan.spec, spec, &e));
	ASSERT_OK(e, token_check_can(t, &plan.spec, true, &e));
	ASSERT_OK(e, token_generate(t, &plan, id_out, spki, &e));
	assert_string_equal(id_out, id);
}

static bool verifies(struct bytes spki, enum sig_alg alg, struct bytes sig)
{
	static const char *const digests[] = { [SIG_RSA_SHA256] = "SHA256", [SIG_ECDSA_SHA256] = "SHA256",
		[SIG_ECDSA_SHA384] = "SHA384", [SIG_ECDSA_SHA512] = "SHA512", [SIG_ED25519] = NULL };
	const unsigned char *at = spki.data;
	AUTO(EVP_PKEY) key = d2i_PUBKEY(NULL, &at, (long)spki.len);
	AUTO(EVP_MD_CTX) ctx = EVP_MD_CTX_new();

	assert_non_null(key);
	return EVP_DigestVerifyInit_ex(ctx, NULL, digests[alg], NULL, NULL, key, NULL) == 1 &&
	    EVP_DigestVerify(ctx, sig.data, sig.len, message.data, message.len) == 1;
}

static void sign_and_verify(struct token *t, const char *spec_name, const char *id, struct bytes spki)
{
	AUTO_VALUE(buf) sig = { 0 };
	struct err e = ERR_INIT;
	struct key_spec spec;
	struct key_ref key;
	enum sig_alg alg;

	ASSERT_OK(e, key_spec_parse(&spec, spec_name, &e));
	ASSERT_OK(e, key_spec_sig_alg(&alg, &spec, &e));
	ASSERT_OK(e, token_find_key(&key, t, id, &e));
	ASSERT_OK(e, token_sign(t, &key, alg, message, &sig, &e));
	assert_true(verifies(spki, alg, buf_bytes(&sig)));
}

/* RSA 3072 and 4096 go the same way as 2048 and cost seconds. */
static bool is_slow(const char *spec)
{
	return strcmp(spec, "rsa:3072") == 0 || strcmp(spec, "rsa:4096") == 0;
}

static void assert_good(const struct key_evidence *v)
{
	assert_true(v->local == EVIDENCE_YES && v->sensitive == EVIDENCE_YES && v->always_sensitive == EVIDENCE_YES);
	assert_true(v->extractable == EVIDENCE_NO && v->never_extractable == EVIDENCE_YES);
	assert_true(v->value_refused == EVIDENCE_YES && v->always_authenticate == EVIDENCE_NO);
	assert_true(v->is_challenge_signed && v->read_again == EVIDENCE_YES);
	assert_non_null(strstr(v->module_name, "SoftHSM"));
	assert_true(v->module_path[0] == '/');
}

TEST(each_kind_of_key)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	for (size_t i = 0; key_spec_at(i) != NULL; i++) {
		AUTO_VALUE(buf) spki = { 0 }, again = { 0 };
		struct key_evidence evidence;
		char id[] = "00";

		if (is_slow(key_spec_at(i)))
			continue;
		id[1] = (char)('0' + i);
		make_key(t, key_spec_at(i), id, &spki);
		ASSERT_OK(e, token_prove(&evidence, t, TO_PROVE(id, spki, PROOF_ROOT), challenge, &e));
		assert_good(&evidence);
		ASSERT_OK(e, token_read_spki(&again, t, id, &e));
		ASSERT_OK(e, token_read_known_spki(&again, t, id, &e));
		assert_true(again.len == 2 * spki.len && memcmp(again.data, spki.data, spki.len) == 0);
		assert_memory_equal(again.data + spki.len, spki.data, spki.len);
		sign_and_verify(t, key_spec_at(i), id, buf_bytes(&spki));
	}
	token_close(t);
	fixture_down(&f);
}

static bool has_no(struct token *t, CK_OBJECT_CLASS class, const CK_ATTRIBUTE_TYPE types[], size_t n)
{
	AUTO_VALUE(buf) handles = { 0 };
	struct err e = ERR_INIT;

	ASSERT_OK(e, objects_with_id(&handles, t, class, "01", &e));
	assert_int_equal(handles_count(&handles), 1);
	for (size_t i = 0; i < n; i++) {
		enum tri value;

		ASSERT_OK(e, attr_read_tri(&value, t, handle_at(&handles, 0), types[i], &e));
		if (value == TRI_YES)
			return false;
	}
	return true;
}

TEST(a_key_may_sign_and_nothing_else)
{
	static const CK_ATTRIBUTE_TYPE private[] = { CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE, CKA_SIGN_RECOVER };
	static const CK_ATTRIBUTE_TYPE public[] = { CKA_ENCRYPT, CKA_WRAP, CKA_DERIVE, CKA_VERIFY_RECOVER,
		CKA_PRIVATE };
	AUTO_VALUE(buf) spki = { 0 };
	struct fixture f;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_key(t, "ec:p256", "01", &spki);
	assert_true(has_no(t, CKO_PRIVATE_KEY, private, sizeof(private) / sizeof(private[0])));
	assert_true(has_no(t, CKO_PUBLIC_KEY, public, sizeof(public) / sizeof(public[0])));
	token_close(t);
	fixture_down(&f);
}

static int collect(const struct object_info *o, void *arg, struct err *e)
{
	(void)e;
	((struct object_info *)arg)[o->class] = *o;
	return 0;
}

TEST(objects_are_described_and_paired)
{
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) other = { 0 };
	struct object_info seen[4];
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_key(t, "rsa:2048", "a1", &spki);
	memset(seen, 0, sizeof(seen));
	ASSERT_OK(e, token_each_object(t, collect, seen, &e));
	assert_string_equal(seen[OBJECT_PRIVATE_KEY].type, "rsa:2048");
	assert_string_equal(seen[OBJECT_PRIVATE_KEY].class_name, "private");
	assert_string_equal(seen[OBJECT_PRIVATE_KEY].label, "a key");
	assert_true(seen[OBJECT_PRIVATE_KEY].sensitive == TRI_YES && seen[OBJECT_PRIVATE_KEY].extractable == TRI_NO);
	assert_true(seen[OBJECT_PUBLIC_KEY].has_private && seen[OBJECT_PUBLIC_KEY].has_public);
	assert_false(seen[OBJECT_PUBLIC_KEY].has_cert);
	assert_non_null(strstr(seen[OBJECT_PUBLIC_KEY].uri, "id=%A1;type=public"));
	make_key(t, "ed25519", "a2", &other); /* blinds some libraries to all the others */
	ASSERT_OK(e, token_each_object(t, collect, seen, &e));
	sign_and_verify(t, "rsa:2048", "a1", buf_bytes(&spki));
	token_close(t);
	fixture_down(&f);
}

TEST(an_id_is_taken_once)
{
	AUTO_VALUE(buf) spki = { 0 };
	struct key_plan plan = { .spec = { KEY_EC, 256 }, .id = "01", .label = "second" };
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;
	char id[129];

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	ASSERT_OK(e, token_check_id_free(t, "01", &e));
	make_key(t, "ec:p256", "01", &spki);
	ASSERT_FAILS(e, token_check_id_free(t, "01", &e), ERR_POLICY, "id-taken");
	ASSERT_FAILS(e, token_generate(t, &plan, id, &spki, &e), ERR_POLICY, "id-taken");
	token_close(t);
	fixture_down(&f);
}

TEST(only_the_right_key_is_destroyed)
{
	AUTO_VALUE(buf) one = { 0 };
	AUTO_VALUE(buf) two = { 0 };
	AUTO_VALUE(buf) handles = { 0 };
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;
	unsigned n = 0;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_key(t, "ec:p256", "01", &one);
	make_key(t, "ec:p256", "02", &two);
	ASSERT_FAILS(e, token_destroy_key(&n, t, "01", buf_bytes(&two), &e), ERR_NOT_FOUND, NULL);
	ASSERT_FAILS(e, token_destroy_key(&n, t, "01", (struct bytes){ 0 }, &e), ERR_NOT_FOUND, NULL);
	ASSERT_FAILS(e, token_destroy_key(&n, t, "03", (struct bytes){ 0 }, &e), ERR_NOT_FOUND, NULL);
	ASSERT_OK(e, token_destroy_key(&n, t, "01", buf_bytes(&one), &e));
	assert_int_equal(n, 2);
	ASSERT_OK(e, token_check_id_free(t, "01", &e));
	ASSERT_OK(e, objects_with_id(&handles, t, CKO_PRIVATE_KEY, "02", &e));
	assert_int_equal(t->m->f->C_DestroyObject(t->session, handle_at(&handles, 0)), CKR_OK);
	ASSERT_OK(e, token_destroy_key(&n, t, "02", (struct bytes){ 0 }, &e)); /* the half that is left */
	assert_int_equal(n, 1);
	ASSERT_OK(e, token_check_id_free(t, "02", &e));
	token_close(t);
	fixture_down(&f);
}

/* A P-256 pair as another program would make it. */
static void make_foreign(struct token *t, bool sensitive, bool extractable, bool always)
{
	static const unsigned char p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
	CK_MECHANISM mechanism = { .mechanism = CKM_EC_KEY_PAIR_GEN };
	CK_OBJECT_HANDLE handle[2];
	struct attrs a[2] = { { .n = 0 }, { .n = 0 } };

	attrs_add(&a[0], CKA_EC_PARAMS, p256, sizeof(p256));
	for (size_t i = 0; i < 2; i++) {
		attrs_add(&a[i], CKA_ID, "\x01", 1);
		attrs_add_bool(&a[i], CKA_TOKEN, true);
		attrs_add_bool(&a[i], CKA_PRIVATE, i == 1);
	}
	attrs_add_bool(&a[1], CKA_SIGN, true);
	attrs_add_bool(&a[1], CKA_SENSITIVE, sensitive);
	attrs_add_bool(&a[1], CKA_EXTRACTABLE, extractable);
	attrs_add_bool(&a[1], CKA_ALWAYS_AUTHENTICATE, always);
	assert_int_equal(t->m->f->C_GenerateKeyPair(
			     t->session, &mechanism, a[0].all, a[0].n, a[1].all, a[1].n, &handle[0], &handle[1]),
	    CKR_OK);
}

static void prove_foreign(bool sensitive, bool extractable, const char *code)
{
	AUTO_VALUE(buf) spki = { 0 };
	struct key_evidence evidence;
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_foreign(t, sensitive, extractable, false);
	ASSERT_OK(e, token_read_spki(&spki, t, "01", &e));
	ASSERT_FAILS(e, token_prove(&evidence, t, TO_PROVE("01", spki, PROOF_AUDIT), challenge, &e), ERR_POLICY, code);
	ASSERT_OK(e, token_read_evidence(&evidence, t, "01", &e));
	assert_true(evidence.extractable == (extractable ? EVIDENCE_YES : EVIDENCE_NO));
	assert_true(evidence.value_refused == (sensitive ? EVIDENCE_YES : EVIDENCE_NO));
	token_close(t);
	fixture_down(&f);
}

TEST(a_key_that_can_leave_is_refused)
{
	prove_foreign(true, true, "key-extractable");
	prove_foreign(false, true, "key-extractable");
}

TEST(another_public_half_is_seen)
{
	static const char code[] = "key-not-proved";
	AUTO_VALUE(buf) one = { 0 };
	AUTO_VALUE(buf) two = { 0 };
	struct key_evidence evidence;
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_key(t, "ec:p256", "01", &one);
	make_key(t, "ec:p256", "02", &two);
	ASSERT_FAILS(e, token_prove(&evidence, t, TO_PROVE("01", two, PROOF_ROOT), challenge, &e), ERR_TOKEN, code);
	ASSERT_FAILS(e, token_prove(&evidence, t, TO_PROVE("03", two, PROOF_CARD), challenge, &e), ERR_TOKEN, code);
	token_close(t);
	fixture_down(&f);
}

TEST(a_key_that_wants_a_pin_per_signature)
{
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) sig = { 0 };
	struct fixture f;
	struct err e = ERR_INIT;
	struct key_ref key;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_foreign(t, true, false, true);
	ASSERT_OK(e, token_read_spki(&spki, t, "01", &e));
	ASSERT_OK(e, token_find_key(&key, t, "01", &e));
	assert_true(key.is_always_authenticate);
	f.asked = 0;
	sign_and_verify(t, "ec:p256", "01", buf_bytes(&spki));
	sign_and_verify(t, "ec:p256", "01", buf_bytes(&spki));
	assert_int_equal(f.asked, 2);
	assert_int_equal(f.last_ask.role, PIN_CONTEXT);
	f.context_pin = "999999";
	ASSERT_FAILS(e, token_sign(t, &key, SIG_ECDSA_SHA256, message, &sig, &e), ERR_PIN, NULL);
	assert_int_equal(e.rv, CKR_PIN_INCORRECT);
	assert_int_equal(sig.len, 0);
	f.context_pin = USER_PIN; /* nothing of the failure is left */
	sign_and_verify(t, "ec:p256", "01", buf_bytes(&spki));
	ASSERT_FAILS(e, token_sign(t, &key, SIG_RSA_SHA256, message, &sig, &e), ERR_POLICY, NULL);
	token_close(t);
	fixture_down(&f);
}

TEST(a_pin_that_is_good_for_one_signature)
{
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) sig = { 0 };
	struct fixture f;
	struct err e = ERR_INIT;
	struct key_ref key;
	struct token *t, *again;

	fixture_up(&f, NULL);
	f.refuse_repeat = true;
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_foreign(t, true, false, true);
	ASSERT_OK(e, token_read_spki(&spki, t, "01", &e));
	ASSERT_OK(e, token_find_key(&key, t, "01", &e));
	ASSERT_FAILS(e, token_expect_signatures(t, "01", 2, &e), ERR_POLICY, "pin-replay");
	ASSERT_OK(e, token_expect_signatures(t, "01", 1, &e));
	f.asked = 0;
	sign_and_verify(t, "ec:p256", "01", buf_bytes(&spki));
	assert_int_equal(f.asked, 1);
	ASSERT_OK(e, token_open_again(&again, t, &e)); /* another session is no way around it */
	ASSERT_FAILS(e, token_sign(again, &key, SIG_ECDSA_SHA256, message, &sig, &e), ERR_POLICY, "pin-replay");
	assert_int_equal(f.asked, 1);
	assert_int_equal(sig.len, 0);
	token_close(again);
	token_close(t);
	fixture_down(&f);
}

TEST(a_poor_token_says_what_it_lacks)
{
	struct key_spec rsa = { KEY_RSA, 2048 }, ec = { KEY_EC, 256 }, large = { KEY_RSA, 65536 };
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, "CKM_RSA_PKCS_KEY_PAIR_GEN,CKM_RSA_PKCS");
	(void)fixture_token(&f, "poor");
	t = fixture_open(&f, "poor");
	ASSERT_OK(e, token_check_can(t, &rsa, true, &e));
	ASSERT_FAILS(e, token_check_can(t, &ec, true, &e), ERR_TOKEN, NULL);
	ASSERT_FAILS(e, token_check_can(t, &ec, false, &e), ERR_TOKEN, NULL);
	assert_int_equal(e.rv, CKR_MECHANISM_INVALID);
	assert_non_null(strstr(e.what, "CKM_ECDSA"));
	ASSERT_FAILS(e, token_check_can(t, &large, true, &e), ERR_TOKEN, NULL);
	assert_int_equal(token_get_info(t)->rsa_pss, TRI_NOT_STATED);
	ASSERT_OK(e, token_ask_rsa_pss(t, &e));
	assert_int_equal(token_get_info(t)->rsa_pss, TRI_NO);
	token_close(t);
	fixture_down(&f);
}

TEST(a_token_that_signs_pss)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "full");
	t = fixture_open(&f, "full");
	ASSERT_OK(e, token_ask_rsa_pss(t, &e));
	assert_int_equal(token_get_info(t)->rsa_pss, TRI_YES);
	token_close(t);
	fixture_down(&f);
}

static int first_cert(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	assert_string_equal(o->subject, "CN=test");
	assert_true(o->has_cert && o->has_private);
	return buf_add(arg, der.data, der.len, e);
}

struct made_cert {
	unsigned char *der, *name, *serial;
	struct cert_object object;
};

/* Only its bytes matter: it is not signed by the key whose id it gets. */
static void cert_make(struct made_cert *c, long number)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), number);
	(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"test", -1, -1, 0);
	(void)X509_set_issuer_name(x, name);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	(void)X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	memset(c, 0, sizeof(*c));
	c->object.der.len = (size_t)i2d_X509(x, &c->der);
	c->object.subject.len = c->object.issuer.len = (size_t)i2d_X509_NAME(name, &c->name);
	c->object.serial.len = (size_t)i2d_ASN1_INTEGER(X509_get_serialNumber(x), &c->serial);
	c->object.der.data = c->der;
	c->object.subject.data = c->object.issuer.data = c->name;
	c->object.serial.data = c->serial;
	c->object.id = "01";
	c->object.label = "a certificate";
	X509_free(x);
	EVP_PKEY_free(key);
}

static void cert_clear(struct made_cert *c)
{
	OPENSSL_free(c->der);
	OPENSSL_free(c->name);
	OPENSSL_free(c->serial);
}

TEST(certificates)
{
	AUTO_VALUE(buf) spki = { 0 };
	AUTO_VALUE(buf) read = { 0 };
	struct made_cert one, two;
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	make_key(t, "ec:p256", "01", &spki);
	cert_make(&one, 1);
	cert_make(&two, 2);
	ASSERT_OK(e, token_write_cert(t, &one.object, &e));
	ASSERT_OK(e, token_write_cert(t, &one.object, &e)); /* is there already */
	ASSERT_FAILS(e, token_write_cert(t, &two.object, &e), ERR_POLICY, "id-taken");
	ASSERT_OK(e, token_each_cert(t, first_cert, &read, &e));
	assert_int_equal(read.len, one.object.der.len); /* one only */
	assert_memory_equal(read.data, one.object.der.data, read.len);
	two.object.id = "02"; /* no key has it: the public half comes from the certificate */
	ASSERT_OK(e, token_write_cert(t, &two.object, &e));
	buf_clear(&read);
	ASSERT_OK(e, token_read_spki(&read, t, "02", &e));
	assert_int_equal(read.len, spki.len);
	ASSERT_FAILS(e, token_read_spki(&read, t, "03", &e), ERR_NOT_FOUND, "key-not-found");
	token_close(t);
	cert_clear(&one);
	cert_clear(&two);
	fixture_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_key),
		cmocka_unit_test(a_key_may_sign_and_nothing_else),
		cmocka_unit_test(objects_are_described_and_paired),
		cmocka_unit_test(an_id_is_taken_once),
		cmocka_unit_test(only_the_right_key_is_destroyed),
		cmocka_unit_test(a_key_that_can_leave_is_refused),
		cmocka_unit_test(another_public_half_is_seen),
		cmocka_unit_test(a_key_that_wants_a_pin_per_signature),
		cmocka_unit_test(a_pin_that_is_good_for_one_signature),
		cmocka_unit_test(a_poor_token_says_what_it_lacks),
		cmocka_unit_test(a_token_that_signs_pss),
		cmocka_unit_test(certificates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
