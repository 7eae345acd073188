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

/* A text in single quotes. */
static void fish_put_quoted(FILE *f, const char *text)
{
	(void)fputc('\'', f);
	for (; *text != '\0'; text++)
		(void)fprintf(f, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
	(void)fputc('\'', f);
}

/* What fish offers for a value of this kind. */
static void fish_put_values(FILE *f, const char *completer)
{
	if (strcmp(completer, "file") == 0 || strcmp(completer, "folder") == 0)
		(void)fputs(" -F", f);
	else if (strcmp(completer, "text") != 0)
		(void)fprintf(f, " -f -a '(__p11ca_offer \"%s\")'", completer);
}

/* path: the command, NULL for the options of all commands. */
static void fish_put_option(FILE *f, const char *path, const struct opt *o)
{
	(void)fputs("complete -c p11ca", f);
	if (path != NULL)
		(void)fprintf(f, " -n '__p11ca_at \"%s\"'", path);
	(void)fprintf(f, " -l %s", o->name);
	if (o->letter != 0)
		(void)fprintf(f, " -s %c", o->letter);
	if (o->value != VALUE_FLAG) {
		(void)fputs(" -r", f);
		fish_put_values(f, completer_of(o));
	}
	(void)fputs(" -d ", f);
	fish_put_quoted(f, o->help);
	(void)fputc('\n', f);
}

static void fish_put_command(FILE *f, const struct command *cmd)
{
	const char *completer = value_completer(cmd->operand_value);

	for (unsigned i = 0; i <= N_OPTION_GROUPS; i++) {
		const struct opt *o = i == 0 ? cmd->opts : command_group(cmd, i - 1);

		for (; o != NULL && o->name != NULL; o++)
			fish_put_option(f, cmd->path, o);
	}
	if (completer[0] == '\0')
		return;
	(void)fprintf(f, "complete -c p11ca -n '__p11ca_at \"%s\"'", cmd->path);
	fish_put_values(f, completer);
	(void)fputc('\n', f);
}

static void fish_put_options(FILE *f, const struct command *unused)
{
	(void)unused;
	for (size_t c = 0; command_table[c] != NULL; c++)
		fish_put_command(f, command_table[c]);
	for (const struct opt *o = global_options; o->name != NULL; o++)
		fish_put_option(f, NULL, o);
}

static void fish_put_commands(FILE *f, const struct command *unused)
{
	(void)unused;
	for (size_t c = 0; command_table[c] != NULL; c++)
		(void)fprintf(f, "    '%s'%s\n", command_table[c]->path, command_table[c + 1] != NULL ? " \\" : "");
}

const struct fill_row completion_rows[] = {
	{ "FISH_COMMANDS", FILL_PLAIN, fish_put_commands }, { "FISH_OPTIONS", FILL_PLAIN, fish_put_options },
	{ "COMMANDS", FILL_PLAIN, put_commands }, { "OPTIONS", FILL_PLAIN, completion_put_options },
	{ "VALUES", FILL_PLAIN, put_values }, { "OPERANDS", FILL_PLAIN, put_operands }, { NULL, FILL_PLAIN, NULL },
};
