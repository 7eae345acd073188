/* SPDX-License-Identifier: MIT */
/* mdoc.c - see mdoc.h. */
#include "cli/mdoc.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "cli/help.h"
#include "util/text.h"

#define LINE_MAX_BYTES 65

/* Prints the next character of s in roff syntax and returns its length. s is text of the program, and so UTF-8. */
static size_t put_character(FILE *f, const char *s)
{
	const char c = s[0];
	uint32_t code = 0;
	size_t n = text_next(&code, s, strlen(s));

	if (c == '\\')
		(void)fputs("\\e", f);
	else if (c == '-') /* \- is a minus sign; readers copy options from manuals */
		(void)fputs("\\-", f);
	else if (c == '"')
		(void)fputs("\\(dq", f);
	else if (n == 1)
		(void)fputc(c, f);
	else
		(void)fprintf(f, "\\[u%04" PRIX32 "]", code);
	return n;
}

/* Prints the words of a line with \& before each, so that mdoc reads no word as macro, delimiter or request. */
static void put_words(FILE *f, const char *text)
{
	while (*text != '\0') {
		(void)fputs("\\&", f);
		while (*text != '\0' && *text != ' ')
			text += put_character(f, text);
		for (; *text == ' '; text++)
			if (text[1] != ' ' && text[1] != '\0')
				(void)fputc(' ', f);
	}
}

/* Whether a space becomes a new line: after a sentence (mdoc requires it) or when the line is long enough. */
static bool ends_line(char before, size_t column)
{
	return strchr(".?!", before) != NULL || column > LINE_MAX_BYTES;
}

/* Prints text, with a paragraph at each "\n\n", then `end`, which includes the last newline. */
static void put_prose(FILE *f, const char *text, const char *end)
{
	size_t column = 0, n;

	for (; *text != '\0'; text += n) {
		n = strspn(text, " \n");
		if (n > 1 && strncmp(text, "\n\n", 2) == 0) {
			(void)fputs("\n.Pp\n", f);
			column = 0;
		} else if (n > 0 && (text[0] == '\n' || (column > 0 && ends_line(text[-1], column)))) {
			(void)fputc('\n', f);
			column = 0;
		} else if (n > 0) {
			(void)fputc(' ', f);
			column++;
		} else {
			if (column == 0 && (*text == '.' || *text == '\''))
				(void)fputs("\\&", f);
			n = put_character(f, text);
			column += n;
		}
	}
	(void)fputs(end, f);
}

static void put_option(FILE *f, const struct opt *o)
{
	char own[HELP_VALUE], text[500];
	const char *metavar = help_value(own, o);

	(void)fputs(".It ", f);
	if (o->letter != 0)
		(void)fprintf(f, "Fl %c , ", o->letter);
	(void)fprintf(f, "Fl -%s", o->name);
	if (metavar != NULL) {
		(void)fputs(" Ns = Ns Ar ", f);
		put_words(f, metavar);
	}
	(void)fputs("\n", f);
	help_explain(text, sizeof(text), o);
	put_prose(f, text, ".\n");
}

static void put_option_table(FILE *f, const struct opt *table)
{
	for (; table != NULL && table->name != NULL; table++)
		put_option(f, table);
}

static bool has_options(const struct command *cmd)
{
	bool has = cmd->opts != NULL;

	for (unsigned i = 0; i < N_OPTION_GROUPS; i++)
		has = has || command_group(cmd, i) != NULL;
	return has;
}

static void mdoc_put_options(FILE *f, const struct command *cmd)
{
	if (!has_options(cmd))
		return;
	(void)fputs(".Bl -tag -width Ds\n", f);
	put_option_table(f, cmd->opts);
	for (unsigned i = 0; i < N_OPTION_GROUPS; i++)
		put_option_table(f, command_group(cmd, i));
	(void)fputs(".El\n", f);
}

static void put_global(FILE *f, const struct command *unused)
{
	(void)unused;
	(void)fputs(".Bl -tag -width Ds\n", f);
	put_option_table(f, global_options);
	(void)fputs(".El\n", f);
}

/* Prints the same words as help_usage(), marked up as mdoc arguments and flags. */
static void put_synopsis(FILE *f, const struct command *cmd)
{
	char own[HELP_VALUE];

	(void)fprintf(f, ".Nm p11ca\n.Cm %s\n", cmd->path);
	for (unsigned i = 0; i <= N_OPTION_GROUPS; i++) {
		const struct opt *o = i == 0 ? cmd->opts : command_group(cmd, i - 1);

		for (; o != NULL && o->name != NULL; o++) {
			if (!o->required)
				continue;
			(void)fprintf(f, ".Fl -%s Ns = Ns Ar ", o->name);
			put_words(f, help_value(own, o));
			(void)fputc('\n', f);
		}
	}
	(void)fputs(".Op Ar OPTION ...\n", f);
	if (cmd->operands != NULL) {
		(void)fputs(".Ar ", f);
		put_words(f, cmd->operands);
		(void)fputc('\n', f);
	}
}

static void put_summary(FILE *f, const struct command *cmd)
{
	put_prose(f, cmd->summary, ".\n");
	if (cmd->help != NULL) {
		(void)fputs(".Pp\n", f);
		put_prose(f, cmd->help, "\n");
	}
}

static void put_fields(FILE *f, const struct out_field *fields)
{
	(void)fputs(".Bl -tag -width Ds -compact\n", f);
	for (; fields->key != NULL; fields++) {
		(void)fprintf(f, ".It Va %s No (%s)\n", fields->key, help_field_type(fields));
		put_prose(f, fields->help, ".\n");
		if (fields->sub != NULL)
			put_fields(f, fields->sub);
	}
	(void)fputs(".El\n", f);
}

static void put_json(FILE *f, const struct command *cmd)
{
	(void)fputs(".Bl -tag -width Ds\n", f);
	for (const struct command_prints *p = command_prints(cmd); p->key != NULL; p++) {
		(void)fprintf(f, ".It Va %s No (%s)\n", p->key, help_prints_type(p));
		if (p->fields != NULL)
			put_fields(f, p->fields);
		else
			(void)fputs("What would be printed without it.\n", f);
	}
	(void)fputs(".El\n", f);
}

static void put_examples(FILE *f, const struct command *cmd)
{
	for (const struct command_example *x = cmd->examples; x != NULL && x->text != NULL; x++) {
		(void)fputs(".Pp\n", f);
		put_prose(f, x->text, "\n");
		(void)fputs(".Dl $ ", f);
		put_words(f, x->line);
		(void)fputc('\n', f);
	}
}

static void put_terms(FILE *f, const struct command *cmd)
{
	const char *title = cmd->terms_title;

	if (cmd->terms == NULL)
		return;
	(void)fprintf(f, ".Pp\n%c%s:\n.Bl -tag -width Ds\n", toupper((unsigned char)title[0]), title + 1);
	for (const struct command_term *t = cmd->terms; t->word != NULL; t++) {
		(void)fprintf(f, ".It %s\n", t->word);
		put_prose(f, t->text, ".\n");
	}
	(void)fputs(".El\n", f);
}

static void put_command(FILE *f, const struct command *cmd)
{
	(void)fprintf(f, ".Ss %s\n", cmd->path);
	put_synopsis(f, cmd);
	(void)fputs(".Pp\n", f);
	put_summary(f, cmd);
	if (has_options(cmd))
		(void)fputs(".Pp\nOptions:\n", f);
	mdoc_put_options(f, cmd);
	put_terms(f, cmd);
	(void)fputs(".Pp\nWith\n.Fl -json\nthe object has these members:\n", f);
	put_json(f, cmd);
	put_examples(f, cmd);
}

static void put_exit(FILE *f, const struct command *unused)
{
	const char *text;
	int number;

	(void)unused;
	(void)fputs(".Bl -tag -width Ds\n", f);
	for (unsigned i = 0; (text = err_status_row(i, &number)) != NULL; i++) {
		(void)fprintf(f, ".It %d\n", number);
		put_prose(f, text, ".\n");
	}
	(void)fputs(".El\n", f);
}

const struct fill_row mdoc_rows[] = {
	{ "SYNOPSIS", FILL_COMMAND, put_synopsis }, { "SUMMARY", FILL_COMMAND, put_summary },
	{ "OPTIONS", FILL_COMMAND, mdoc_put_options }, { "JSON", FILL_COMMAND, put_json },
	{ "COMMANDS", FILL_NOUN, put_command }, { "GLOBAL", FILL_PLAIN, put_global },
	{ "EXIT", FILL_PLAIN, put_exit }, { NULL, FILL_PLAIN, NULL },
};
