/* SPDX-License-Identifier: MIT */
/* sample_commands.c - see sample_commands.h. */
#include "tests/unit/unit.h"

#include <limits.h>

#include "tests/unit/cli/sample_commands.h"

struct sample_seen sample_seen;
int sample_result;

static const struct opt issue_options[] = {
	{ OPT_FIELD(NAME, struct sample_args, cn), .name = "cn", .required = true, .help = "whose certificate" },
	{ OPT_LIST_FIELD(FILE, struct sample_args, chain), .name = "chain", .help = "what goes along" },
	{ OPT_FIELD(FORMAT, struct sample_args, format), .name = "format", .letter = 'f', .choices = "pem|der",
	  .help = "how it is written" },
	{ OPT_FIELD(KEY_SPEC, struct sample_args, key), .name = "key", .help = "kind of key" },
	{ OPT_FIELD(DAYS, struct sample_args, days), .name = "days", .help = "how long it is valid" },
	{ .name = NULL },
};

struct line {
	const char *name;
	struct out_array parts;
};
static const struct out_field part_fields[] = {
	{ OUT_TEXT("part", "PART", struct line, name), .help = "a piece of it" },
	{ .key = NULL },
};
static const struct out_field line_fields[] = {
	{ OUT_TEXT("name", "NAME", struct line, name), .help = "its name" },
	{ OUT_LIST("parts", NULL, struct line, parts, part_fields), .help = "what it is made of" },
	{ .key = NULL },
};
static const struct command_prints prints[] = { { "lines", line_fields, true }, { .key = NULL } };
static const struct command_example examples[] = {
	{ "For one person:", "p11ca client issue --cn alice@example.com alice.csr" },
	{ .text = NULL },
};

static int run(struct app *app, const void *args, char **operands, struct err *e)
{
	const struct line one = { "first", { NULL, 0, 0 } };

	sample_seen.app = *app;
	sample_seen.runs++;
	memset(sample_seen.operands, 0, sizeof(sample_seen.operands));
	for (int i = 0; i < app->n_operands && i < 4; i++)
		(void)snprintf(sample_seen.operands[i], sizeof(sample_seen.operands[i]), "%s", operands[i]);
	assert_null(operands[app->n_operands]);
	if (out_list(app->out, "lines", line_fields, e) < 0 || out_row(app->out, &one, e) < 0 ||
	    out_end(app->out, e) < 0)
		return -1;
	app->ui.warn(app->ui.self, "sample-warning", "bad \033 thing");
	(void)args;
	return sample_result < 0 ? err_set(e, ERR_POLICY, "refused") : sample_result;
}

static int run_issue(struct app *app, const void *args, char **operands, struct err *e)
{
	sample_seen.args = *(const struct sample_args *)args;
	return run(app, args, operands, e);
}

static const struct command token_list = {
	.path = "token list", .summary = "List the tokens", .needs = NEED_MODULE, .prints = prints, .run = run,
};
static const struct command token_show = {
	.path = "token show", .summary = "Show a token", .operands = "TOKEN", .min_operands = 1, .max_operands = 1,
	.operand_value = VALUE_TOKEN, .needs = NEED_MODULE | NEED_PIN, .prints = prints, .run = run,
};
static const struct command client_issue = {
	.path = "client issue", .summary = "Issue a certificate", .operands = "CSR...",
	.help = "Reads a request and issues what the template says.  A line that is long enough to be broken.\n\n"
		"Nothing is issued for a name that nobody authorised.",
	.examples = examples, .min_operands = 1, .max_operands = INT_MAX, .operand_value = VALUE_FILE,
	.needs = NEED_HOME | NEED_ROOT_PIN, .changes = true, .opts = issue_options,
	.args_size = sizeof(struct sample_args), .prints = prints, .run = run_issue,
};
static const struct command check = {
	.path = "check", .summary = "Check files", .operands = "FILE...", .min_operands = 1, .max_operands = INT_MAX,
	.operand_value = VALUE_FILE, .prints = prints, .run = run,
};

const struct command *const command_table[] = { &token_list, &token_show, &client_issue, &check, NULL };
