/* SPDX-License-Identifier: MIT */
/* name_authority.c - see name_authority.h. */
#include "pki/issue/name_authority.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/csv_table.h"
#include "util/hex_id.h"
#include "util/text.h"
#include "util/unicode.h"

struct entry {
	char csr[256], spki[65], cn[256], device[65];
};
struct name_list {
	struct entry *all;
	size_t n;
};

static int name_authority_parse_spki(char *out, size_t size, const char *field, struct err *e)
{
	if (field[0] == '\0' || (hex_id_parse(out, size, field) && strlen(out) == size - 1))
		return 0;
	return err_set(e, ERR_INPUT, "column spki needs the SHA-256 of a key in hex, not '%.80s'", field);
}

enum { COLUMN_CSR, COLUMN_SPKI, COLUMN_CN, COLUMN_DEVICE };
static const struct csv_column name_columns[] = {
	[COLUMN_CSR] = { CSV_COLUMN(struct entry, csr) },
	[COLUMN_SPKI] = { CSV_COLUMN(struct entry, spki), .parse = name_authority_parse_spki },
	[COLUMN_CN] = { CSV_COLUMN(struct entry, cn) },
	[COLUMN_DEVICE] = { CSV_COLUMN(struct entry, device) },
};

static int name_authority_check_header(const bool has[], struct err *e)
{
	if (has[COLUMN_CN] && (has[COLUMN_CSR] || has[COLUMN_SPKI]))
		return 0;
	return err_set(e, ERR_INPUT, "the list needs a header with `cn` and `csr` or `spki`");
}

static int name_authority_check_row(const void *row, struct err *e)
{
	const struct entry *entry = row;

	if (entry->cn[0] != '\0' && (entry->csr[0] != '\0' || entry->spki[0] != '\0'))
		return 0;
	return err_set(e, ERR_INPUT, "a record without a name or without a request");
}

static const struct csv_table name_table = {
	.columns = name_columns,
	.n_columns = ARRAY_LEN(name_columns),
	.row_size = sizeof(struct entry),
	.hint = "name each column once in the first line: csr or spki, cn, device",
	.check_header = name_authority_check_header,
	.check_row = name_authority_check_row,
};

void name_list_free(struct name_list *l)
{
	if (l != NULL)
		free(l->all);
	free(l);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Sorts by request, entries without a request first, then by key. */
static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int by_csr = strcmp(x->csr, y->csr);

	return by_csr != 0 || x->csr[0] != '\0' ? by_csr : strcasecmp(x->spki, y->spki);
}

static int name_authority_refuse_doubles(struct name_list *l, struct err *e)
{
	qsort(l->all, l->n, sizeof(l->all[0]), compare_entries);
	for (size_t i = 1; i < l->n; i++)
		if (compare_entries(&l->all[i - 1], &l->all[i]) == 0)
			return err_set(e, ERR_INPUT, "the list contains '%s' twice",
			    l->all[i].csr[0] != '\0' ? l->all[i].csr : l->all[i].spki);
	return 0;
}

static const struct entry *name_authority_find(const struct name_list *l, const char *csr, const char *spki)
{
	struct entry key;

	if (strlen(csr) >= sizeof(key.csr) || strlen(spki) >= sizeof(key.spki))
		return NULL; /* no entry is so long; a shortened name could match another entry */
	(void)snprintf(key.csr, sizeof(key.csr), "%s", csr);
	(void)snprintf(key.spki, sizeof(key.spki), "%s", spki);
	return bsearch(&key, l->all, l->n, sizeof(key), compare_entries);
}

int name_list_read(struct name_list **out, struct bytes csv, struct err *e)
{
	AUTO_STRUCT(name_list) l = calloc(1, sizeof(*l));
	void *rows = NULL;

	if (l == NULL)
		return err_oom(e);
	if (csv_table_read(&rows, &l->n, csv, &name_table, e) < 0)
		return -1;
	l->all = rows;
	if (l->n == 0)
		return err_set(e, ERR_INPUT, "the list of names is empty");
	if (name_authority_refuse_doubles(l, e) < 0)
		return -1;
	*out = STEAL(l);
	return 0;
}

static int refuse_ambiguous(const char *one, const char *other, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "one entry of the list stands for two requests, '%.160s' and '%.160s'", one,
	    other);
	return err_rule(e, "name-file-ambiguous", "write the files with their folders, as in the command, in the "
	    "column `csr`");
}

static void warn_unused(const struct name_list *l, const char *const file_of[], const struct ui *ui)
{
	const char *first = NULL;
	char text[300];
	size_t n = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->all[i].csr[0] == '\0' || file_of[i] != NULL)
			continue;
		n++;
		first = first != NULL ? first : l->all[i].csr;
	}
	if (n == 0)
		return;
	(void)snprintf(text, sizeof(text), "%zu of %zu entries in the list have no request, the first: %.160s", n, l->n,
	    first);
	ui->warn(ui->self, "names-unused", text);
}

static int match_files(
    const char *file_of[], const struct name_list *l, char *const files[], size_t n_files, struct err *e)
{
	for (size_t i = 0; i < n_files; i++) {
		const struct entry *en = name_authority_find(l, files[i], "");
		const bool is_whole = en != NULL;

		if (!is_whole)
			en = name_authority_find(l, base_name(files[i]), "");
		if (en == NULL)
			continue;
		if (!is_whole && file_of[en - l->all] != NULL && strcmp(file_of[en - l->all], files[i]) != 0)
			return refuse_ambiguous(file_of[en - l->all], files[i], e);
		file_of[en - l->all] = files[i];
	}
	return 0;
}

int name_list_check_files(const struct name_list *l, char *const files[], size_t n_files, const struct ui *ui,
    struct err *e)
{
	const char **file_of = calloc(l->n + 1, sizeof(*file_of));
	int result;

	if (file_of == NULL)
		return err_oom(e);
	result = match_files(file_of, l, files, n_files, e);
	if (result == 0)
		warn_unused(l, file_of, ui);
	free(file_of);
	return result;
}

/* Matches the hash of the key's canonical encoding or of its value; a list with both must give one name. */
static const struct entry *name_authority_find_key(const struct name_list *l, const struct public_key_info *key)
{
	const struct entry *by_spki = name_authority_find(l, "", key->spki_sha256),
			   *by_value = name_authority_find(l, "", key->key_sha256);

	if (by_spki == NULL || by_value == NULL)
		return by_spki != NULL ? by_spki : by_value;
	if (strcmp(by_spki->cn, by_value->cn) != 0 || strcmp(by_spki->device, by_value->device) != 0)
		return NULL;
	return by_spki;
}

static bool is_for_key(const struct entry *en, const struct public_key_info *key)
{
	return strcasecmp(en->spki, key->spki_sha256) == 0 || strcasecmp(en->spki, key->key_sha256) == 0;
}

/* An entry with request and key applies to that key only. */
static bool in_list(char name[256], char device[65], const struct name_list *l, const char *file,
    const struct public_key_info *key)
{
	const struct entry *en = name_authority_find(l, file, "");

	if (en == NULL)
		en = name_authority_find(l, base_name(file), "");
	if (en == NULL)
		en = name_authority_find_key(l, key);
	if (en == NULL || (en->spki[0] != '\0' && !is_for_key(en, key)))
		return false;
	(void)snprintf(name, 256, "%s", en->cn);
	if (en->device[0] != '\0')
		(void)snprintf(device, 65, "%s", en->device);
	return true;
}

/* A name key has no final dot, but a pattern may continue after it: "vpn-*." is not "vpn-*". */
static bool has_open_end(const char *pattern, size_t len)
{
	return len >= 2 && pattern[len - 1] == '.' && strchr("*?]", pattern[len - 2]) != NULL;
}

/* Patterns and names are compared by their name keys. */
static int name_authority_is_allowed(bool *is, const char *patterns, const char *cn, struct err *e)
{
	char pattern[256], pattern_key[NAME_KEY_MAX], key[NAME_KEY_MAX];

	*is = false;
	if (name_key(key, cn, e) < 0)
		return -1;
	for (const char *p = patterns + strspn(patterns, " "); *p != '\0' && !*is; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (len >= sizeof(pattern))
			return err_set(e, ERR_INPUT, "a pattern of allow-names is longer than %zu bytes: '%.40s…'",
			    sizeof(pattern) - 1, p);
		(void)snprintf(pattern, sizeof(pattern), "%.*s", (int)len, p);
		if (name_key(pattern_key, pattern, e) < 0)
			return -1;
		*is = !has_open_end(p, len) && fnmatch(pattern_key, key, FNM_NOESCAPE) == 0;
		p += len;
	}
	return 0;
}

static int not_approved(const char *file, const struct request_info *request, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "no name was authorised for %s; the request contains the name "
	    "'%s'", file, request->cn);
	e->code = "name-not-approved";
	e->hint = "use --cn NAME or --names CSV, or --trust-names to take the name from the request";
	return -1;
}

static int name_authority_ask(
    char name[256], const struct name_authority *a, const char *file, const struct request_info *request, struct err *e)
{
	char question[1024], asked[600];
	struct err ignored;

	if (a->batch)
		return not_approved(file, request, e);
	(void)print_safe(asked, sizeof(asked), request->cn, strlen(request->cn));
	(void)snprintf(question, sizeof(question),
	    "%s asks for '%s'; SHA-256 of its key: %s. Name to certify (press Enter to refuse)", file, asked,
	    request->public_key.spki_sha256);
	if (a->ui->ask(a->ui->self, question, name, 256, &ignored) < 0 || name[0] == '\0')
		return not_approved(file, request, e);
	return 0;
}

int name_authorise(char name[256], char device[65], const struct name_authority *a, const char *file,
    const struct request_info *request, struct err *e)
{
	bool is_usable = request->n_cn == 1 && !request->is_subject_text_bad, allowed = false;

	if (a->cn != NULL) {
		(void)snprintf(name, 256, "%s", a->cn);
		return 0;
	}
	if (a->list != NULL && in_list(name, device, a->list, file, &request->public_key))
		return 0;
	if (is_usable && a->allow != NULL && name_authority_is_allowed(&allowed, a->allow, request->cn, e) < 0)
		return -1;
	if (is_usable && (allowed || a->trust)) {
		(void)snprintf(name, 256, "%s", request->cn);
		return 0;
	}
	return name_authority_ask(name, a, file, request, e);
}
