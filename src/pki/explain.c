/* SPDX-License-Identifier: MIT */
/* explain.c - the codes that refusals and findings carry, in plain words. */
#include <string.h>

#include "pki/gate.h"
#include "pki/ops.h"

const struct out_field explanation_fields[] = {
	{ OUT_TEXT("code", "Code", struct explanation, code), .help = "the code" },
	{ OUT_TEXT("severity", "Severity", struct explanation, severity), .help = "what it does: fail refuses" },
	{ OUT_TEXT("summary", "Means", struct explanation, summary), .help = "what it says" },
	{ OUT_TEXT("remedy", "What to do", struct explanation, remedy), .help = "what to do" },
	{ .key = NULL },
};

/* Refusals, faults and warnings that are not rules of a table. */
static const struct explanation rows[] = {
#define EXPLAIN(code, severity, summary, remedy) { code, severity, summary, remedy },
#include "pki/explain.def"
#undef EXPLAIN
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct rule *rule_at(size_t i)
{
	for (size_t t = 0; all_rules[t] != NULL; t++)
		for (const struct rule *r = all_rules[t]; r->id != NULL; r++)
			if (i-- == 0)
				return r;
	return NULL;
}

static size_t count_rules(void)
{
	size_t n = 0;

	while (rule_at(n) != NULL)
		n++;
	return n;
}

const char *explain_at(size_t i)
{
	const struct rule *r = rule_at(i);
	size_t n_rules = count_rules();

	if (r != NULL)
		return r->id;
	return i - n_rules < N_ROWS ? rows[i - n_rules].code : NULL;
}

int explain_code(struct explanation *out, const char *code, struct err *e)
{
	const struct rule *r;

	for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
		if (strcmp(r->id, code) == 0) {
			*out = (struct explanation){ r->id, severity_text(r->severity), r->summary, r->remedy };
			return 0;
		}
	}
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcmp(rows[i].code, code) == 0) {
			*out = rows[i];
			return 0;
		}
	}
	(void)err_set(e, ERR_NOT_FOUND, "no code is called '%s'", code);
	e->hint = "`p11ca explain` without a code lists them all";
	return -1;
}
