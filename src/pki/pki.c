/* SPDX-License-Identifier: MIT */
/* pki.c - see pki.h. */
#include "pki/pki.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pki/test_mode.h"
#include "util/file.h"
#include "util/text.h"
#include "x509/key/key_value.h"

static const char *pki_user_folder(struct err *e)
{
	const char *home = secure_getenv("HOME");
	const struct passwd *pw;

	if (home != NULL && home[0] == '/')
		return home;
	pw = getpwuid(getuid());
	if (pw == NULL || pw->pw_dir == NULL || pw->pw_dir[0] != '/') {
		(void)err_set(e, ERR_USAGE, "this user has no home folder");
		e->hint = "name one with --home";
		return NULL;
	}
	return pw->pw_dir;
}

/* $NAME/p11ca if NAME is an absolute path (XDG Base Directory Specification), else below the user's folder. */
static char *xdg_folder(const char *name, const char *below_user, struct err *e)
{
	const char *base = secure_getenv(name), *user;
	AUTO(char) under = NULL;

	if (base != NULL && base[0] == '/')
		return file_join(base, "p11ca", e);
	user = pki_user_folder(e);
	under = user != NULL ? file_join(user, below_user, e) : NULL;
	return under != NULL ? file_join(under, "p11ca", e) : NULL;
}

static char *pki_copy(const char *text, struct err *e)
{
	char *out = strdup(text);

	if (out == NULL)
		(void)err_set(e, ERR_INTERNAL, "out of memory");
	return out;
}

static char *find_home(const char *option, struct err *e)
{
	const char *env = secure_getenv("P11CA_HOME");

	if (option != NULL)
		return pki_copy(option, e);
	if (env != NULL && env[0] != '\0')
		return pki_copy(env, e);
	return xdg_folder("XDG_DATA_HOME", ".local/share", e);
}

/* Lock files that other users can create would let them block p11ca, or redirect the lock. */
static int make_state_dir(const char *path, struct err *e)
{
	struct stat st;

	if (file_make_folder(path, e) < 0)
		return -1;
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set_errno(e, ERR_OUTPUT, "cannot use folder '%s'", path);
	if (st.st_uid != geteuid() || (st.st_mode & 022) != 0) {
		(void)err_set(e, ERR_POLICY, "folder '%s' is not yours alone", path);
		e->hint = "change its owner, or run `chmod 700 FOLDER`, or set XDG_STATE_HOME";
		return -1;
	}
	return 0;
}

/* The actor for events: effective user, login user (audit), SUDO_USER, host. */
static void describe_actor(char *out, size_t size)
{
	AUTO_VALUE(buf) login = { 0 };
	struct err ignored;
	const struct passwd *pw = getpwuid(geteuid());
	const char *sudo = secure_getenv("SUDO_USER");
	char host[65] = "?", login_uid[16] = "none";
	int len = 0;

	(void)gethostname(host, sizeof(host) - 1);
	if (file_read(&login, "/proc/self/loginuid", 15, &ignored) == 0 && login.len > 0 &&
	    login.len < sizeof(login_uid) && (login.len != 10 || memcmp(login.data, "4294967295", 10) != 0)) {
		memcpy(login_uid, login.data, login.len);
		login_uid[login.len] = '\0';
	}
	len =
	    snprintf(out, size, "uid %u (%s) login %s", (unsigned)geteuid(), pw != NULL ? pw->pw_name : "?", login_uid);
	if (len > 0 && (size_t)len < size)
		(void)snprintf(out + len, size - (size_t)len, "%s%s host %s", sudo != NULL ? " sudo " : "",
		    sudo != NULL ? sudo : "", host);
}

#define MACHINE_ID "/etc/machine-id"
#define MACHINE_ID_LEN 32        /* machine-id(5): 32 digits and a newline */

/* The machine id must stay on the machine (machine-id(5)), so p11ca uses its own hash of it. */
static int describe_host(char out[SHA256_HEX], struct err *e)
{
	static const char purpose[] = "p11ca host v1\n";
	AUTO_VALUE(buf) id = { 0 };
	AUTO_VALUE(buf) text = { 0 };
	struct err none;

	out[0] = '\0';
	if (file_read(&id, MACHINE_ID, MACHINE_ID_LEN + 1, &none) < 0 || id.len < MACHINE_ID_LEN)
		return 0;
	if (buf_add(&text, purpose, sizeof(purpose) - 1, e) < 0 || buf_add(&text, id.data, MACHINE_ID_LEN, e) < 0)
		return -1;
	return hash_sha256_hex(out, buf_bytes(&text), e);
}

/* Settings in the home of another user are not read. */
static int pki_read_config(struct pki *p, struct err *e)
{
	AUTO(char) path = file_join(p->home, "p11ca.conf", e);
	char text[400];
	struct stat st;

	if (path == NULL)
		return -1;
	p->is_home_foreign = stat(p->home, &st) == 0 && st.st_uid != geteuid() && st.st_uid != 0;
	if (!p->is_home_foreign)
		return config_read(&p->config, p->home, e);
	if (access(path, F_OK) < 0)
		return 0;
	(void)snprintf(text, sizeof(text), "'%.200s' is not read: the folder belongs to another user", path);
	p->ui->warn(p->ui->self, "config-other-owner", text);
	return 0;
}

struct ledger_options pki_ledger_options(const struct pki *p, enum ledger_use how, bool is_test)
{
	return (struct ledger_options){ .home = p->home, .clock = &p->clock,
		.random = &p->random, .actor = p->actor, .note = p->o.note,
		.create = how == LEDGER_CREATE, .is_test = is_test, .host = p->host,
		.read_only = how == LEDGER_READ || how == LEDGER_READ_IF_THERE, .is_moving = how == LEDGER_MOVE,
		.any_host = p->config.any_host != 0, .key_value = key_value_sha256,
		.key_value_of_cert = key_value_of_cert,
		.clock_ok = p->o.clock_ok };
}

static int pki_open_test_mode(struct pki *p, struct err *e)
{
	const struct ledger_options lo = pki_ledger_options(p, LEDGER_READ, false);

	return test_mode_open(p, &lo, e);
}

int pki_open(struct pki *p, const struct pki_options *o, struct err *e)
{
	p->o = *o;
	p->ui = o->ui;
	p->home = find_home(o->home, e);
	if (p->home == NULL)
		return -1;
	p->state_dir = xdg_folder("XDG_STATE_HOME", ".local/state", e);
	if (p->state_dir == NULL || make_state_dir(p->state_dir, e) < 0)
		return -1;
	describe_actor(p->actor, sizeof(p->actor));
	if (describe_host(p->host, e) < 0)
		return -1;
	if (pki_read_config(p, e) < 0 || pki_open_test_mode(p, e) < 0)
		return -1;
	p->env = (struct token_env){ .ui = o->ui, .state_dir = p->state_dir, .batch = o->batch,
		.last_try = o->last_try, .allow_untrusted = o->allow_untrusted, .kind = o->kind,
		.inits = p->config.modules, .n_inits = p->config.n_modules };
	return 0;
}

int pki_open_copy(struct pki *p, const char *file, const struct ui *ui, struct err *e)
{
	p->ui = ui;
	p->home = strdup(file);
	if (p->home == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	return pki_use_ledger(p, LEDGER_READ, false, e) < 0 ? -1 : test_mode_check_copy(p, e);
}

void pki_close(struct pki *p)
{
	ledger_close(p->ledger);
	for (size_t i = 0; i < p->n_modules; i++)
		module_close(p->modules[i].module);
	for (size_t i = 0; i < p->n_templates; i++)
		free(p->templates[i]);
	free(p->home);
	free(p->state_dir);
	memset(p, 0, sizeof(*p));
}

/* Certificates with O=TEST and certificates without in one ledger would make both useless as evidence. */
static int refuse_test(const struct pki *p, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the ledger in '%s' exists and is not a test ledger", p->home);
	e->code = "ledger-not-test";
	e->hint = "create a test ledger in another home: --home DIR";
	return -1;
}

static bool is_optional(enum ledger_use how)
{
	return how == LEDGER_IF_THERE || how == LEDGER_READ_IF_THERE || how == LEDGER_NOTE;
}

static bool pki_is_elsewhere(const struct err *e)
{
	return e->code != NULL && (strcmp(e->code, "ledger-moved") == 0 || strcmp(e->code, "ledger-other-host") == 0);
}

int pki_use_ledger(struct pki *p, enum ledger_use how, bool is_test, struct err *e)
{
	const struct ledger_options lo = pki_ledger_options(p, how, is_test);

	if (p->ledger != NULL)
		return 0;
	if (ledger_open(&p->ledger, &lo, e) == 0)
		return is_test && !ledger_is_test(p->ledger) ? refuse_test(p, e) : 0;
	if (how == LEDGER_NOTE && pki_is_elsewhere(e)) {
		p->ui->warn(p->ui->self, e->code, "this copy of the ledger is not in use: events after the move are "
		    "not in it");
		return 0;
	}
	return is_optional(how) && e->status == ERR_NOT_FOUND ? 0 : -1;
}

int pki_ledger_is_here(struct pki *p, struct err *e)
{
	struct location_row row;

	if (ledger_location(&row, p->ledger, e) < 0)
		return -1;
	if (strcmp(row.state, LOCATION_MOVED) == 0) {
		(void)err_set(e, ERR_POLICY, "the ledger in '%.160s' is sealed: it was moved to another "
		    "place", p->home);
		return err_rule(e, "ledger-moved", "work where it went on");
	}
	if (p->config.any_host != 0 || ledger_is_test(p->ledger) || row.host[0] == '\0' ||
	    strcmp(row.host, p->host) == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "the ledger in '%.160s' belongs to another machine", p->home);
	return err_rule(e, "ledger-other-host",
	    "bring it here with `p11ca ledger move` on that machine and `p11ca ledger restore` on this one");
}

static int pki_load(struct module **out, struct pki *p, const char *path, struct err *e)
{
	struct pki_module *row;

	for (size_t i = 0; i < p->n_modules; i++) {
		if (strcmp(p->modules[i].path, path) == 0) {
			*out = p->modules[i].module;
			return 0;
		}
	}
	if (p->n_modules >= PKI_MODULES_MAX)
		return err_set(e, ERR_INTERNAL, "more than %d modules in one command", PKI_MODULES_MAX);
	row = &p->modules[p->n_modules];
	if (strlen(path) >= sizeof(row->path))
		return err_set(e, ERR_INPUT, "the path of the module is longer than %zu bytes", sizeof(row->path) - 1);
	if (module_open(&row->module, path, &p->env, e) < 0)
		return err_while(e, "loading module '%s'", path);
	(void)snprintf(row->path, sizeof(row->path), "%s", path);
	p->n_modules++;
	*out = row->module;
	return 0;
}

static const char *first_of(const char *const paths[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (paths[i] != NULL && paths[i][0] != '\0')
			return paths[i];
	return NULL;
}

static int load_first(struct module **out, struct pki *p, const char *const paths[], size_t n, struct err *e)
{
	const char *path = first_of(paths, n);

	if (path == NULL) {
		(void)err_set(e, ERR_USAGE, "no PKCS#11 module is named");
		e->hint = "use --module, PKCS11_MODULE_PATH, or `module = PATH` in p11ca.conf";
		return -1;
	}
	return pki_load(out, p, path, e);
}

int pki_module(struct module **out, struct pki *p, const struct token_uri *which, struct err *e)
{
	const char *const paths[] = { p->o.module_path, which != NULL ? uri_module_path(which) : NULL,
		secure_getenv("PKCS11_MODULE_PATH"), p->config.module_path };

	return load_first(out, p, paths, sizeof(paths) / sizeof(paths[0]), e);
}

int pki_root_module(struct module **out, struct pki *p, const char *remembered, struct err *e)
{
	const char *const paths[] = { p->o.root_module_path, remembered, p->o.module_path,
		secure_getenv("PKCS11_MODULE_PATH"), p->config.module_path };

	return load_first(out, p, paths, sizeof(paths) / sizeof(paths[0]), e);
}
