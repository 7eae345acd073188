/* SPDX-License-Identifier: MIT */
/* help_json.c - see help_json.h. */
#include "cli/help_json.h"

#include <string.h>

#include "cli/library_versions.h"

#define OPTIONS_MAX 80 /* more than OPTS_MAX, the limit of the parser */

struct help_option {
	const char *name, *letter, *value, *description;
	char letter_text[2];
	bool is_required, is_repeatable;
};

struct help_page {
	const char *command, *summary, *description, *operands;
	struct out_array options;
};

struct help_version_row {
	const char *name, *version;
};

static const struct out_field option_fields[] = {
	{ OUT_TEXT("name", "OPTION", struct help_option, name), .help = "without the hyphens" },
	{ OUT_TEXT("letter", NULL, struct help_option, letter), .help = "short form; null: it has no short form" },
	{ OUT_TEXT("value", "VALUE", struct help_option, value), .help = "kind of value; null: a flag" },
	{ OUT_BOOL("required", NULL, struct help_option, is_required), .help = "the command needs the option" },
	{ OUT_BOOL("repeatable", NULL, struct help_option, is_repeatable), .help = "can be given several times" },
	{ OUT_TEXT("description", "DESCRIPTION", struct help_option, description), .help = "what the option does" },
	{ .key = NULL },
};

static const struct out_field page_fields[] = {
	{ OUT_TEXT("command", "Command", struct help_page, command), .help = "its words; null: the program" },
	{ OUT_TEXT("summary", "Summary", struct help_page, summary), .help = "summary, one line" },
	{ OUT_TEXT("description", "Description", struct help_page, description), .help = "the text of the help" },
	{ OUT_TEXT("operands", "Operands", struct help_page, operands), .help = "null: no operands" },
	{ OUT_LIST("options", "Options", struct help_page, options, option_fields), .help = "that it accepts" },
	{ .key = NULL },
};

static const struct out_field command_fields[] = {
	{ OUT_TEXT("command", "COMMAND", struct command, path), .help = "its words" },
	{ OUT_TEXT("summary", "SUMMARY", struct command, summary), .help = "summary, one line" },
	{ .key = NULL },
};

static const struct out_field version_fields[] = {
	{ OUT_TEXT("name", "Program", struct help_version_row, name), .help = "name of the program" },
	{ OUT_TEXT("version", "Version", struct help_version_row, version), .help = "version of the program" },
	{ .key = NULL },
};

static const struct out_field library_fields[] = {
	{ OUT_CHARS("name", "Library", struct library_version, name), .help = "name of the library" },
	{ OUT_CHARS("version", "Version", struct library_version, version), .help = "version in use" },
	{ .key = NULL },
};

const struct command_prints help_json_prints[] = {
	{ "help", page_fields, false }, { "commands", command_fields, true }, { .key = NULL },
};

const struct command_prints help_json_version_prints[] = {
	{ "program", version_fields, false }, { "libraries", library_fields, true }, { .key = NULL },
};

static size_t help_json_add(struct help_option *rows, size_t n, const struct opt *table)
{
	for (const struct opt *o = table; o != NULL && o->name != NULL && n < OPTIONS_MAX; o++, n++) {
		rows[n] = (struct help_option){ .name = o->name, .value = opt_metavar(o), .description = o->help,
			.letter_text = { o->letter }, .is_required = o->required, .is_repeatable = o->list };
		rows[n].letter = o->letter != 0 ? rows[n].letter_text : NULL;
	}
	return n;
}

static int help_json_page(struct app *app, struct help_page *page, struct help_option *rows, size_t n, struct err *e)
{
	n = help_json_add(rows, n, global_options);
	page->options = (struct out_array){ rows, n, sizeof(*rows) };
	if (out_open(&app->out, "json", stdout, e) < 0)
		return -1;
	return out_record(app->out, "help", page_fields, page, e);
}

int help_json_command(struct app *app, const struct command *cmd, struct err *e)
{
	struct help_page page = { .command = cmd->path, .summary = cmd->summary, .description = cmd->help,
		.operands = cmd->operands };
	struct help_option rows[OPTIONS_MAX];
	size_t n = help_json_add(rows, 0, cmd->opts);

	for (unsigned i = 0; i < N_OPTION_GROUPS; i++)
		n = help_json_add(rows, n, command_group(cmd, i));
	return help_json_page(app, &page, rows, n, e);
}

int help_json_program(struct app *app, int n_words, char *const words[], struct err *e)
{
	struct help_page page = { .summary = "manages certificates of point-to-site VPNs with keys on tokens" };
	struct help_option rows[OPTIONS_MAX];

	if (help_json_page(app, &page, rows, 0, e) < 0 || out_list(app->out, "commands", command_fields, e) < 0)
		return -1;
	for (size_t i = 0; command_table[i] != NULL; i++)
		if (command_begins_with(command_table[i], n_words, words) &&
		    out_row(app->out, command_table[i], e) < 0)
			return -1;
	return out_end(app->out, e);
}

static int help_json_add_library(const struct library_version *v, void *arg, struct err *e)
{
	return out_row(arg, v, e);
}

int help_json_version(struct app *app, struct err *e)
{
	const struct help_version_row row = { "p11ca", PACKAGE_VERSION };

	if (out_open(&app->out, "json", stdout, e) < 0)
		return -1;
	if (out_record(app->out, "program", version_fields, &row, e) < 0 ||
	    out_list(app->out, "libraries", library_fields, e) < 0 ||
	    library_versions_each(help_json_add_library, app->out, e) < 0)
		return -1;
	return out_end(app->out, e);
}
