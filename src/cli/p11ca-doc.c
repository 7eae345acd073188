/* SPDX-License-Identifier: MIT */
/* p11ca-doc.c - build-time program that writes manual, completion and JSON Schemas from the tables of commands. */
#include <string.h>

#include "cli/completion.h"
#include "cli/help_json.h"
#include "cli/mdoc.h"
#include "out/schema.h"
#include "util/array.h"

static const struct kind {
	const char *name;
	const struct fill_row *rows;
} kinds[] = {
	{ "man", mdoc_rows }, { "completion", completion_rows },
};

static int write_document(const char *kind, const char *path, struct err *e)
{
	const struct fill_row *rows = NULL;
	FILE *in = fopen(path, "r");
	int result;

	if (in == NULL)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, kind) == 0)
			rows = kinds[i].rows;
	if (rows == NULL)
		result = err_set(e, ERR_USAGE, "no kind of document '%s'", kind);
	else
		result = fill_template(in, path, stdout, rows, e);
	(void)fclose(in);
	return result;
}

/* One line for each further name of a manual page: "p11ca-client-enroll p11ca-client". */
static int write_aliases(void)
{
	for (size_t i = 0; command_table[i] != NULL; i++) {
		const char *path = command_table[i]->path;
		const struct noun *noun = noun_find(path);

		if (noun == NULL || strcmp(noun->page, path) == 0)
			continue;
		printf("p11ca-");
		for (; *path != '\0'; path++)
			(void)putchar(*path == ' ' ? '-' : *path);
		printf(" p11ca-%s\n", noun->page);
	}
	return 0;
}

static int add_members(struct schema *s, const struct command_prints *p, struct err *e)
{
	for (; p->key != NULL; p++)
		if (schema_add(s, p->key, p->fields, p->is_list, e) < 0)
			return -1;
	return 0;
}

/* Writes FOLDER/token-list.json for "token list". */
static int write_schema(const char *folder, const char *name, const struct command_prints *prints, struct err *e)
{
	char title[80], path[400];
	struct schema *s = NULL;
	int result;

	(void)snprintf(title, sizeof(title), "p11ca %s", name);
	if ((size_t)snprintf(path, sizeof(path), "%s/%s.json", folder, name) >= sizeof(path))
		return err_set(e, ERR_USAGE, "the name of the folder is too long");
	for (char *c = path + strlen(folder); *c != '\0'; c++)
		*c = *c == ' ' ? '-' : *c;
	if (schema_open(&s, title, e) < 0)
		return -1;
	result = add_members(s, prints, e);
	if (result == 0)
		result = schema_write(s, path, e);
	schema_free(s);
	return result;
}

static int write_schemas(const char *folder, struct err *e)
{
	if (write_schema(folder, "program-help", help_json_prints, e) < 0 ||
	    write_schema(folder, "program-version", help_json_version_prints, e) < 0)
		return -1;
	for (size_t i = 0; command_table[i] != NULL; i++)
		if (write_schema(folder, command_table[i]->path, command_prints(command_table[i]), e) < 0)
			return -1;
	return 0;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int result;

	if (argc == 3 && strcmp(argv[1], "schemas") == 0)
		result = write_schemas(argv[2], &e);
	else if (argc == 3)
		result = write_document(argv[1], argv[2], &e);
	else if (argc == 2 && strcmp(argv[1], "aliases") == 0)
		result = write_aliases();
	else
		result = err_set(&e, ERR_USAGE, "usage: p11ca-doc man|completion FILE.in | schemas FOLDER | aliases");
	if (result < 0)
		err_print(&e, stderr, "p11ca-doc");
	return err_exit_status(result, &e);
}
