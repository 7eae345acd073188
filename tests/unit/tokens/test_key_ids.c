/* SPDX-License-Identifier: MIT */
/* test_key_ids.c - ids that more than one object has, and session objects, on a real SoftHSM. */
#include "tests/unit/tokens/token_fixture.h"

#include "tokens/internal.h"

static const unsigned char p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };

/* A P-256 pair with the id 01. */
static void make_pair(struct token *t, bool is_stored)
{
	CK_MECHANISM mechanism = { .mechanism = CKM_EC_KEY_PAIR_GEN };
	struct attrs a[2] = { { .n = 0 }, { .n = 0 } };
	CK_OBJECT_HANDLE handle[2];

	attrs_add(&a[0], CKA_EC_PARAMS, p256, sizeof(p256));
	for (size_t i = 0; i < 2; i++) {
		attrs_add(&a[i], CKA_ID, "\x01", 1);
		attrs_add_bool(&a[i], CKA_TOKEN, is_stored);
		attrs_add_bool(&a[i], CKA_PRIVATE, i == 1);
	}
	attrs_add_bool(&a[1], CKA_SENSITIVE, true);
	attrs_add_bool(&a[1], CKA_EXTRACTABLE, false);
	assert_int_equal(t->m->f->C_GenerateKeyPair(t->session, &mechanism, a[0].all, a[0].n, a[1].all, a[1].n,
			     &handle[0], &handle[1]), CKR_OK);
}

static void make_cert(struct token *t)
{
	static const CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	static const CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_OBJECT_HANDLE handle;
	struct attrs a = { .n = 0 };

	attrs_add(&a, CKA_CLASS, &class, sizeof(class));
	attrs_add(&a, CKA_CERTIFICATE_TYPE, &type, sizeof(type));
	attrs_add_bool(&a, CKA_TOKEN, true);
	attrs_add(&a, CKA_ID, "\x01", 1);
	attrs_add(&a, CKA_SUBJECT, "\x30\x00", 2);
	attrs_add(&a, CKA_VALUE, "\x30\x00", 2);
	assert_int_equal(t->m->f->C_CreateObject(t->session, a.all, a.n, &handle), CKR_OK);
}

static struct token *up(struct fixture *f)
{
	fixture_up(f, NULL);
	(void)fixture_token(f, "alpha");
	return fixture_login(f, "alpha");
}

static void down(struct fixture *f, struct token *t)
{
	token_close(t);
	fixture_down(f);
}

TEST(of_two_private_keys_with_one_id_none_is_chosen)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = up(&f);
	struct key_evidence evidence;
	struct key_ref key;

	make_pair(t, true);
	ASSERT_OK(e, token_find_key(&key, t, "01", &e));
	make_pair(t, true);
	ASSERT_FAILS(e, token_find_key(&key, t, "01", &e), ERR_NOT_FOUND, "id-ambiguous");
	ASSERT_FAILS(e, token_check_key(&evidence, t,
	    &(struct key_to_prove){ "01", (struct bytes){ 0 }, PROOF_AUDIT }, &e), ERR_TOKEN,
	    "key-not-proved");
	down(&f, t);
}

TEST(the_public_half_is_the_one_that_is_expected)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = up(&f);
	struct key_evidence evidence;
	AUTO_VALUE(buf) spki = { 0 };

	make_pair(t, true);
	ASSERT_OK(e, token_read_spki(&spki, t, "01", &e));
	ASSERT_OK(e, token_check_key(&evidence, t, &(struct key_to_prove){ "01", buf_bytes(&spki), PROOF_FOUND }, &e));
	spki.data[spki.len - 1] ^= 1;
	ASSERT_FAILS(e, token_check_key(&evidence, t,
	    &(struct key_to_prove){ "01", buf_bytes(&spki), PROOF_FOUND }, &e), ERR_TOKEN,
	    "key-not-proved");
	assert_non_null(strstr(e.what, "public half"));
	down(&f, t);
}

TEST(an_id_that_only_a_certificate_has_is_not_free)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = up(&f);
	struct key_plan plan = { .spec = { KEY_EC, 256 }, .id = "01", .label = "a key" };
	AUTO_VALUE(buf) spki = { 0 };
	char id[129];

	ASSERT_OK(e, token_check_id_free(t, "01", &e));
	make_cert(t);
	ASSERT_FAILS(e, token_check_id_free(t, "01", &e), ERR_POLICY, "id-taken");
	assert_non_null(strstr(e.what, "certificate"));
	ASSERT_FAILS(e, token_generate(t, &plan, id, &spki, &e), ERR_POLICY, "id-taken");
	down(&f, t);
}

TEST(an_id_that_only_half_a_pair_has_is_not_free)
{
	static const CK_OBJECT_CLASS classes[] = { CKO_PRIVATE_KEY, CKO_PUBLIC_KEY };
	static const char *const left[] = { "a public key", "a private key" };
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = up(&f);

	for (size_t i = 0; i < 2; i++) {
		AUTO_VALUE(buf) one = { 0 };
		AUTO_VALUE(buf) other = { 0 };

		make_pair(t, true);
		ASSERT_OK(e, objects_with_id(&one, t, classes[i], "01", &e));
		ASSERT_OK(e, objects_with_id(&other, t, classes[1 - i], "01", &e));
		assert_int_equal(handles_count(&one) + handles_count(&other), 2);
		assert_int_equal(t->m->f->C_DestroyObject(t->session, handle_at(&one, 0)), CKR_OK);
		ASSERT_FAILS(e, token_check_id_free(t, "01", &e), ERR_POLICY, "id-taken");
		assert_non_null(strstr(e.what, left[i]));
		assert_int_equal(t->m->f->C_DestroyObject(t->session, handle_at(&other, 0)), CKR_OK);
		ASSERT_OK(e, token_check_id_free(t, "01", &e));
	}
	down(&f, t);
}

static int count(const struct key_ref *key, void *arg, struct err *e)
{
	(void)key;
	(void)e;
	++*(unsigned *)arg;
	return 0;
}

TEST(keys_of_the_session_alone_are_not_found)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = up(&f);
	AUTO_VALUE(buf) spki = { 0 };
	struct key_evidence evidence;
	struct key_ref key;
	unsigned n = 0;

	make_pair(t, false);
	ASSERT_FAILS(e, token_find_key(&key, t, "01", &e), ERR_NOT_FOUND, "key-not-found");
	ASSERT_OK(e, token_each_key(t, count, &n, &e));
	assert_int_equal(n, 0);
	ASSERT_FAILS(e, token_read_spki(&spki, t, "01", &e), ERR_NOT_FOUND, "key-not-found");
	ASSERT_FAILS(e, token_check_key(&evidence, t,
	    &(struct key_to_prove){ "01", (struct bytes){ 0 }, PROOF_CARD }, &e), ERR_POLICY,
	    "key-not-stored");
	down(&f, t);
}

/* A root's key and one that another program made: what the session has is gone after C_Finalize. */
TEST(keys_that_are_here_to_stay_are_read_after_a_new_initialize)
{
	static const struct {
		enum proof how;
		enum evidence read_again;
	} rows[] = { { PROOF_FOUND, EVIDENCE_YES }, { PROOF_AUDIT, EVIDENCE_NO }, { PROOF_CARD_NOW, EVIDENCE_NO } };
	static const struct bytes challenge = { (const unsigned char *)"p11ca key proof v1: not random here", 35 };
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = up(&f);
	struct key_plan plan = { .spec = { KEY_EC, 256 }, .id = "01", .label = "a key" };
	AUTO_VALUE(buf) spki = { 0 };
	char id[129];

	ASSERT_OK(e, token_generate(t, &plan, id, &spki, &e));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct key_evidence evidence;

		ASSERT_OK(e, token_prove(&evidence, t,
		    &(struct key_to_prove){ "01", buf_bytes(&spki), rows[i].how }, challenge, &e));
		assert_int_equal(evidence.read_again, rows[i].read_again);
	}
	down(&f, t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_two_private_keys_with_one_id_none_is_chosen),
		cmocka_unit_test(the_public_half_is_the_one_that_is_expected),
		cmocka_unit_test(an_id_that_only_a_certificate_has_is_not_free),
		cmocka_unit_test(an_id_that_only_half_a_pair_has_is_not_free),
		cmocka_unit_test(keys_of_the_session_alone_are_not_found),
		cmocka_unit_test(keys_that_are_here_to_stay_are_read_after_a_new_initialize),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
