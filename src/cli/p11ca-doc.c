/* SPDX-License-Identifier: MIT */
/* p11ca-doc.c - build-time program that writes manual pages and completion from the tables of commands and options. */
#include <string.h>

#include "cli/completion.h"
#include "cli/mdoc.h"
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

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int result;

	if (argc == 3)
		result = write_document(argv[1], argv[2], &e);
	else if (argc == 2 && strcmp(argv[1], "aliases") == 0)
		result = write_aliases();
	else
		result = err_set(&e, ERR_USAGE, "usage: p11ca-doc aliases, or p11ca-doc man|completion FILE.in");
	if (result < 0)
		err_print(&e, stderr, "p11ca-doc");
	return err_exit_status(result, &e);
}
