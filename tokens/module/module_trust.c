/* SPDX-License-Identifier: MIT */
/*
 * module_trust.c - decides whether a PKCS#11 library may be loaded: a module runs in the process that has the PIN.
 *
 * p11-kit's proxy loads the modules of its configuration, and its API lists them only after loading; so
 * the configuration files are read here (pkcs11.conf(5)), before a module runs. Disabled modules are checked
 * as well, because more than the file decides whether p11-kit loads a module.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tokens/internal.h"
#include "util/file.h"
#include "util/trust.h"

#define CONFIG_MAX 65536

static int module_trust_untrusted(struct err *e, const char *path, const char *why)
{
	(void)err_set(e, ERR_POLICY, "module not loaded: '%s' %s", path, why);
	e->code = "module-untrusted";
	e->hint = "take the write permission away, or choose another module with --module";
	return -1;
}

/* A person who can replace a link on the path controls the loaded file as much as the owner of the file. */
int module_trust_file(const char *path, struct err *e)
{
	struct trust_result found;
	int fd;

	if (trust_open(&fd, &found, path, true, e) < 0)
		return -1;
	if (fd >= 0)
		(void)close(fd);
	if (found.flaw == TRUST_OWNER || found.flaw == TRUST_WRITABLE)
		return module_trust_untrusted(e, found.path, trust_flaw_text(found.flaw));
	return 0;
}

/* The value of a line "KEY: VALUE", or NULL; ends it in place. */
static char *value_of_line(char *line, const char *key)
{
	char *at = line + strspn(line, " \t");
	size_t len = strlen(key);

	if (strncmp(at, key, len) != 0)
		return NULL;
	at += len;
	at += strspn(at, " \t");
	if (*at != ':')
		return NULL;
	at++;
	at += strspn(at, " \t");
	len = strcspn(at, "\r\n");
	while (len > 0 && (at[len - 1] == ' ' || at[len - 1] == '\t'))
		len--;
	at[len] = '\0';
	return len > 0 ? at : NULL;
}

static int module_trust_configured(const char *name, struct err *e)
{
	AUTO(char) path = name[0] == '/' ? strdup(name) : file_join(P11KIT_MODULE_FOLDER, name, e);
	AUTO(char) real = path != NULL ? realpath(path, NULL) : NULL;

	if (path == NULL)
		return err_oom(e);
	if (real == NULL && errno == ENOENT)
		return 0; /* not installed: p11-kit ignores it */
	if (real == NULL)
		return err_set_errno(e, ERR_NOT_FOUND, "cannot look at '%s'", path);
	return module_trust_file(path, e);
}

static int module_trust_untrustable(struct err *e, const char *remote, const char *why)
{
	(void)err_set(e, ERR_POLICY, "module not loaded: p11-kit's `remote: %.100s` %s", remote, why);
	return err_rule(e, "module-untrusted",
	    "name the program or socket by its whole path, or choose the token's own module with --module");
}

/* Searches PATH as execvp(3) does; *out NULL: not found. Relative folders of PATH are under the caller's control. */
static int find_program(char **out, const char *name, struct err *e)
{
	const char *path = secure_getenv("PATH");
	AUTO(char) folders = strdup(path != NULL ? path : "/bin:/usr/bin");
	char *rest = folders;

	*out = NULL;
	if (folders == NULL)
		return err_oom(e);
	for (const char *f = strsep(&rest, ":"); f != NULL && *out == NULL; f = strsep(&rest, ":")) {
		if (f[0] != '/') /* empty: the current folder */
			return module_trust_untrustable(e, name, "is looked for in a relative folder of PATH");
		*out = file_join(f, name, e);
		if (*out == NULL)
			return -1;
		if (access(*out, X_OK) < 0) {
			free(*out);
			*out = NULL;
		}
	}
	return 0;
}

static int trust_program(const char *remote, const char *command, struct err *e)
{
	const size_t len = strcspn(command, " \t");
	AUTO(char) name = strndup(command, len);
	AUTO(char) path = NULL;

	if (name == NULL)
		return err_oom(e);
	if (len == 0 || strpbrk(name, "'\"\\") != NULL || (strchr(name, '/') != NULL && name[0] != '/'))
		return module_trust_untrustable(e, remote, "names no program that can be checked");
	if (name[0] == '/')
		path = strdup(name);
	else if (find_program(&path, name, e) < 0)
		return -1;
	return path == NULL ? 0 : module_trust_configured(path, e); /* a missing file cannot run */
}

/* A person who can create sockets in the folder, or replace it, would receive the PIN. */
static int trust_socket(const char *remote, const char *path, struct err *e)
{
	AUTO(char) real = realpath(path, NULL);
	char *slash = real != NULL ? strrchr(real, '/') : NULL;

	if (path[0] != '/' || strpbrk(path, ";%") != NULL)
		return module_trust_untrustable(e, remote, "names no socket that can be checked");
	if (slash == NULL)
		return errno == ENOENT ? 0 : err_set_errno(e, ERR_NOT_FOUND, "cannot look at '%s'", path);
	slash[slash == real ? 1 : 0] = '\0';
	return module_trust_file(real, e);
}

/* pkcs11.conf(5): p11-kit runs a program or talks to a socket, and sends the PIN to it. */
static int trust_remote(const char *remote, struct err *e)
{
	if (remote[0] == '|')
		return trust_program(remote, remote + 1 + strspn(remote + 1, " \t"), e);
	if (strncmp(remote, "unix:path=", 10) == 0)
		return trust_socket(remote, remote + 10, e);
	return module_trust_untrustable(e, remote, "is neither a program nor a socket of this machine");
}

static int module_trust_read_config(struct buf *text, const char *path, struct err *e)
{
	return file_read(text, path, CONFIG_MAX, e) < 0 ? -1 : buf_add(text, "", 1, e);
}

static int trust_config(const char *path, void *unused, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	char *rest;

	(void)unused;
	if (module_trust_file(path, e) < 0 || module_trust_read_config(&text, path, e) < 0)
		return -1;
	for (char *line = strtok_r((char *)text.data, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		const char *module = value_of_line(line, "module");
		const char *remote = module == NULL ? value_of_line(line, "remote") : NULL;

		if ((module != NULL && module_trust_configured(module, e) < 0) ||
		    (remote != NULL && trust_remote(remote, e) < 0))
			return err_while(e, "looking at the modules in '%s'", path);
	}
	return 0;
}

/* An unreadable file cannot enable logging, because p11-kit cannot read it either. */
static int find_log(const char *path, void *found, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	struct err unread = ERR_INIT;
	bool *out = found;
	char *rest;

	(void)e;
	if (module_trust_read_config(&text, path, &unread) < 0)
		return 0;
	for (char *line = strtok_r((char *)text.data, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		const char *value = value_of_line(line, "log-calls");

		*out = *out || (value != NULL && strcmp(value, "yes") == 0);
	}
	return 0;
}

typedef int config_fn(const char *path, void *arg, struct err *e);

static int each_in_folder(const char *folder, config_fn *fn, void *arg, struct err *e)
{
	DIR *d = opendir(folder);
	const struct dirent *entry;
	int result = 0;

	if (d == NULL && errno == ENOENT)
		return 0;
	if (d == NULL)
		return err_set_errno(e, ERR_OUTPUT, "cannot read folder '%s'", folder);
	while (result == 0 && (entry = readdir(d)) != NULL) {
		const char *end = strrchr(entry->d_name, '.');
		AUTO(char) path = NULL;

		if (end == NULL || strcmp(end, ".module") != 0)
			continue;
		path = file_join(folder, entry->d_name, e);
		result = path != NULL ? fn(path, arg, e) : -1;
	}
	(void)closedir(d);
	return result;
}

/* *out: the user's configuration folder, or NULL. p11-kit ignores root's today, but may not in future versions. */
static int module_trust_user_folder(char **out, struct err *e)
{
	const char *base = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");
	AUTO(char) config = base == NULL && home != NULL ? file_join(home, ".config", e) : NULL;

	*out = NULL;
	if (base == NULL && home == NULL)
		return 0;
	if (base == NULL && config == NULL)
		return -1;
	*out = file_join(base != NULL ? base : config, "pkcs11", e);
	return *out != NULL ? 0 : -1;
}

static int each_config(config_fn *fn, void *arg, struct err *e)
{
	AUTO(char) user = NULL;
	AUTO(char) modules = NULL;

	if (each_in_folder(P11KIT_PACKAGE_CONFIG, fn, arg, e) < 0 ||
	    each_in_folder(P11KIT_SYSTEM_CONFIG "/modules", fn, arg, e) < 0 || module_trust_user_folder(&user, e) < 0)
		return -1;
	if (user == NULL)
		return 0;
	modules = file_join(user, "modules", e);
	return modules != NULL ? each_in_folder(modules, fn, arg, e) : -1;
}

int trust_proxy(struct err *e)
{
	return each_config(trust_config, NULL, e) < 0 ? err_while(e, "looking at what p11-kit would load") : 0;
}

bool p11kit_log_enabled(void)
{
	AUTO(char) user = NULL;
	AUTO(char) conf = NULL;
	struct err ignored = ERR_INIT;
	bool found = false;

	(void)each_config(find_log, &found, &ignored); /* the proxy is loaded, so its folders could be read */
	(void)find_log(P11KIT_SYSTEM_CONFIG "/pkcs11.conf", &found, &ignored);
	if (module_trust_user_folder(&user, &ignored) == 0 && user != NULL)
		conf = file_join(user, "pkcs11.conf", &ignored);
	if (conf != NULL)
		(void)find_log(conf, &found, &ignored);
	return found;
}
