/* SPDX-License-Identifier: MIT */
/* config.c - see config.h. */
#include "pki/config.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/profile.h"
#include "util/cleanup.h"
#include "util/field.h"
#include "util/file.h"
#include "util/ini.h"
#include "util/text.h"

enum setting_type { SETTING_CHARS, SETTING_COUNT, SETTING_YES };

/* One row per setting; offset counts from the struct of the section. */
struct setting {
	const char *key;
	enum setting_type type;
	size_t offset, size;
};

#define CHARS(key, st, member) { key, SETTING_CHARS, OFFSET_OF_CHARS(st, member), sizeof(((st *)0)->member) }
#define YES(key, st, member) { key, SETTING_YES, OFFSET_OF_TYPE(st, member, unsigned), sizeof(unsigned) }
#define COUNT(key, st, member) { key, SETTING_COUNT, OFFSET_OF_TYPE(st, member, unsigned), sizeof(unsigned) }

static const struct setting global_settings[] = {
	CHARS("module", struct config, module_path),
	CHARS("contact", struct config, contact),
	CHARS("connection-name", struct config, connection_name),
	YES("any-host", struct config, any_host),
	YES("allow-software-keys", struct config, allow_software_keys),
	YES("require-hardware-roots", struct config, require_hardware_roots),
	{ .key = NULL },
};
static const struct setting root_settings[] = {
	CHARS("team", struct config_root, team),
	CHARS("allow-names", struct config_root, allow_names),
	CHARS("template", struct config_root, template_name),
	COUNT("days", struct config_root, days),
	YES("renew-same-key", struct config_root, renew_same_key),
	{ .key = NULL },
};

static const struct setting module_settings[] = {
	CHARS("init", struct module_init, text),
	{ .key = NULL },
};

static int config_set(const struct setting *rows, void *base, const char *key, const char *value, struct err *e)
{
	for (; rows->key != NULL; rows++) {
		char *at = (char *)base + rows->offset;

		if (strcmp(rows->key, key) != 0)
			continue;
		if (rows->type == SETTING_COUNT) {
			if (!text_to_unsigned(value, (unsigned *)(void *)at))
				return err_set(e, ERR_INPUT, "'%s' requires a number, not '%s'", key, value);
			return 0;
		}
		if (rows->type == SETTING_YES) {
			*(unsigned *)(void *)at = strcmp(value, "yes") == 0;
			return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ?
			    0 :
			    err_set(e, ERR_INPUT, "'%s' requires yes or no, not '%s'", key, value);
		}
		if (strlen(value) >= rows->size || value[0] == '\0')
			return err_set(e, ERR_INPUT, "'%s' requires 1 to %zu bytes", key, rows->size - 1);
		memcpy(at, value, strlen(value) + 1);
		return 0;
	}
	(void)err_set(e, ERR_INPUT, "unknown setting '%s'", key);
	e->hint = "p11ca.conf knows `module`, `contact`, `connection-name`, `allow-software-keys`, `any-host` and"
		  " `require-hardware-roots`, in [root NAME] team, allow-names, template, days and renew-same-key,"
		  " in [module NAME] init";
	return -1;
}

static struct config_root *root_section(struct config *c, const char *name, struct err *e)
{
	for (size_t i = 0; i < c->n_roots; i++)
		if (strcmp(c->roots[i].name, name) == 0)
			return &c->roots[i];
	if (c->n_roots >= CONFIG_ROOTS_MAX || strlen(name) >= sizeof(c->roots[0].name) || name[0] == '\0') {
		(void)err_set(
		    e, ERR_INPUT, "'%s' is not a valid root name, or there are more than %d "
		        "roots", name, CONFIG_ROOTS_MAX);
		return NULL;
	}
	(void)snprintf(c->roots[c->n_roots].name, sizeof(c->roots[0].name), "%s", name);
	return &c->roots[c->n_roots++];
}

static struct module_init *module_section(struct config *c, const char *name, struct err *e)
{
	for (size_t i = 0; i < c->n_modules; i++)
		if (strcmp(c->modules[i].name, name) == 0)
			return &c->modules[i];
	if (c->n_modules >= CONFIG_MODULES_MAX || strlen(name) >= sizeof(c->modules[0].name) || name[0] == '\0' ||
	    strchr(name, '/') != NULL) {
		(void)err_set(e, ERR_INPUT, "'%s' is not the file name of a module, or there are more than %d "
		    "modules", name,
		    CONFIG_MODULES_MAX);
		e->hint = "use the file name without `lib` and `.so`, as in a PKCS#11 URI: [module softokn3] for "
		    "/usr/lib/.../libsoftokn3.so";
		return NULL;
	}
	(void)snprintf(c->modules[c->n_modules].name, sizeof(c->modules[0].name), "%s", name);
	return &c->modules[c->n_modules++];
}

static int module_setting(struct config *c, const char *name, const char *key, const char *value, struct err *e)
{
	struct module_init *module = module_section(c, name, e);

	return module == NULL ? -1 : config_set(module_settings, module, key, value, e);
}

static int config_check(const char *key, const char *value, struct err *e)
{
	if (strcmp(key, "connection-name") != 0 || profile_check_connection(value, e) == 0)
		return 0;
	e->status = ERR_INPUT;
	return -1;
}

static int config_one_setting(const char *section, const char *key, const char *value, void *arg, struct err *e)
{
	struct config *c = arg;
	struct config_root *root;

	if (section[0] == '\0')
		return config_check(key, value, e) < 0 ? -1 : config_set(global_settings, c, key, value, e);
	if (strncmp(section, "module ", 7) == 0)
		return module_setting(c, section + 7, key, value, e);
	if (strncmp(section, "root ", 5) != 0)
		return err_set(e, ERR_INPUT, "unknown section [%s]", section);
	root = root_section(c, section + 5, e);
	return root == NULL ? -1 : config_set(root_settings, root, key, value, e);
}

const struct trust_rule config_trust = {
	.noun = "the configuration",
	.code_owner = "home-other-owner",
	.code_writable = "home-writable",
	.code_link = "home-not-a-file",
	.hint = "p11ca.conf decides about names, modules and templates: make your user its owner and remove write "
	    "permission for others (`chown`, `chmod go-w`), also from its parent folders",
};

int config_read(struct config *out, const char *home, struct err *e)
{
	AUTO(char) path = file_join(home, "p11ca.conf", e);
	bool found;

	memset(out, 0, sizeof(*out));
	return path == NULL ? -1 : ini_read(&found, path, &config_trust, config_one_setting, out, e);
}

const struct config_root *config_find_root(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n_roots; i++)
		if (strcmp(c->roots[i].name, name) == 0)
			return &c->roots[i];
	return NULL;
}
