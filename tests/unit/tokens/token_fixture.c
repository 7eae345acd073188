/* SPDX-License-Identifier: MIT */
/* token_fixture.c - see token_fixture.h. */
#include "tests/unit/tokens/token_fixture.h"

#include <dlfcn.h>
#include <ftw.h>
#include <unistd.h>

static int get_pin(void *self, const struct pin_ask *ask, struct secret *out, struct err *e)
{
	struct fixture *f = self;
	const char *pin = ask->is_new ? f->new_pin : ask->role == PIN_SO ? f->so_pin :
	    ask->role == PIN_CONTEXT ? f->context_pin : f->user_pin;

	f->asked++;
	f->last_ask = *ask;
	if (ask->is_new && pin == NULL)
		pin = ask->role == PIN_SO ? f->so_pin : f->user_pin;
	return secret_set(out, pin, strlen(pin), e);
}

static int check_repeat(void *self, const struct pin_ask *ask, struct err *e)
{
	struct fixture *f = self;

	f->last_ask = *ask;
	if (!f->refuse_repeat)
		return 0;
	(void)err_set(e, ERR_POLICY, "no second time");
	return err_rule(e, "pin-replay", "");
}

static void wait_for(void *self, const char *what)
{
	(void)self;
	(void)what;
}

static void warn(void *self, const char *id, const char *text)
{
	struct fixture *f = self;
	size_t used = strlen(f->warned);

	(void)text;
	(void)snprintf(f->warned + used, sizeof(f->warned) - used, "%s ", id);
}

static void progress(void *self, const char *what, uint64_t done, uint64_t total)
{
	(void)self;
	(void)what;
	(void)done;
	(void)total;
}

static bool stop(void *self)
{
	(void)self;
	return false;
}

static void find_softhsm(struct fixture *f)
{
	static const char *const places[] = { "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
		"/usr/local/lib/softhsm/libsofthsm2.so" };
	const char *named = getenv("SOFTHSM2_MODULE");

	f->softhsm[0] = '\0';
	if (named != NULL)
		(void)snprintf(f->softhsm, sizeof(f->softhsm), "%s", named);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && f->softhsm[0] == '\0'; i++)
		if (access(places[i], R_OK) == 0)
			(void)snprintf(f->softhsm, sizeof(f->softhsm), "%s", places[i]);
}

void fixture_person(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->ui = (struct ui){
		.get_pin = get_pin, .check_repeat = check_repeat, .wait = wait_for, .warn = warn,
		.progress = progress, .stop = stop, .self = f
	};
	f->env = (struct token_env){ .ui = &f->ui, .state_dir = f->folder };
	f->user_pin = f->context_pin = USER_PIN;
	f->so_pin = SO_PIN;
}

void fixture_up(struct fixture *f, const char *mechanisms)
{
	char path[128];
	FILE *conf;

	fixture_person(f);
	find_softhsm(f);
	if (f->softhsm[0] == '\0')
		skip();
	(void)dlopen(f->softhsm, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE); /* leak reports can name it at the end */
	(void)snprintf(f->folder, sizeof(f->folder), "/tmp/p11ca-test-XXXXXX");
	assert_non_null(mkdtemp(f->folder));
	(void)snprintf(path, sizeof(path), "%s/softhsm2.conf", f->folder);
	conf = fopen(path, "w");
	assert_non_null(conf);
	(void)fprintf(conf, "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n", f->folder);
	if (mechanisms != NULL)
		(void)fprintf(conf, "slots.mechanisms = %s\n", mechanisms);
	assert_int_equal(fclose(conf), 0);
	assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

void fixture_down(struct fixture *f)
{
	module_close(f->m);
	f->m = NULL;
	if (f->folder[0] != '\0')
		(void)nftw(f->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	(void)unsetenv("P11FAULT");
}

struct module *fixture_module(struct fixture *f, const char *plan)
{
	const char *build = getenv("top_builddir");
	char proxy[4096] = "", relative[1024];
	struct err e = ERR_INIT;

	module_close(f->m);
	f->m = NULL;
	if (plan != NULL) {
		(void)snprintf(relative, sizeof(relative), "%s/.libs/p11fault.so", build != NULL ? build : ".");
		if (realpath(relative, proxy) == NULL)
			skip();
		assert_int_equal(setenv("P11FAULT", plan, 1), 0);
		assert_int_equal(setenv("P11FAULT_MODULE", f->softhsm, 1), 0);
	}
	ASSERT_OK(e, module_open(&f->m, plan != NULL ? proxy : f->softhsm, &f->env, &e));
	return f->m;
}

struct token_info fixture_token(struct fixture *f, const char *label)
{
	struct token_info info;
	struct err e = ERR_INIT;

	if (f->m == NULL)
		(void)fixture_module(f, NULL);
	ASSERT_OK(e, token_init(&info, f->m, NULL, label, &e));
	return info;
}

struct token *fixture_open(struct fixture *f, const char *which)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	struct token *t = NULL;
	struct err e = ERR_INIT;

	ASSERT_OK(e, uri_parse(&uri, which, &e));
	ASSERT_OK(e, token_open(&t, f->m, uri, true, &e));
	return t;
}

struct token *fixture_login(struct fixture *f, const char *which)
{
	struct token *t = fixture_open(f, which);
	struct err e = ERR_INIT;

	ASSERT_OK(e, token_login(t, PIN_USER, "card", NULL, &e));
	return t;
}

void assert_ok(int result, const struct err *e, const char *call)
{
	if (result == 0)
		return;
	print_error("%s\n", call);
	err_print(e, stderr, "test");
	fail();
}

void assert_fails(int result, const struct err *e, enum err_status status, const char *code, const char *call)
{
	bool as_said = result == -1 && e->status == status &&
	    (code == NULL ? e->code == NULL : e->code != NULL && strcmp(e->code, code) == 0);

	if (as_said)
		return;
	print_error(
	    "%s: result %d, status %d, code %s\n", call, result, (int)e->status, e->code != NULL ? e->code : "none");
	if (result < 0)
		err_print(e, stderr, "test");
	fail();
}
