/* SPDX-License-Identifier: MIT */
/* help_command.c - the help of a command: see help.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/help_text.h"
#include "util/cleanup.h"

#define SCREEN 40 /* lines */

static const char *const titles[N_OPT_SECTIONS] = {
	[OPT_COMMON] = "options",
	[OPT_TOKEN] = "token and PIN",
	[OPT_PROFILE] = "profiles",
	[OPT_CHANGES] = "ledger",
	[OPT_GLOBAL] = "all commands",
};

/* Calls put() for each option of the command in the section, and returns their number. */
static unsigned help_command_each(const struct command *cmd, enum opt_section section,
    void (*put)(FILE *f, const struct opt *o), FILE *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < N_OPTION_GROUPS + 2; i++) {
		const bool is_own = i == 0, is_global = i == N_OPTION_GROUPS + 1;
		const struct opt *o = is_own ? cmd->opts : is_global ? global_options : command_group(cmd, i - 1);

		for (; o != NULL && o->name != NULL; o++) {
			const enum opt_section of = is_own ? o->section :
			    is_global ? OPT_GLOBAL : command_group_section(i - 1);

			if (of == section) {
				put(f, o);
				n++;
			}
		}
	}
	return n;
}

static void help_command_count(FILE *f, const struct opt *o)
{
	(void)f;
	(void)o;
}

static void help_command_name(FILE *f, const struct opt *o)
{
	(void)fprintf(f, " --%s", o->name);
}

static void help_command_fields(FILE *out, const struct out_field *f, int indent)
{
	for (; f != NULL && f->key != NULL; f++) {
		char left[80];

		(void)snprintf(left, sizeof(left), "%*s%s", indent, "", f->key);
		help_entry(out, left, f->help);
		if (f->sub != NULL)
			help_command_fields(out, f->sub, indent + 2);
	}
}

static void help_command_prints(FILE *f, const struct command *cmd)
{
	(void)fprintf(f, "\nprints:\n");
	for (const struct command_prints *p = command_prints(cmd); p->key != NULL; p++) {
		(void)fprintf(f, "  %s (%s)\n", p->key, help_prints_type(p));
		help_command_fields(f, p->fields, 4);
	}
}

static void help_command_terms(FILE *f, const struct command *cmd)
{
	if (cmd->terms != NULL)
		(void)fprintf(f, "\n%s:\n", cmd->terms_title);
	for (const struct command_term *t = cmd->terms; t != NULL && t->word != NULL; t++) {
		char left[40];

		(void)snprintf(left, sizeof(left), "  %s", t->word);
		help_entry(f, left, t->text);
	}
}

static void help_command_examples(FILE *f, const struct command *cmd)
{
	if (cmd->examples != NULL)
		(void)fprintf(f, "\nexamples:\n");
	for (const struct command_example *x = cmd->examples; x != NULL && x->text != NULL; x++) {
		(void)fprintf(f, "  ");
		help_wrapped(f, x->text, 2, 2);
		(void)fprintf(f, "    $ %s\n", x->line);
	}
}

/* Only the names of the section's options. */
static int help_command_names(FILE *f, const struct command *cmd, enum opt_section section)
{
	AUTO(char) names = NULL;
	size_t size;
	FILE *list = open_memstream(&names, &size);

	if (list == NULL)
		return -1;
	(void)help_command_each(cmd, section, help_command_name, list);
	if (fclose(list) != 0)
		return -1;
	help_wrapped(f, names, 4, (size_t)fprintf(f, "%s: ", titles[section]));
	return 0;
}

/* The first n_full sections of options in full, the others as names. */
static int help_command_options(FILE *f, const struct command *cmd, int n_full)
{
	bool is_first = true;

	for (int i = 0; i < N_OPT_SECTIONS; i++) {
		const enum opt_section section = (enum opt_section)i;

		if (help_command_each(cmd, section, help_command_count, f) == 0)
			continue;
		if (i < n_full || is_first)
			(void)fputc('\n', f);
		is_first = is_first && i < n_full;
		if (i < n_full) {
			(void)fprintf(f, "%s:\n", titles[section]);
			(void)help_command_each(cmd, section, help_option, f);
		} else if (help_command_names(f, cmd, section) < 0) {
			return -1;
		}
	}
	return 0;
}

static int help_command_all(const struct command *cmd, FILE *f)
{
	(void)fprintf(f, "usage: p11ca ");
	help_usage(cmd, f);
	(void)fprintf(f, "\n\n%s.\n", cmd->summary);
	if (cmd->help != NULL) {
		(void)fputc('\n', f);
		help_wrapped(f, cmd->help, 0, 0);
	}
	if (help_command_options(f, cmd, N_OPT_SECTIONS) < 0)
		return -1;
	help_command_terms(f, cmd);
	help_command_prints(f, cmd);
	help_command_examples(f, cmd);
	return 0;
}

/* Returns the text, owned by the caller; NULL: out of memory. *n_lines receives its height. */
static char *help_command_short(const struct command *cmd, int n_full, unsigned *n_lines)
{
	AUTO(char) text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	bool is_done;

	if (f == NULL)
		return NULL;
	(void)fprintf(f, "usage: p11ca ");
	help_usage(cmd, f);
	(void)fprintf(f, "\n\n%s.\n", cmd->summary);
	if (cmd->help != NULL) {
		const char *end = strstr(cmd->help, "\n\n");
		AUTO(char) first = strndup(cmd->help, end != NULL ? (size_t)(end - cmd->help) : strlen(cmd->help));

		(void)fputc('\n', f);
		help_wrapped(f, first != NULL ? first : "", 0, 0);
	}
	is_done = help_command_options(f, cmd, n_full) == 0;
	help_command_terms(f, cmd);
	help_command_examples(f, cmd);
	(void)fprintf(f, "\nAll options: `p11ca help --all %s`; manual: `man p11ca-%s`\n", cmd->path,
	    noun_find(cmd->path) != NULL ? noun_find(cmd->path)->page : "");
	if (fclose(f) != 0 || !is_done)
		return NULL;
	*n_lines = 0;
	for (const char *c = text; *c != '\0'; c++)
		*n_lines += *c == '\n';
	return STEAL(text);
}

int help_command(const struct command *cmd, bool all, struct err *e)
{
	unsigned n_lines = SCREEN + 1;

	if (all)
		return help_command_all(cmd, stdout) < 0 ? err_oom(e) : help_finish(e);
	for (int n_full = OPT_GLOBAL; n_lines > SCREEN && n_full > OPT_COMMON; n_full--) {
		AUTO(char) text = help_command_short(cmd, n_full, &n_lines);

		if (text == NULL)
			return err_oom(e);
		if (n_lines <= SCREEN || n_full == OPT_COMMON + 1)
			(void)fputs(text, stdout);
	}
	return help_finish(e);
}
