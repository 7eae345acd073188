/* SPDX-License-Identifier: MIT */
/* completion.c - see completion.h. */
#include "cli/completion.h"

#include <string.h>

static const char *completer_of(const struct opt *o)
{
	const char *completer = value_completer(o->value);

	if (o->choices != NULL || strcmp(completer, "choices") == 0)
		return opt_metavar(o);
	return completer[0] != '\0' ? completer : "text";
}

/* path is a shell pattern. */
static void put_values_of(FILE *f, const char *path, const struct opt *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		if (o->value == VALUE_FLAG)
			continue;
		(void)fprintf(f, "\t%s--%s", path, o->name);
		if (o->letter != 0)
			(void)fprintf(f, " | %s-%c", path, o->letter);
		(void)fprintf(f, ") echo '%s' ;;\n", completer_of(o));
	}
}

static void put_values(FILE *f, const struct command *unused)
{
	(void)unused;
	for (size_t c = 0; command_table[c] != NULL; c++) {
		const struct command *cmd = command_table[c];
		char path[100];

		(void)snprintf(path, sizeof(path), "'%s '", cmd->path);
		put_values_of(f, path, cmd->opts);
		for (unsigned i = 0; i < N_OPTION_GROUPS; i++)
			put_values_of(f, path, command_group(cmd, i));
	}
	put_values_of(f, "*", global_options);
}

static void put_names(FILE *f, const struct opt *o)
{
	for (; o != NULL && o->name != NULL; o++)
		(void)fprintf(f, " --%s", o->name);
}

static void completion_put_options(FILE *f, const struct command *unused)
{
	(void)unused;
	for (size_t c = 0; command_table[c] != NULL; c++) {
		(void)fprintf(f, "\t'%s ') echo", command_table[c]->path);
		put_names(f, command_table[c]->opts);
		for (unsigned i = 0; i < N_OPTION_GROUPS; i++)
			put_names(f, command_group(command_table[c], i));
		put_names(f, global_options);
		(void)fputs(" ;;\n", f);
	}
	(void)fputs("\t*) echo", f);
	put_names(f, global_options);
	(void)fputs(" ;;\n", f);
}

static void put_operands(FILE *f, const struct command *unused)
{
	(void)unused;
	for (size_t c = 0; command_table[c] != NULL; c++) {
		const char *completer = value_completer(command_table[c]->operand_value);

		if (completer[0] != '\0')
			(void)fprintf(f, "\t'%s ') echo '%s' ;;\n", command_table[c]->path, completer);
	}
}

static void put_commands(FILE *f, const struct command *unused)
{
	(void)unused;
	for (size_t c = 0; command_table[c] != NULL; c++)
		(void)fprintf(f, "\t'%s'\n", command_table[c]->path);
}

const struct fill_row completion_rows[] = {
	{ "COMMANDS", FILL_PLAIN, put_commands }, { "OPTIONS", FILL_PLAIN, completion_put_options },
	{ "VALUES", FILL_PLAIN, put_values }, { "OPERANDS", FILL_PLAIN, put_operands }, { NULL, FILL_PLAIN, NULL },
};
