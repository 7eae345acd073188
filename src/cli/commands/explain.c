/* SPDX-License-Identifier: MIT */
/* explain.c - the command `p11ca explain`: its options, help and output. */
#include "cli/command.h"
#include "pki/explain.h"

static const struct out_field list_fields[] = {
	{ OUT_TEXT("code", "CODE", struct explanation, code), .help = "the code" },
	{ OUT_TEXT("severity", "SEVERITY", struct explanation, severity),
	    .help = "fail, warning or info; error, exit status or risk for all other codes" },
	{ OUT_TEXT("problem", "PROBLEM", struct explanation, problem), .as = OUT_AS_PROSE, .help = "what is wrong" },
	/* only in JSON: too wide for the table */
	{ OUT_TEXT("shown_by", NULL, struct explanation, shown_by),
	    .help = "the program that shows this error; null for codes of p11ca" },
	{ OUT_TEXT("consequence", NULL, struct explanation, consequence),
	    .help = "what happens because of the problem" },
	{ OUT_TEXT("causes", NULL, struct explanation, causes), .separator = ';',
	    .help = "the most likely cause first; none for codes of p11ca" },
	{ OUT_TEXT("solution", NULL, struct explanation, solution), .help = "what to do" },
	{ OUT_TEXT("rules", NULL, struct explanation, rules), .separator = ' ',
	    .help = "codes of p11ca that find the problem beforehand" },
	{ .key = NULL },
};

static const struct command_prints prints[] = {
	{ "explanation", explanation_fields, false }, { "codes", list_fields, true }, { .key = NULL },
};

static int print_all(struct out *o, struct err *e)
{
	struct explanation x;
	const char *code;

	if (out_list(o, "codes", list_fields, e) < 0)
		return -1;
	for (size_t i = 0; (code = explain_at(i)) != NULL; i++)
		if (explain_code(&x, code, e) < 0 || out_row(o, &x, e) < 0)
			return -1;
	return out_end(o, e);
}

static int cmd_explain_run(struct app *app, const void *args, char **operands, struct err *e)
{
	struct explanation x;

	(void)args;
	if (app->n_operands == 0)
		return print_all(app->out, e);
	if (explain_code(&x, operands[0], e) < 0)
		return -1;
	return out_record(app->out, "explanation", explanation_fields, &x, e);
}

static const struct command_example examples[] = {
	{ "Explain an error of the Windows VPN client:", "p11ca explain 798" },
	{ "Explain a return value of a token:", "p11ca explain CKR_PIN_LOCKED" },
	{ .text = NULL },
};

const struct command cmd_explain = {
	.path = "explain",
	.summary = "Explain a code: problem, consequence and solution",
	.help = "CODE is the code of a refusal or finding, an exit status (5), a CKR_ name of PKCS#11, a risk that"
		" token audit lists (XTR), or an error of Azure, Windows, Apple's systems, strongSwan or OpenVPN"
		" (798, 0x800B0109, 13801). Without CODE, explain lists all codes.",
	.examples = examples,
	.operands = "[CODE]", .max_operands = 1,
	.operand_value = VALUE_CODE,
	.prints = prints, .run = cmd_explain_run,
};
