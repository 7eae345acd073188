/* SPDX-License-Identifier: MIT */
/* test_tokens_faults.c - tokens that fail, lie or go away: no call hangs, each says what was answered. */
#include "tests/unit/tokens/token_fixture.h"

#include <unistd.h>

#include "tokens/internal.h"
#include "tokens/sign.h"

static const struct bytes challenge = { (const unsigned char *)"p11ca key proof v1: not random here", 35 };

static int setup(void **state)
{
	(void)state;
	(void)alarm(300); /* a hang is a failure */
	return 0;
}

static int open_alpha(struct token **t, struct fixture *f, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;

	return uri_parse(&uri, "alpha", e) < 0 ? -1 : token_open(t, f->m, uri, true, e);
}

/* A token "alpha", then the proxy with the plan in front of it. */
static void alpha_behind(struct fixture *f, const char *plan)
{
	fixture_up(f, NULL);
	(void)fixture_token(f, "alpha");
	(void)fixture_module(f, plan);
}

static void assert_open_fails(const char *plan, enum err_status status, CK_RV rv)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = NULL;

	alpha_behind(&f, plan);
	ASSERT_FAILS(e, open_alpha(&t, &f, &e), status, NULL);
	assert_true(e.has_rv && e.rv == rv);
	assert_null(t);
	fixture_down(&f);
}

TEST(a_session_that_does_not_open)
{
	assert_open_fails("C_OpenSession@1=0x30", ERR_TOKEN, CKR_DEVICE_ERROR);
	assert_open_fails("C_OpenSession@1=0xe0", ERR_NOT_FOUND, CKR_TOKEN_NOT_PRESENT);
	assert_open_fails("C_OpenSession@1=remove", ERR_TOKEN, CKR_DEVICE_REMOVED);
	assert_open_fails("C_GetSlotList@1=0x30", ERR_TOKEN, CKR_DEVICE_ERROR);
	assert_open_fails("C_GetSlotList@2=0x5", ERR_TOKEN, CKR_GENERAL_ERROR);
}

static int count(const struct token_info *info, void *arg, struct err *e)
{
	(void)info;
	(void)e;
	++*(unsigned *)arg;
	return 0;
}

TEST(one_bad_slot_hides_no_other)
{
	struct fixture f;
	struct err e = ERR_INIT;
	unsigned n = 0;

	alpha_behind(&f, "C_GetTokenInfo@1=0x30 C_GetTokenInfo@3=0xe0");
	ASSERT_OK(e, token_each(f.m, count, &n, &e));
	assert_int_equal(n, 1);
	assert_string_equal(f.warned, "token-unreadable ");
	ASSERT_OK(e, token_each(f.m, count, &n, &e)); /* a card just taken out is no device error */
	assert_int_equal(n, 2);
	assert_string_equal(f.warned, "token-unreadable ");
	fixture_down(&f);
}

TEST(a_slot_listing_that_misses_the_token_is_read_again)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = NULL;

	alpha_behind(&f, "C_GetTokenInfo@1=0xe0 C_GetTokenInfo@2=0xe0");
	ASSERT_OK(e, open_alpha(&t, &f, &e));
	token_close(t);
	fixture_down(&f);
}

TEST(init_goes_on_where_libp11_cannot_list)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token_info info;

	fixture_up(&f, NULL);
	(void)fixture_module(&f, "C_GetTokenInfo@4=0x30"); /* the first that libp11 makes */
	ASSERT_OK(e, token_init(&info, f.m, NULL, "alpha", &e));
	assert_string_equal(info.label, "alpha");
	fixture_down(&f);
}

static void assert_init_fails(const char *plan, enum err_status status, CK_RV rv)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token_info info;

	fixture_up(&f, NULL);
	(void)fixture_module(&f, plan);
	ASSERT_FAILS(e, token_init(&info, f.m, NULL, "alpha", &e), status, NULL);
	assert_true(e.has_rv && e.rv == rv);
	fixture_down(&f);
}

TEST(init_that_fails)
{
	assert_init_fails("C_InitToken@1=0xe2", ERR_TOKEN, CKR_TOKEN_WRITE_PROTECTED);
	assert_init_fails("C_InitToken@1=remove", ERR_TOKEN, CKR_DEVICE_REMOVED);
	assert_init_fails("C_OpenSession@1=0x30", ERR_TOKEN, CKR_DEVICE_ERROR);
	assert_init_fails("C_InitPIN@1=0xa2", ERR_PIN, CKR_PIN_LEN_RANGE);
}

TEST(a_login_that_says_already)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = NULL;

	alpha_behind(&f, "C_Login@1=0x100 C_Login@2=0x800000a4");
	ASSERT_OK(e, open_alpha(&t, &f, &e));
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_PIN, NULL);
	assert_int_equal(e.rv, CKR_USER_ALREADY_LOGGED_IN);
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_TOKEN, NULL);
	assert_true(e.rv == 0x800000a4UL);
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	token_close(t);
	fixture_down(&f);
}

/* Makes a key under the plan, and proves it. */
static int make_and_prove(struct fixture *f, struct token **out, struct err *e)
{
	AUTO_VALUE(buf) spki = { 0 };
	struct key_plan plan = { .spec = { KEY_EC, 256 }, .id = "01", .label = "a key" };
	struct key_evidence evidence;
	char id[129];

	if (open_alpha(out, f, e) < 0 || token_login(*out, PIN_USER, "card", NULL, e) < 0 ||
	    token_generate(*out, &plan, id, &spki, e) < 0)
		return -1;
	return token_prove(&evidence, *out, &(struct key_to_prove){ "01", buf_bytes(&spki), PROOF_ROOT }, challenge, e);
}

/* The key as the public object says it is: what it was made as is forgotten. */
static int prove(struct token *t, struct err *e)
{
	AUTO_VALUE(buf) spki = { 0 };
	struct key_evidence evidence;

	if (token_read_spki(&spki, t, "01", e) < 0)
		return -1;
	return token_prove(&evidence, t, &(struct key_to_prove){ "01", buf_bytes(&spki), PROOF_ROOT }, challenge, e);
}

static void assert_prove_fails(const char *plan, enum err_status status, const char *code)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = NULL;

	alpha_behind(&f, plan);
	ASSERT_FAILS(e, make_and_prove(&f, &t, &e), status, code);
	token_close(t);
	fixture_down(&f);
}

TEST(a_token_that_lies_about_a_key)
{
	assert_prove_fails("C_Sign@1=wrong", ERR_TOKEN, "key-not-proved");
	assert_prove_fails("C_Sign@1=short", ERR_TOKEN, "key-not-proved");
	assert_prove_fails("C_Sign@1=0x30", ERR_TOKEN, NULL);
	assert_prove_fails("C_SignInit@1=0x54", ERR_TOKEN, NULL);
	assert_prove_fails("C_SignInit@1=remove", ERR_TOKEN, NULL);
	assert_prove_fails("C_GenerateKeyPair@1=0x31", ERR_TOKEN, NULL);
	assert_prove_fails("C_OpenSession@2=0xb1", ERR_TOKEN, NULL);
}

TEST(attributes_that_are_refused_are_left_out)
{
	struct key_evidence evidence;
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t = NULL;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	f.env.kind = "generic"; /* has a ladder */
	(void)fixture_module(&f, "C_GenerateKeyPair@1=0x12 C_GenerateKeyPair@2=0xd1 C_GenerateKeyPair@3=0x13");
	/* SoftHSM allows what it is not told to refuse: that is read back */
	ASSERT_FAILS(e, make_and_prove(&f, &t, &e), ERR_POLICY, "key-allows-more");
	ASSERT_OK(e, token_read_evidence(&evidence, t, "01", &e));
	assert_int_equal(evidence.can_sign_recover, EVIDENCE_YES);
	assert_int_equal(evidence.can_unwrap, EVIDENCE_NO); /* the fourth try still asked for it */
	token_close(t);
	fixture_down(&f);
}

/* Spoils each read of an attribute in turn; the code must be among what the proof then says. */
static unsigned count_refusals(const char *fault, const char *code)
{
	unsigned seen = 0;
	struct fixture f;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	(void)fixture_module(&f, "");
	for (unsigned n = 1; n <= 60; n++) {
		struct err e = ERR_INIT;
		struct token *t = NULL;
		char plan[64];

		(void)snprintf(plan, sizeof(plan), "C_GetAttributeValue@%u=%s", n, fault);
		(void)fixture_module(&f, plan);
		if (n == 1) {
			ASSERT_OK(e, make_and_prove(&f, &t, &e));
		} else {
			ASSERT_OK(e, open_alpha(&t, &f, &e));
			ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
			seen += prove(t, &e) < 0 && e.code != NULL && strcmp(e.code, code) == 0;
		}
		token_close(t);
	}
	fixture_down(&f);
	return seen;
}

TEST(what_the_token_says_of_the_key_decides)
{
	assert_int_not_equal(count_refusals("0x12", "key-not-stated"), 0);
	assert_int_not_equal(count_refusals("wrong", "key-extractable"), 0);
}

/* One fault at each call that making and proving a key makes: an end in time, a message, and no crash. */
TEST(each_call_fails_once)
{
	static const char *const calls[] = { "C_GetAttributeValue", "C_FindObjectsInit", "C_FindObjects",
		"C_FindObjectsFinal" };
	struct fixture f;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		for (unsigned n = 1; n <= 40; n += 3) {
			struct err e = ERR_INIT;
			struct token *t = NULL;
			unsigned gone = 0;
			char plan[64];
			int result;

			(void)snprintf(plan, sizeof(plan), "%s@%u=0x30", calls[i], n);
			(void)fixture_module(&f, plan);
			result = make_and_prove(&f, &t, &e);
			assert_true(result == 0 || (e.status == ERR_TOKEN && e.rv == CKR_DEVICE_ERROR));
			token_close(t);
			(void)fixture_module(&f, NULL);
			t = fixture_login(&f, "alpha");
			{
				AUTO_VALUE(buf) spki = { 0 };

				if (token_read_spki(&spki, t, "01", &e) == 0)
					ASSERT_OK(e, token_destroy_key(&gone, t, "01", buf_bytes(&spki), &e));
			}
			token_close(t);
		}
	}
	fixture_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_that_does_not_open),
		cmocka_unit_test(one_bad_slot_hides_no_other),
		cmocka_unit_test(a_slot_listing_that_misses_the_token_is_read_again),
		cmocka_unit_test(init_goes_on_where_libp11_cannot_list),
		cmocka_unit_test(init_that_fails),
		cmocka_unit_test(a_login_that_says_already),
		cmocka_unit_test(a_token_that_lies_about_a_key),
		cmocka_unit_test(attributes_that_are_refused_are_left_out),
		cmocka_unit_test(what_the_token_says_of_the_key_decides),
		cmocka_unit_test(each_call_fails_once),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
