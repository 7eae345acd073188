/* SPDX-License-Identifier: MIT */
/* test_login.c - PIN flags, pinpads and lengths, with a token that is a few functions. */
#include "tests/unit/tokens/token_fixture.h"

#include <unistd.h>

#include "tokens/internal.h"

static struct {
	CK_FLAGS flags;
	CK_RV login;
	unsigned logins;
	bool had_pin;
	CK_USER_TYPE user;
	CK_STATE state;
	CK_ULONG min_len;
} fake;

static CK_RV get_slot_info(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
	(void)slot;
	memset(info, 0, sizeof(*info));
	return CKR_OK;
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	(void)slot;
	memset(info, ' ', sizeof(*info));
	memcpy(info->label, "fake", 4);
	info->flags = CKF_TOKEN_INITIALIZED | fake.flags;
	info->ulMinPinLen = fake.min_len;
	info->ulMaxPinLen = 8;
	return CKR_OK;
}

static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
	(void)session;
	memset(info, 0, sizeof(*info));
	info->state = fake.state;
	return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE *pin, CK_ULONG len)
{
	(void)session;
	fake.logins++;
	fake.user = user;
	fake.had_pin = pin != NULL;
	assert_true((pin != NULL) == (len != 0));
	return fake.login;
}

static CK_RV logout(CK_SESSION_HANDLE session)
{
	(void)session;
	return CKR_OK;
}

static CK_FUNCTION_LIST functions = {
	.C_GetSlotInfo = get_slot_info, .C_GetTokenInfo = get_token_info, .C_GetSessionInfo = get_session_info,
	.C_Login = login, .C_Logout = logout,
};

struct faked {
	struct fixture f;
	struct module m;
	struct token t;
};

static void up(struct faked *k, CK_FLAGS flags)
{
	memset(&fake, 0, sizeof(fake));
	fake.flags = flags;
	fake.min_len = 4;
	memset(k, 0, sizeof(*k));
	fixture_person(&k->f);
	(void)snprintf(k->f.folder, sizeof(k->f.folder), "/tmp/p11ca-test-XXXXXX");
	assert_non_null(mkdtemp(k->f.folder));
	k->m.env = &k->f.env;
	k->m.f = &functions;
	k->t.m = &k->m;
	k->t.kind = kind_find("generic");
	(void)snprintf(k->t.info.label, sizeof(k->t.info.label), "fake");
}

static void down(struct faked *k)
{
	free(k->t.uri_source);
	fixture_down(&k->f);
}

static int log_in(struct faked *k, enum pin_role role, struct err *e)
{
	return token_login(&k->t, role, "card", "env:PIN", e);
}

TEST(a_locked_pin_is_not_tried)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, CKF_USER_PIN_LOCKED);
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, NULL);
	assert_int_equal(e.rv, CKR_PIN_LOCKED);
	assert_int_equal(fake.logins + k.f.asked, 0);
	ASSERT_OK(e, log_in(&k, PIN_SO, &e)); /* another PIN */
	assert_int_equal(fake.user, CKU_SO);
	down(&k);
}

TEST(the_final_try_is_asked_for)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW);
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, "pin-final-try");
	assert_int_equal(fake.logins + k.f.asked, 0);
	k.f.env.last_try = true;
	ASSERT_OK(e, log_in(&k, PIN_USER, &e));
	assert_true(k.f.last_ask.final_try && k.f.last_ask.count_low);
	assert_string_equal(k.f.warned, "pin-final-try ");
	down(&k);
}

TEST(so_flags_are_the_so_pin_s)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, CKF_SO_PIN_LOCKED | CKF_USER_PIN_TO_BE_CHANGED);
	ASSERT_FAILS(e, log_in(&k, PIN_SO, &e), ERR_PIN, NULL);
	assert_null(e.hint);
	ASSERT_OK(e, log_in(&k, PIN_USER, &e));
	assert_string_equal(k.f.warned, "pin-to-be-changed ");
	down(&k);
}

TEST(a_pinpad_asks_by_itself)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, CKF_PROTECTED_AUTHENTICATION_PATH);
	ASSERT_OK(e, log_in(&k, PIN_USER, &e));
	assert_int_equal(k.f.asked, 0);
	assert_false(fake.had_pin);
	down(&k);
}

TEST(impossible_pins_are_not_tried)
{
	static const char *const bad[] = { "", "123", "123456789" };
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		k.f.user_pin = bad[i];
		ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, NULL);
	}
	fake.min_len = 0; /* of a token that states no length, too */
	k.f.user_pin = "";
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, NULL);
	assert_int_equal(fake.logins, 0);
	down(&k);
}

static CK_RV try_once(struct token *t, CK_BYTE *pin, CK_ULONG len, void *arg)
{
	(void)t;
	(void)arg;
	assert_int_equal(len, 6);
	assert_memory_equal(pin, "123456", 6);
	return fake.login;
}

/* The caller's copy: whatever follows a try, a callback of the ui or an error, finds nothing. */
static void assert_wiped(struct faked *k, int result)
{
	static const struct secret none;
	struct secret pin = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(secret_set(&pin, "123456", 6, &e), 0);
	assert_int_equal(pin_try(&k->t, PIN_USER, &pin, try_once, NULL, &e), result);
	assert_memory_equal(&pin, &none, sizeof(pin));
}

TEST(a_pin_is_wiped_by_its_try)
{
	struct faked k;

	up(&k, 0);
	assert_wiped(&k, 0);
	k.f.env.batch = true;
	fake.login = CKR_PIN_INCORRECT;
	assert_wiped(&k, -1);
	fake.login = CKR_OK;
	assert_wiped(&k, -1); /* failed before */
	fake.flags = CKF_USER_PIN_LOCKED;
	assert_wiped(&k, -1);
	down(&k);
}

TEST(what_is_left_is_told)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, 0);
	fake.login = CKR_PIN_INCORRECT;
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, NULL);
	assert_string_equal(e.cause, "the token says: nothing about the tries that are left");
	fake.login = CKR_DEVICE_ERROR;
	k.f.env.batch = true;
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_TOKEN, NULL);
	fake.login = CKR_OK; /* a device error is no failed PIN */
	ASSERT_OK(e, log_in(&k, PIN_USER, &e));
	down(&k);
}

/* While the PIN is typed another program may use up the tries. */
static CK_FLAGS flags_after_typing;
static int type_slowly(void *self, const struct pin_ask *ask, struct secret *out, struct err *e)
{
	(void)self;
	(void)ask;
	fake.flags = flags_after_typing;
	return secret_set(out, "123456", 6, e);
}

TEST(flags_are_read_again_between_typing_and_trying)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, 0);
	k.f.ui.get_pin = type_slowly;
	flags_after_typing = CKF_USER_PIN_LOCKED;
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, NULL);
	assert_int_equal(e.rv, CKR_PIN_LOCKED);
	fake.flags = 0;
	flags_after_typing = CKF_USER_PIN_FINAL_TRY;
	ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, "pin-final-try");
	assert_int_equal(fake.logins, 0);
	down(&k);
}

TEST(each_refusal_of_a_pin_is_remembered_for_batch)
{
	static const CK_RV refusals[] = { CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE };

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct err e = ERR_INIT;
		struct faked k;

		up(&k, 0);
		k.f.env.batch = true;
		fake.login = refusals[i];
		ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, NULL);
		assert_int_equal(e.rv, refusals[i]);
		fake.login = CKR_OK;
		ASSERT_FAILS(e, log_in(&k, PIN_USER, &e), ERR_PIN, "pin-failed-before");
		assert_int_equal(fake.logins, 1);
		k.f.env.batch = false; /* a person's login clears it */
		ASSERT_OK(e, log_in(&k, PIN_USER, &e));
		k.t.is_logged_in = false;
		k.f.env.batch = true;
		ASSERT_OK(e, log_in(&k, PIN_USER, &e));
		down(&k);
	}
}

TEST(logged_in_already)
{
	struct err e = ERR_INIT;
	struct faked k;

	up(&k, 0);
	fake.state = CKS_RW_USER_FUNCTIONS;
	ASSERT_OK(e, log_in(&k, PIN_USER, &e));
	assert_int_equal(fake.logins + k.f.asked, 0);
	assert_false(k.t.is_logged_in); /* so it is not ours to log out */
	fake.login = CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
	ASSERT_FAILS(e, log_in(&k, PIN_SO, &e), ERR_PIN, NULL);
	ASSERT_FAILS(e, token_login_context(&k.t, &e), ERR_PIN, NULL); /* tried in spite of the state */
	assert_int_equal(fake.user, CKU_CONTEXT_SPECIFIC);
	down(&k);
}

/* A TPM's token has one key in use at a time, and may be in slot 0, which an entry without a PIN has, too. */
TEST(the_pin_of_a_token_in_slot_0_is_kept)
{
	struct err e = ERR_INIT;
	struct faked k;
	struct token other;

	up(&k, 0);
	key_cache_init(&k.m.key_cache);
	k.t.kind = kind_find("tpm2");
	ASSERT_OK(e, log_in(&k, PIN_USER, &e));
	ASSERT_OK(e, token_take_key(&k.t, "01", KEY_CACHE_SIGNS, &e));
	assert_int_equal(k.f.asked, 1);
	for (unsigned i = 2; i < 6; i++) {
		char id[3];

		(void)snprintf(id, sizeof(id), "%02u", i);
		fake.state = CKS_RW_PUBLIC_SESSION;
		ASSERT_OK(e, token_take_key(&k.t, id, KEY_CACHE_SIGNS, &e));
		assert_int_equal(fake.logins, i);
		assert_int_equal(k.f.asked, 1); /* with the PIN that was kept */
	}
	other = k.t;
	other.uri_source = NULL;
	other.slot = 1; /* the PIN of one token goes to no other, and there is room for it */
	ASSERT_OK(e, token_login(&other, PIN_USER, "card", "env:PIN", &e));
	ASSERT_OK(e, token_take_key(&other, "01", KEY_CACHE_SIGNS, &e));
	ASSERT_OK(e, token_take_key(&other, "02", KEY_CACHE_SIGNS, &e));
	assert_int_equal(k.f.asked, 2);
	key_cache_forget(&k.t);
	ASSERT_OK(e, token_take_key(&other, "03", KEY_CACHE_SIGNS, &e));
	assert_int_equal(k.f.asked, 2);
	key_cache_clear(&k.m.key_cache);
	free(other.uri_source);
	down(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_locked_pin_is_not_tried),
		cmocka_unit_test(the_final_try_is_asked_for),
		cmocka_unit_test(so_flags_are_the_so_pin_s),
		cmocka_unit_test(a_pinpad_asks_by_itself),
		cmocka_unit_test(impossible_pins_are_not_tried),
		cmocka_unit_test(a_pin_is_wiped_by_its_try),
		cmocka_unit_test(what_is_left_is_told),
		cmocka_unit_test(flags_are_read_again_between_typing_and_trying),
		cmocka_unit_test(each_refusal_of_a_pin_is_remembered_for_batch),
		cmocka_unit_test(logged_in_already),
		cmocka_unit_test(the_pin_of_a_token_in_slot_0_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
