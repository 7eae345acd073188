/* SPDX-License-Identifier: MIT */
/* fill.c - see fill.h. */
#include "cli/fill.h"

#include <stdlib.h>
#include <string.h>

static bool is_meant(const struct command *cmd, enum fill_scope scope, const char *words)
{
	size_t len = strlen(words);

	if (scope == FILL_COMMAND)
		return strcmp(cmd->path, words) == 0;
	return strncmp(cmd->path, words, len) == 0 && (cmd->path[len] == '\0' || cmd->path[len] == ' ');
}

/* False: no command has this path or noun. */
static bool put_all(FILE *out, const struct fill_row *row, const char *words)
{
	bool found = false;

	if (row->scope == FILL_PLAIN || words[0] == '\0') {
		found = row->scope == FILL_PLAIN && words[0] == '\0';
		if (found)
			row->put(out, NULL);
		return found;
	}
	for (size_t i = 0; command_table[i] != NULL; i++) {
		if (!is_meant(command_table[i], row->scope, words))
			continue;
		row->put(out, command_table[i]);
		found = true;
	}
	return found;
}

static int fill_fill(
    FILE *out, char *line, const struct fill_row *row, const char *name, unsigned number, struct err *e)
{
	char *word = line + 1, *words = word + strcspn(word, " @"), *end = strchr(words, '@');

	*end = '\0';
	if (*words == ' ')
		*words++ = '\0';
	for (; row->word != NULL; row++) {
		if (strcmp(row->word, word) != 0)
			continue;
		if (put_all(out, row, words))
			return 0;
		return err_set(e, ERR_INPUT, "%s:%u: @%s@ has no meaning for '%s'", name, number, word, words);
	}
	return err_set(e, ERR_INPUT, "%s:%u: no placeholder @%s@", name, number, word);
}

int fill_template(FILE *in, const char *name, FILE *out, const struct fill_row *rows, struct err *e)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t len;
	int result = 0;

	for (unsigned number = 1; result == 0 && (len = getline(&line, &size, in)) >= 0; number++) {
		if (len > 3 && line[0] == '@' && strcmp(line + len - 2, "@\n") == 0)
			result = fill_fill(out, line, rows, name, number, e);
		else
			(void)fputs(line, out);
	}
	free(line);
	if (result == 0 && ferror(in))
		result = err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", name);
	if (result == 0 && (fflush(out) != 0 || ferror(out)))
		result = err_set_errno(e, ERR_OUTPUT, "cannot write what '%s' makes", name);
	return result;
}
