/* SPDX-License-Identifier: MIT */
/* test_tokens_softhsm.c - tokens on a real SoftHSM: found, initialised, logged in to, their PINs set. */
#include "tests/unit/tokens/token_fixture.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tokens/internal.h"

static int count_tokens(const struct token_info *info, void *arg, struct err *e)
{
	unsigned *n = arg;

	(void)e;
	n[info->is_initialised ? 0 : 1]++;
	assert_string_equal(info->kind, "softhsm");
	return 0;
}

static int find(struct token_info *out, struct fixture *f, const char *which, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;

	return uri_parse(&uri, which, e) < 0 ? -1 : token_find(out, f->m, uri, e);
}

TEST(init_and_list)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token_info info;
	unsigned n[2] = { 0, 0 };

	fixture_up(&f, NULL);
	info = fixture_token(&f, "alpha");
	assert_string_equal(info.label, "alpha");
	assert_true(info.is_initialised && info.is_pin_set);
	assert_int_equal(f.asked, 2);
	assert_true(f.last_ask.is_new && f.last_ask.role == PIN_USER && f.last_ask.min_len == 4);
	ASSERT_OK(e, token_each(f.m, count_tokens, n, &e));
	assert_int_equal(n[0], 1);
	assert_int_equal(n[1], 1);
	ASSERT_OK(e, find(&info, &f, "alpha", &e));
	ASSERT_OK(e, find(&info, &f, info.uri, &e));
	assert_non_null(strstr(info.uri, "token=alpha"));
	fixture_down(&f);
}

TEST(labels_of_any_length)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token_info info;

	fixture_up(&f, NULL);
	info = fixture_token(&f, "12345678901234567890123456789012");
	assert_string_equal(info.label, "12345678901234567890123456789012");
	(void)fixture_module(&f, NULL);
	ASSERT_OK(e, find(&info, &f, "12345678901234567890123456789012", &e));
	ASSERT_FAILS(e, token_init(&info, f.m, NULL, "123456789012345678901234567890123", &e), ERR_USAGE, NULL);
	ASSERT_FAILS(e, token_init(&info, f.m, NULL, "", &e), ERR_USAGE, NULL);
	fixture_down(&f);
}

TEST(two_tokens_with_one_label)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	struct fixture f;
	struct err e = ERR_INIT;
	struct token_info one, two, found;
	struct token *t = NULL;

	fixture_up(&f, NULL);
	one = fixture_token(&f, "twin");
	(void)fixture_module(&f, NULL); /* SoftHSM has another free slot when it is loaded again */
	two = fixture_token(&f, "twin");
	ASSERT_OK(e, uri_parse(&uri, "twin", &e));
	ASSERT_FAILS(e, token_find(&found, f.m, uri, &e), ERR_NOT_FOUND, "token-ambiguous");
	assert_non_null(strstr(e.cause, one.serial));
	assert_non_null(strstr(e.cause, two.serial));
	ASSERT_FAILS(e, token_open(&t, f.m, uri, false, &e), ERR_NOT_FOUND, "token-ambiguous");
	assert_null(t);
	ASSERT_OK(e, find(&found, &f, two.uri, &e));
	assert_string_equal(found.serial, two.serial);
	ASSERT_FAILS(e, find(&found, &f, "nosuch", &e), ERR_NOT_FOUND, "token-not-found");
	fixture_down(&f);
}

TEST(init_again_wants_the_so_pin)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	struct fixture f;
	struct err e = ERR_INIT;
	struct token_info info;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	ASSERT_OK(e, uri_parse(&uri, "alpha", &e));
	t = fixture_open(&f, "alpha");
	ASSERT_FAILS(e, token_init(&info, f.m, uri, "beta", &e), ERR_INTERNAL, NULL);
	token_close(t);
	f.so_pin = "11112222";
	ASSERT_FAILS(e, token_init(&info, f.m, uri, "beta", &e), ERR_PIN, NULL);
	assert_int_equal(e.rv, CKR_PIN_INCORRECT);
	ASSERT_OK(e, find(&info, &f, "alpha", &e));
	f.so_pin = SO_PIN;
	ASSERT_OK(e, token_init(&info, f.m, uri, "beta", &e));
	assert_string_equal(info.label, "beta");
	token_close(fixture_login(&f, "beta"));
	fixture_down(&f);
}

TEST(a_wrong_pin_is_tried_once)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_open(&f, "alpha");
	f.asked = 0;
	f.user_pin = "999999";
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_PIN, NULL);
	assert_int_equal(f.asked, 1);
	assert_int_equal(e.rv, CKR_PIN_INCORRECT);
	assert_string_equal(e.cause, "the token says: a wrong PIN was given since the last login");
	f.user_pin = "1";
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_PIN, NULL);
	assert_false(e.has_rv);
	assert_non_null(strstr(f.warned, "pin-count-low "));
	f.user_pin = USER_PIN;
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	f.asked = 0;
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	assert_int_equal(f.asked, 0);
	ASSERT_OK(e, token_logout(t, &e));
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	token_close(t);
	fixture_down(&f);
}

TEST(a_failed_batch_pin_is_remembered)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_open(&f, "alpha");
	f.env.batch = true;
	f.user_pin = "999999";
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_PIN, NULL);
	f.user_pin = USER_PIN;
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_PIN, "pin-failed-before");
	ASSERT_OK(e, token_login(t, PIN_SO, "card", NULL, &e)); /* another PIN */
	token_close(t);
	(void)fixture_module(&f, NULL); /* another run */
	t = fixture_open(&f, "alpha");
	ASSERT_FAILS(e, token_login(t, PIN_USER, "card", NULL, &e), ERR_PIN, "pin-failed-before");
	assert_false(e.has_rv);
	f.env.batch = false;
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	ASSERT_OK(e, token_logout(t, &e));
	f.env.batch = true;
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	token_close(t);
	fixture_down(&f);
}

TEST(pins_are_set)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_open(&f, "alpha");
	f.new_pin = "654321";
	ASSERT_OK(e, token_set_pin(t, PIN_CHANGE, NULL, &e));
	ASSERT_FAILS(e, token_set_pin(t, PIN_CHANGE, NULL, &e), ERR_PIN, NULL);
	assert_int_equal(e.rv, CKR_PIN_INCORRECT);
	f.user_pin = "654321";
	token_close(t);
	t = fixture_login(&f, "alpha");
	token_close(t);

	t = fixture_open(&f, "alpha");
	f.new_pin = "112233";
	ASSERT_OK(e, token_set_pin(t, PIN_UNBLOCK, NULL, &e));
	f.new_pin = "44445555";
	ASSERT_OK(e, token_set_pin(t, PIN_CHANGE_SO, NULL, &e));
	ASSERT_FAILS(e, token_set_pin(t, PIN_UNBLOCK, NULL, &e), ERR_PIN, NULL);
	f.so_pin = f.new_pin;
	f.new_pin = "1";
	ASSERT_FAILS(e, token_set_pin(t, PIN_UNBLOCK, NULL, &e), ERR_PIN, NULL);
	assert_false(e.has_rv);
	f.new_pin = "112233";
	ASSERT_OK(e, token_set_pin(t, PIN_UNBLOCK, NULL, &e));
	f.user_pin = "112233";
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	token_close(t);
	fixture_down(&f);
}

TEST(unblocking_forgets_a_failed_batch_pin)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_open(&f, "alpha");
	f.env.batch = true;
	f.user_pin = "999999";
	ASSERT_FAILS(e, token_set_pin(t, PIN_CHANGE, NULL, &e), ERR_PIN, NULL);
	f.user_pin = f.new_pin = USER_PIN;
	ASSERT_FAILS(e, token_set_pin(t, PIN_CHANGE, NULL, &e), ERR_PIN, "pin-failed-before");
	ASSERT_OK(e, token_set_pin(t, PIN_UNBLOCK, NULL, &e));
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	token_close(t);
	fixture_down(&f);
}

TEST(sessions_share_a_login)
{
	struct fixture f;
	struct err e = ERR_INIT;
	struct token *t, *again = NULL;
	struct key_ref key;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	t = fixture_login(&f, "alpha");
	ASSERT_OK(e, token_open_again(&again, t, &e));
	assert_true(token_is_same(t, again));
	f.asked = 0;
	ASSERT_OK(e, token_login(again, PIN_USER, "card", NULL, &e));
	assert_int_equal(f.asked, 0);
	token_close(again); /* leaves t logged in */
	ASSERT_FAILS(e, token_find_key(&key, t, "01", &e), ERR_NOT_FOUND, "key-not-found");
	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	assert_int_equal(f.asked, 0);
	token_close(t);
	fixture_down(&f);
}

TEST(modules_are_vetted)
{
	char path[200], folder[100];
	struct fixture f;
	struct err e = ERR_INIT;
	struct module *m = NULL;

	fixture_up(&f, NULL);
	ASSERT_FAILS(e, module_open(&m, "libsofthsm2.so", &f.env, &e), ERR_INPUT, NULL);
	ASSERT_FAILS(e, module_open(&m, "/nosuch.so", &f.env, &e), ERR_NOT_FOUND, "module-not-found");
	ASSERT_FAILS(e, module_open(&m, "/usr/lib", &f.env, &e), ERR_INPUT, NULL);
	f.env.kind = "nosuch";
	ASSERT_FAILS(e, module_open(&m, f.softhsm, &f.env, &e), ERR_USAGE, NULL);
	assert_non_null(strstr(e.cause, "softhsm"));
	f.env.kind = NULL;
	(void)snprintf(folder, sizeof(folder), "%s/open", f.folder);
	(void)snprintf(path, sizeof(path), "%s/text.so", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	fclose(fopen(path, "w"));
	ASSERT_FAILS(e, module_open(&m, path, &f.env, &e), ERR_TOKEN, NULL); /* trusted, but no module */
	assert_int_equal(chmod(folder, 0777), 0);
	ASSERT_FAILS(e, module_open(&m, path, &f.env, &e), ERR_POLICY, "module-untrusted");
	assert_int_equal(chmod(folder, 0700) | chmod(path, 0666), 0);
	ASSERT_FAILS(e, module_open(&m, path, &f.env, &e), ERR_POLICY, "module-untrusted");
	f.env.allow_untrusted = true;
	ASSERT_FAILS(e, module_open(&m, path, &f.env, &e), ERR_TOKEN, NULL);
	assert_non_null(strstr(f.warned, "module-untrusted "));
	assert_null(m);
	fixture_down(&f);
}

TEST(what_p11_kit_would_load_is_vetted)
{
	char path[200], folder[100], config_path[200];
	struct fixture f;
	struct err e = ERR_INIT;
	struct module *m = NULL;
	FILE *config;

	fixture_up(&f, NULL);
	(void)snprintf(folder, sizeof(folder), "%s/pkcs11", f.folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	(void)snprintf(folder, sizeof(folder), "%s/pkcs11/modules", f.folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/bad.so", f.folder);
	fclose(fopen(path, "w"));
	assert_int_equal(chmod(path, 0666), 0);
	(void)snprintf(config_path, sizeof(config_path), "%s/x.module", folder);
	config = fopen(config_path, "w");
	(void)fprintf(config, "# a comment\nmodules: no\n module :  %s/bad.so \npriority: 1\n", f.folder);
	assert_int_equal(fclose(config), 0);
	assert_int_equal(setenv("XDG_CONFIG_HOME", f.folder, 1), 0);
	assert_int_equal(module_open(&m, "p11-kit", &f.env, &e), -1);
	if (e.status == ERR_NOT_FOUND)
		skip(); /* no proxy here */
	assert_string_equal(e.code, "module-untrusted");
	assert_non_null(strstr(e.what, "bad.so"));
	assert_int_equal(chmod(path, 0644) | chmod(config_path, 0666), 0);
	ASSERT_FAILS(e, module_open(&m, "p11-kit", &f.env, &e), ERR_POLICY, "module-untrusted");
	assert_non_null(strstr(e.what, "x.module"));
	(void)unsetenv("XDG_CONFIG_HOME");
	fixture_down(&f);
}

static int log_in_alone(struct fixture *f)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_STRUCT(module) m = NULL;
	AUTO_STRUCT(token) t = NULL;
	struct err e = ERR_INIT;

	if (uri_parse(&uri, "alpha", &e) == 0 && module_open(&m, f->softhsm, &f->env, &e) == 0 &&
	    token_open(&t, m, uri, true, &e) == 0 && token_login(t, PIN_USER, "card", NULL, &e) == 0)
		return 0;
	err_print(&e, stderr, "child");
	return 1;
}

/* Each login truncates SoftHSM's token file for a moment; without lock and second look most of these fail. */
TEST(many_at_once)
{
	enum { MANY = 16 };
	struct fixture f;
	unsigned failed = 0;
	int status;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	module_close(f.m);
	f.m = NULL;
	for (unsigned i = 0; i < MANY; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			_exit(log_in_alone(&f));
	}
	for (unsigned i = 0; i < MANY; i++)
		failed += wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	assert_int_equal(failed, 0);
	fixture_down(&f);
}

TEST(modules_that_write_pins_down_are_told_of)
{
	struct fixture f;

	fixture_up(&f, NULL);
	(void)fixture_token(&f, "alpha");
	assert_int_equal(setenv("OPENSC_DEBUG", "9", 1), 0);
	(void)fixture_module(&f, NULL);
	token_close(fixture_login(&f, "alpha"));
	(void)unsetenv("OPENSC_DEBUG");
	assert_non_null(strstr(f.warned, "pin-logged "));
	fixture_down(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(init_and_list),
		cmocka_unit_test(labels_of_any_length),
		cmocka_unit_test(two_tokens_with_one_label),
		cmocka_unit_test(init_again_wants_the_so_pin),
		cmocka_unit_test(a_wrong_pin_is_tried_once),
		cmocka_unit_test(a_failed_batch_pin_is_remembered),
		cmocka_unit_test(pins_are_set),
		cmocka_unit_test(unblocking_forgets_a_failed_batch_pin),
		cmocka_unit_test(sessions_share_a_login),
		cmocka_unit_test(modules_are_vetted),
		cmocka_unit_test(what_p11_kit_would_load_is_vetted),
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(modules_that_write_pins_down_are_told_of),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
