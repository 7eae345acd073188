/* SPDX-License-Identifier: MIT */
/*
 * vet.c - may this library be loaded?  A module runs in our process, next to the PIN.
 *
 * p11-kit's proxy loads whatever its configuration names, and its API tells the names only after loading; so
 * the configuration files are read here (pkcs11.conf(5)), before anything of theirs runs.  Switched-off modules are
 * looked at, too: whether p11-kit will load one depends on more than the file.
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

#define CONFIG_MAX 65536

static void free_text(char **p)
{
	free(*p);
}
#define AUTO_TEXT CLEANUP(free_text) char *

static int untrusted(struct err *e, const char *path, const char *why)
{
	(void)err_set(e, ERR_POLICY, "module not loaded: '%s' %s", path, why);
	e->code = "module-untrusted";
	e->hint = "take the write permission away, or choose another module with --module";
	return -1;
}

static int vet_one(const char *path, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return err_set_errno(e, ERR_NOT_FOUND, "cannot look at '%s'", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return untrusted(e, path, "belongs to somebody else");
	/* In a sticky folder (/tmp) others can add files, but not replace ours. */
	if (S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX))
		return 0;
	if (st.st_mode & S_IWOTH)
		return untrusted(e, path, "may be written by everybody");
	if ((st.st_mode & S_IWGRP) && st.st_gid != 0)
		return untrusted(e, path, "may be written by its group");
	return 0;
}

int vet_file(const char *real_path, struct err *e)
{
	AUTO_TEXT path = strdup(real_path);

	if (path == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	for (;;) {
		char *slash = strrchr(path, '/');

		if (vet_one(path, e) < 0)
			return -1;
		if (slash == NULL || path[1] == '\0')
			return 0;
		slash[slash == path ? 1 : 0] = '\0';
	}
}

/* The value of a line "module: NAME", or NULL; ends it in place. */
static char *module_of_line(char *line)
{
	char *at = line + strspn(line, " \t");
	size_t len;

	if (strncmp(at, "module", 6) != 0)
		return NULL;
	at += 6;
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

static int vet_configured(const char *name, struct err *e)
{
	AUTO_TEXT path = name[0] == '/' ? strdup(name) : file_join(P11KIT_MODULE_FOLDER, name, e);
	AUTO_TEXT real = path != NULL ? realpath(path, NULL) : NULL;

	if (path == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (real == NULL && errno == ENOENT)
		return 0; /* not installed: p11-kit passes over it */
	if (real == NULL)
		return err_set_errno(e, ERR_NOT_FOUND, "cannot look at '%s'", path);
	return vet_file(real, e);
}

static int vet_config(const char *folder, const char *name, struct err *e)
{
	AUTO_TEXT path = file_join(folder, name, e);
	AUTO_TEXT real = path != NULL ? realpath(path, NULL) : NULL;
	AUTO_VALUE(buf) text = { 0 };
	char *rest;

	if (path == NULL)
		return -1;
	if (real == NULL)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
	if (vet_file(real, e) < 0 || file_read(&text, real, CONFIG_MAX, e) < 0 || buf_add(&text, "", 1, e) < 0)
		return -1;
	for (char *line = strtok_r((char *)text.at, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
		const char *module = module_of_line(line);

		if (module != NULL && vet_configured(module, e) < 0)
			return err_while(e, "looking at the modules in '%s'", path);
	}
	return 0;
}

static int vet_folder(const char *folder, struct err *e)
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

		if (end != NULL && strcmp(end, ".module") == 0)
			result = vet_config(folder, entry->d_name, e);
	}
	(void)closedir(d);
	return result;
}

/* Root's own configuration is not read by p11-kit, but that may change; looking costs nothing. */
static int vet_user_folder(struct err *e)
{
	const char *base = secure_getenv("XDG_CONFIG_HOME"), *home = secure_getenv("HOME");
	AUTO_TEXT config = base == NULL && home != NULL ? file_join(home, ".config", e) : NULL;
	AUTO_TEXT folder = NULL;

	if (base == NULL && home == NULL)
		return 0;
	if (base == NULL && config == NULL)
		return -1;
	folder = file_join(base != NULL ? base : config, "pkcs11/modules", e);
	return folder != NULL ? vet_folder(folder, e) : -1;
}

int vet_proxy(struct err *e)
{
	if (vet_folder(P11KIT_PACKAGE_CONFIG, e) < 0 || vet_folder(P11KIT_SYSTEM_CONFIG, e) < 0 ||
	    vet_user_folder(e) < 0)
		return err_while(e, "looking at what p11-kit would load");
	return 0;
}
