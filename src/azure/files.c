/* SPDX-License-Identifier: MIT */
/* files.c - see files.h. */
#include "azure/files.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "azure/input_error.h"
#include "util/text.h"

struct files *files_new(struct err *e)
{
	struct files *f = calloc(1, sizeof(*f));

	if (f == NULL)
		(void)err_oom(e);
	return f;
}

void files_free(struct files *f)
{
	if (f != NULL && f->close != NULL)
		f->close(f->self);
	free(f);
}

/* Whether every part of the path is neither empty nor "." nor "..". */
static bool are_parts_plain(const char *name)
{
	for (const char *part = name; part != NULL; part = part[0] != '\0' ? strchr(part, '/') : NULL) {
		size_t len;

		part += part[0] == '/' && part != name;
		len = strcspn(part, "/");
		if (len == 0 || (len == 1 && part[0] == '.') || (len == 2 && memcmp(part, "..", 2) == 0))
			return false;
	}
	return true;
}

static const char *why_bad(const char *name)
{
	if (name[0] == '\0')
		return "is empty";
	if (!text_is_harmless(name, strlen(name)))
		return "has control characters, or is not UTF-8";
	if (name[0] == '/' || (isalpha((unsigned char)name[0]) && name[1] == ':'))
		return "is absolute";
	return are_parts_plain(name) ? NULL : "leads elsewhere";
}

/* Azure's own packages have backslashes; a folder's name ends with the separator. */
static void files_normalise(char *name)
{
	size_t len = strlen(name);

	for (char *p = name; *p != '\0'; p++)
		*p = *p == '\\' ? '/' : *p;
	if (len > 1 && name[len - 1] == '/')
		name[len - 1] = '\0';
}

int files_add(struct files *f, const char *raw, uint64_t index, struct err *e)
{
	struct file_entry *new = &f->all[f->n];
	char safe[120];
	const char *why;

	(void)print_safe(safe, sizeof(safe), raw, strlen(raw));
	if (f->n >= FILES_MAX)
		return limit_refuse(e, "the package has more than %d entries", FILES_MAX);
	if (strlen(raw) >= FILES_NAME_MAX)
		return name_refuse(e, "a name in the package is longer than %d bytes: '%s'", FILES_NAME_MAX - 1, safe);
	memcpy(new->raw, raw, strlen(raw) + 1);
	memcpy(new->name, raw, strlen(raw) + 1);
	files_normalise(new->name);
	why = why_bad(new->name);
	if (why != NULL)
		return name_refuse(e, "a name in the package %s: '%s'", why, safe);
	for (size_t i = 0; i < f->n; i++)
		if (strcasecmp(f->all[i].name, new->name) == 0)
			return name_refuse(e, "a name is in the package twice: '%s'", safe);
	new->index = index;
	f->n++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct file_entry *x = a, *y = b;

	return strcasecmp(x->name, y->name);
}

void files_sort(struct files *f)
{
	qsort(f->all, f->n, sizeof(f->all[0]), by_name);
}

int files_read(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e)
{
	if (f->read(out, f, entry, e) < 0 || buf_add(out, "", 1, e) < 0)
		return -1;
	out->len--;
	return 0;
}
