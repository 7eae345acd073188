/* SPDX-License-Identifier: MIT */
/* user_templates.c - see user_templates.h. */
#include "pki/user_templates.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/file.h"
#include "util/ini.h"
#include "util/text.h"
#include "x509/templates.h"

#define FOLDER "templates"
#define SUFFIX ".ini"
#define DAYS_MAX 18250           /* fifty years */
#define RSA_MAX 16384

struct word {
	const char *text, *oid;
	enum key_type type;
};
static const struct word key_words[] = {
	{ .text = "rsa", .type = KEY_RSA }, { .text = "ec", .type = KEY_EC },
	{ .text = "ed25519", .type = KEY_ED25519 },
	{ .text = NULL },
};
/* RFC 5280, 4.2.1.12; RFC 4945, 5.1.3.12; Microsoft's szOID_KP_SMARTCARD_LOGON. */
static const struct word eku_words[] = {
	{ .text = "clientAuth", .oid = OID_CLIENT_AUTH }, { .text = "emailProtection", .oid = "1.3.6.1.5.5.7.3.4" },
	{ .text = "ipsecIKE", .oid = "1.3.6.1.5.5.7.3.17" },
	{ .text = "smartCardLogon", .oid = "1.3.6.1.4.1.311.20.2.2" }, { .text = NULL },
};

static const struct word *find_word(const struct word *words, const char *text)
{
	for (; words->text != NULL; words++)
		if (strcmp(words->text, text) == 0)
			return words;
	return NULL;
}

static int user_templates_bad(const char *key, const char *value, const char *takes, struct err *e)
{
	return err_set(e, ERR_INPUT, "'%s' requires %s, not '%s'", key, takes, value);
}

static int set_base(struct user_template *u, const char *key, const char *value, struct err *e)
{
	const struct cert_template *t;
	struct err ignored = ERR_INIT;

	if (template_find(&t, value, &ignored) < 0 || t->is_root || t->is_ledger)
		return user_templates_bad(key, value, "a built-in template for clients", e);
	u->t = *t;
	return 0;
}

static int set_summary(struct user_template *u, const char *key, const char *value, struct err *e)
{
	if (value[0] == '\0' || strlen(value) >= sizeof(u->summary) || !text_is_harmless(value, strlen(value)))
		return user_templates_bad(key, value, "1 to 80 bytes of plain text", e);
	(void)snprintf(u->summary, sizeof(u->summary), "%s", value);
	return 0;
}

static int set_days(struct user_template *u, const char *key, const char *value, struct err *e)
{
	unsigned days;

	if (!text_to_unsigned(value, &days) || days < 1 || days > DAYS_MAX)
		return user_templates_bad(key, value, "1 to 18250", e);
	u->t.days = days;
	return 0;
}

static int set_bits(struct user_template *u, const char *key, const char *value, struct err *e)
{
	unsigned bits;

	if (!text_to_unsigned(value, &bits) || bits < u->t.min_rsa_bits || bits > RSA_MAX)
		return user_templates_bad(key, value, "a number of bits from the base's to 16384", e);
	u->t.min_rsa_bits = bits;
	return 0;
}

static int set_yes(bool *out, const char *key, const char *value, struct err *e)
{
	*out = strcmp(value, "yes") == 0;
	return *out || strcmp(value, "no") == 0 ? 0 : user_templates_bad(key, value, "yes or no", e);
}

static int set_upn(struct user_template *u, const char *key, const char *value, struct err *e)
{
	return set_yes(&u->t.has_upn, key, value, e);
}

static int set_host(struct user_template *u, const char *key, const char *value, struct err *e)
{
	return set_yes(&u->t.is_cn_host, key, value, e);
}

/* A setting whose value is a list of words. */
struct word_list {
	const struct word *words;
	const char *takes;           /* for the error message */
	int (*add)(struct user_template *u, size_t i, const struct word *word); /* -1: not allowed here */
};

/* Reads words separated by spaces. */
static int each_word(
    struct user_template *u, const char *key, const char *value, const struct word_list *list, struct err *e)
{
	char text[256], *save = NULL;
	size_t n = 0;

	if ((size_t)snprintf(text, sizeof(text), "%s", value) >= sizeof(text))
		return user_templates_bad(key, value, list->takes, e);
	for (char *w = strtok_r(text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
		const struct word *word = find_word(list->words, w);

		if (word == NULL || list->add(u, n++, word) < 0)
			return user_templates_bad(key, value, list->takes, e);
	}
	return n > 0 ? 0 : user_templates_bad(key, value, list->takes, e);
}

static int add_key(struct user_template *u, size_t i, const struct word *word)
{
	const unsigned bit = 1U << word->type;
	const struct cert_template *base;
	struct err ignored = ERR_INIT;

	if (template_find(&base, u->t.name, &ignored) < 0 || (base->key_types & bit) == 0)
		return -1;
	u->t.key_types = i == 0 ? bit : u->t.key_types | bit;
	return 0;
}

static int set_keys(struct user_template *u, const char *key, const char *value, struct err *e)
{
	static const struct word_list list = { key_words, "rsa, ec and ed25519, if the base accepts them",
		add_key };

	return each_word(u, key, value, &list, e);
}

/* Windows checks the first only, and every gateway requires clientAuth there. */
static int add_eku(struct user_template *u, size_t i, const struct word *word)
{
	if (i >= TEMPLATE_EKU_MAX - 1 || (i == 0) != (strcmp(word->oid, OID_CLIENT_AUTH) == 0))
		return -1;
	u->t.eku[i] = word->oid;
	u->t.eku[i + 1] = NULL;
	return 0;
}

static int set_eku(struct user_template *u, const char *key, const char *value, struct err *e)
{
	static const struct word_list list = { eku_words,
		"clientAuth first, then up to two of emailProtection, ipsecIKE and smartCardLogon", add_eku };

	return each_word(u, key, value, &list, e);
}

static const struct setting {
	const char *key;
	int (*set)(struct user_template *u, const char *key, const char *value, struct err *e);
} settings[] = {
	{ "base", set_base }, { "summary", set_summary }, { "days", set_days }, { "keys", set_keys },
	{ "min-rsa-bits", set_bits }, { "extended-key-usage", set_eku }, { "user-principal-name", set_upn },
	{ "host-names-only", set_host },
};

static int user_templates_one_setting(const char *section, const char *key, const char *value, void *arg, struct err *e)
{
	struct user_template *u = arg;

	if (section[0] != '\0')
		return err_set(e, ERR_INPUT, "a template has no sections: move the line out of [%s]", section);
	if (u->t.name == NULL && strcmp(key, "base") != 0)
		return err_set(e, ERR_INPUT, "the first setting of a template is `base`, not '%s'", key);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (strcmp(settings[i].key, key) == 0)
			return settings[i].set(u, key, value, e);
	(void)err_set(e, ERR_INPUT, "unknown setting '%s'", key);
	e->hint = "a template knows base, summary, days, keys, min-rsa-bits, extended-key-usage, user-principal-name"
		  " and host-names-only";
	return -1;
}

/* The file's name is the template's name: for --template and in the ledger. */
static bool user_templates_is_name(const char *name, size_t len)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	return len > 0 && len < sizeof(((struct user_template *)0)->name) && strspn(name, fine) >= len &&
	    name[0] != '-';
}

static int name_it(struct user_template *u, const char *path, struct err *e)
{
	AUTO(char) copy = strdup(path);
	const char *file = copy != NULL ? basename(copy) : "";
	const size_t len = strlen(file), suffix = sizeof(SUFFIX) - 1;
	const struct cert_template *builtin;
	struct err ignored = ERR_INIT;

	if (len <= suffix || strcmp(file + len - suffix, SUFFIX) != 0 || !user_templates_is_name(file, len - suffix)) {
		(void)err_set(e, ERR_INPUT, "'%s' is not a valid name for a template file", path);
		e->hint = "call it NAME.ini, with 1 to 32 lower-case letters, digits and hyphens";
		return -1;
	}
	(void)snprintf(u->name, sizeof(u->name), "%.*s", (int)(len - suffix), file);
	u->t.name = u->name;
	if (template_find(&builtin, u->name, &ignored) == 0)
		return err_set(e, ERR_INPUT, "'%s' is the name of a built-in template", path);
	if (u->summary[0] != '\0')
		u->t.summary = u->summary;
	return 0;
}

int user_template_read(struct user_template *out, const char *path, const struct trust_rule *rule, struct err *e)
{
	bool found;

	*out = (struct user_template){ .name = "" };
	if (ini_read(&found, path, rule, user_templates_one_setting, out, e) < 0)
		return -1;
	if (!found)
		return err_set(e, ERR_OUTPUT, "there is no file '%s'", path);
	if (out->t.name == NULL)
		return err_set(e, ERR_INPUT, "'%s' is empty: the first setting of a template is `base`", path);
	return name_it(out, path, e);
}

static char *user_templates_path_of(const struct pki *p, const char *file, struct err *e)
{
	AUTO(char) folder = file_join(p->home, FOLDER, e);

	return folder != NULL ? file_join(folder, file, e) : NULL;
}

/* Reads the template once; p owns it. */
static int user_templates_load(const struct cert_template **out, struct pki *p, const char *path, struct err *e)
{
	struct user_template *u;

	if (p->n_templates >= PKI_TEMPLATES_MAX)
		return err_set(e, ERR_INPUT, "more than %d templates in one home", PKI_TEMPLATES_MAX);
	u = calloc(1, sizeof(*u));
	if (u == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (user_template_read(u, path, &config_trust, e) < 0) {
		free(u);
		return -1;
	}
	p->templates[p->n_templates++] = u;
	*out = &u->t;
	return 0;
}

int pki_template_find(const struct cert_template **out, struct pki *p, const char *name, struct err *e)
{
	char file[sizeof(((struct user_template *)0)->name) + sizeof(SUFFIX)];
	AUTO(char) path = NULL;

	for (size_t i = 0; i < p->n_templates; i++) {
		if (strcmp(p->templates[i]->name, name) == 0) {
			*out = &p->templates[i]->t;
			return 0;
		}
	}
	if (!user_templates_is_name(name, strlen(name)))
		return template_find(out, name, e);
	(void)snprintf(file, sizeof(file), "%s" SUFFIX, name);
	path = user_templates_path_of(p, file, e);
	if (path == NULL)
		return -1;
	return !p->is_home_foreign && access(path, F_OK) == 0 ? user_templates_load(out, p, path, e)
							      : template_find(out, name, e);
}

static int is_template_file(const struct dirent *d)
{
	const size_t len = strlen(d->d_name), suffix = sizeof(SUFFIX) - 1;

	return d->d_name[0] != '.' && len > suffix && strcmp(d->d_name + len - suffix, SUFFIX) == 0;
}

static int each_own(struct pki *p, struct dirent *const files[], int n, template_fn *fn, void *arg, struct err *e)
{
	for (int i = 0; i < n; i++) {
		struct user_template u;
		AUTO(char) path = user_templates_path_of(p, files[i]->d_name, e);

		if (path == NULL || user_template_read(&u, path, &config_trust, e) < 0 || fn(&u.t, arg, e) < 0)
			return -1;
	}
	return 0;
}

int pki_each_template(struct pki *p, template_fn *fn, void *arg, struct err *e)
{
	AUTO(char) folder = file_join(p->home, FOLDER, e);
	const struct cert_template *t;
	struct dirent **files = NULL;
	int n, result;

	for (size_t i = 0; (t = template_at(i)) != NULL; i++)
		if (fn(t, arg, e) < 0)
			return -1;
	if (folder == NULL)
		return -1;
	if (p->is_home_foreign)
		return 0;
	n = scandir(folder, &files, is_template_file, alphasort);
	if (n < 0)
		return errno == ENOENT || errno == ENOTDIR ?
		    0 :
		    err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", folder);
	result = each_own(p, files, n, fn, arg, e);
	while (n > 0)
		free(files[--n]);
	free(files);
	return result;
}

int pki_client_defaults(struct pki *p, const char *root, const struct cert_template **template, unsigned *days,
    struct err *e)
{
	const struct config_root *conf = config_find_root(&p->config, root);
	const char *name = conf != NULL && conf->template_name[0] != '\0' ? conf->template_name : "azure-client";

	if (*template == NULL && pki_template_find(template, p, name, e) < 0)
		return err_while(e, "finding the template of root '%s'", root);
	if ((*template)->is_root)
		return err_set(e, ERR_USAGE, "template %s is for roots", (*template)->name);
	if ((*template)->is_ledger)
		return err_set(e, ERR_USAGE, "template %s is for the ledger's own key", (*template)->name);
	if (*days == 0 && conf != NULL)
		*days = conf->days;
	return 0;
}

struct template_line {
	const struct cert_template *t;
	const char *name, *summary, *why_not;
	char keys[64], eku[200], eku_names[300];
	unsigned days, min_rsa_bits;
	bool root, upn, cn_host;
};
const struct out_field template_fields[] = {
	{ OUT_TEXT("name", "Template", struct template_line, name), .help = "what --template takes" },
	{ OUT_TEXT("summary", "For", struct template_line, summary), .help = "what it is for" },
	{ OUT_BOOL("for_roots", "For roots", struct template_line, root), .help = "self-signed, CA, path length 0" },
	{ OUT_UINT("days", "Days", struct template_line, days), .help = "validity unless --days says otherwise" },
	{ OUT_CHARS("key_types", "Keys", struct template_line, keys), .separator = ',',
	    .help = "accepted key types" },
	{ OUT_UINT("min_rsa_bits", "RSA from", struct template_line, min_rsa_bits),
	    .help = "smallest RSA modulus, bits" },
	{ OUT_TEXT("refusal", "Others refused", struct template_line, why_not), .help = "why" },
	{ OUT_CHARS("eku", NULL, struct template_line, eku), .separator = ',', .help = "in order" },
	{ OUT_CHARS("eku_names", "Extended key usage", struct template_line, eku_names), .separator = ',',
	    .help = "the same with names (RFC 5280, 4.2.1.12)" },
	{ OUT_BOOL("upn", "UPN", struct template_line, upn),
	    .help = "the name goes into a user principal name as well" },
	{ OUT_BOOL("host_name", "Host names only", struct template_line, cn_host),
	    .help = "the name must be a host's" },
	{ .key = NULL },
};
/* "clientAuth (1.3.6.1.5.5.7.3.2), ..."; an OID without a name stays as it is. */
static void template_eku_names(char *out, size_t size, const struct cert_template *t)
{
	size_t used = 0;

	for (size_t i = 0; t->eku[i] != NULL && used < size; i++) {
		const struct word *word = eku_words;

		while (word->text != NULL && strcmp(word->oid, t->eku[i]) != 0)
			word++;
		used += (size_t)snprintf(out + used, size - used, "%s%s%s%s%s", i > 0 ? ", " : "",
		    word->text != NULL ? word->text : "", word->text != NULL ? " (" : "", t->eku[i],
		    word->text != NULL ? ")" : "");
	}
}

static void user_templates_fill(struct template_line *l, const struct cert_template *t)
{
	static const struct {
		enum key_type type;
		const char *name;
	} types[] = { { KEY_RSA, "RSA" }, { KEY_EC, "EC" }, { KEY_ED25519, "Ed25519" } };
	size_t used = 0;

	*l = (struct template_line){ .name = t->name, .summary = t->summary, .why_not = t->why_not, .days = t->days,
		.min_rsa_bits = t->min_rsa_bits, .root = t->is_root, .upn = t->has_upn, .cn_host = t->is_cn_host };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if ((t->key_types & (1U << types[i].type)) != 0 && used < sizeof(l->keys))
			used += (size_t)snprintf(
			    l->keys + used, sizeof(l->keys) - used, "%s%s", used > 0 ? ", " : "", types[i].name);
	template_eku_names(l->eku_names, sizeof(l->eku_names), t);
	used = 0;
	for (size_t i = 0; t->eku[i] != NULL && used < sizeof(l->eku); i++)
		used += (size_t)snprintf(l->eku + used, sizeof(l->eku) - used, "%s%s", i > 0 ? ", " : "", t->eku[i]);
}

int template_print(const struct cert_template *t, struct out *o, struct err *e)
{
	struct template_line line;

	user_templates_fill(&line, t);
	return out_record(o, "template", template_fields, &line, e);
}
