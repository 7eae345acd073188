/* SPDX-License-Identifier: MIT */
/* test_token_lies.c - answers of a module that cannot be true: too many objects, too long signatures. */
#include "tests/unit/tokens/token_fixture.h"

#include "tokens/internal.h"
#include "tokens/sign.h"

static struct {
	CK_ULONG at_once;            /* objects in each answer to a search */
	CK_ULONG answers;            /* how many answers have objects; then the search is over */
	CK_ULONG sig_len;
	CK_RV find_final;
	unsigned n_answered, n_renewed;
} lie;

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *query, CK_ULONG n)
{
	(void)session;
	(void)query;
	(void)n;
	lie.n_answered = 0;
	return CKR_OK;
}

static CK_RV find_next(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, CK_ULONG max, CK_ULONG *n)
{
	(void)session;
	*n = lie.n_answered < lie.answers ? lie.at_once : 0;
	lie.n_answered++;
	for (CK_ULONG i = 0; i < max && i < *n; i++)
		found[i] = i + 1;
	return CKR_OK;
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
	(void)session;
	return lie.find_final;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key)
{
	(void)session;
	(void)mechanism;
	(void)key;
	return CKR_OK;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG len, CK_BYTE *sig, CK_ULONG *sig_len)
{
	(void)session;
	(void)data;
	(void)len;
	memset(sig, 1, *sig_len);
	*sig_len = lie.sig_len;
	return CKR_OK;
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
	(void)session;
	lie.n_renewed++;
	return CKR_OK;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *app, CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
	(void)slot;
	(void)flags;
	(void)app;
	(void)notify;
	*session = 2;
	return CKR_OK;
}

static CK_FUNCTION_LIST functions = {
	.C_FindObjectsInit = find_init, .C_FindObjects = find_next, .C_FindObjectsFinal = find_final,
	.C_SignInit = sign_init, .C_Sign = sign, .C_CloseSession = close_session, .C_OpenSession = open_session,
};

struct lying {
	struct fixture f;
	struct module m;
	struct token t;
};

static void up(struct lying *k)
{
	memset(&lie, 0, sizeof(lie));
	memset(k, 0, sizeof(*k));
	fixture_person(&k->f);
	k->m.env = &k->f.env;
	k->m.f = &functions;
	k->t.m = &k->m;
	k->t.kind = kind_find("generic");
	k->t.is_open = true;
}

static int search(struct lying *k, size_t *n, struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };
	struct attrs query = { .n = 0 };
	int result = objects_find(&handles, &k->t, &query, e);

	*n = handles_count(&handles);
	return result;
}

TEST(a_search_returns_what_the_token_states)
{
	struct err e = ERR_INIT;
	struct lying k;
	size_t n;

	up(&k);
	lie.at_once = 16;
	lie.answers = 3;
	ASSERT_OK(e, search(&k, &n, &e));
	assert_int_equal(n, 48);
	lie.find_final = CKR_DEVICE_ERROR;
	ASSERT_FAILS(e, search(&k, &n, &e), ERR_TOKEN, NULL);
}

TEST(more_objects_than_were_asked_for_are_refused)
{
	struct err e = ERR_INIT;
	struct lying k;
	size_t n;

	up(&k);
	lie.at_once = 17; /* the array holds 16 */
	lie.answers = 1;
	ASSERT_FAILS(e, search(&k, &n, &e), ERR_TOKEN, NULL);
	assert_int_equal(n, 0);
}

TEST(endless_objects_are_refused)
{
	struct err e = ERR_INIT;
	struct lying k;
	size_t n;

	up(&k);
	lie.at_once = 16;
	lie.answers = 100000; /* a bound that fails with an error, not with memory */
	ASSERT_FAILS(e, search(&k, &n, &e), ERR_TOKEN, NULL);
	assert_true(n >= 65536 && n < 65536 + 2 * 16);
}

TEST(a_signature_that_is_longer_than_the_buffer_is_refused)
{
	static const struct bytes message = { (const unsigned char *)"a message", 9 };
	struct key_ref key = { .id = "01", .type = "rsa", .object = 1 };
	AUTO_VALUE(buf) sig = { 0 };
	struct err e = ERR_INIT;
	struct lying k;

	up(&k);
	lie.sig_len = 2048; /* of RSA with 16384 bits */
	ASSERT_OK(e, token_sign(&k.t, &key, SIG_RSA_SHA256, message, &sig, &e));
	assert_int_equal(sig.len, 2048);
	assert_int_equal(lie.n_renewed, 0);
	lie.sig_len = 2049;
	buf_clear(&sig);
	ASSERT_FAILS(e, token_sign(&k.t, &key, SIG_RSA_SHA256, message, &sig, &e), ERR_TOKEN, NULL);
	assert_int_equal(sig.len, 0);
	assert_int_equal(lie.n_renewed, 1); /* the operation may be active still, and would fail the next one */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_returns_what_the_token_states),
		cmocka_unit_test(more_objects_than_were_asked_for_are_refused),
		cmocka_unit_test(endless_objects_are_refused),
		cmocka_unit_test(a_signature_that_is_longer_than_the_buffer_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
