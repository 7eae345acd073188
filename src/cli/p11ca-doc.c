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

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	int result;

	if (argc == 3)
		result = write_document(argv[1], argv[2], &e);
	else
		result = err_set(&e, ERR_USAGE, "usage: p11ca-doc man|completion FILE.in");
	if (result < 0)
		err_print(&e, stderr, "p11ca-doc");
	return err_exit_status(result, &e);
}
