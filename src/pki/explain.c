/* SPDX-License-Identifier: MIT */
/* explain.c - see explain.h; the texts are in the .def files of the folder explain and in error_index.def. */
#include <string.h>
#include <strings.h>

#include "pki/explain.h"
#include "pki/request_check.h"
#include "util/array.h"

const struct out_field explanation_fields[] = {
	{ OUT_TEXT("code", "Code", struct explanation, code), .help = "the code" },
	{ OUT_TEXT("severity", "Severity", struct explanation, severity),
	    .help = "fail, warning or info; error, exit status or risk for all other codes" },
	{ OUT_TEXT("shown_by", "Shown by", struct explanation, shown_by),
	    .help = "the program that shows this error; null for codes of p11ca" },
	{ OUT_TEXT("problem", "Problem", struct explanation, problem), .help = "what is wrong" },
	{ OUT_TEXT("consequence", "Consequence", struct explanation, consequence),
	    .help = "what happens because of the problem" },
	{ OUT_TEXT("causes", "Causes", struct explanation, causes), .separator = ';', .as = OUT_AS_NUMBERED,
	    .help = "the most likely cause first; none for codes of p11ca" },
	{ OUT_TEXT("solution", "Solution", struct explanation, solution), .help = "what to do" },
	{ OUT_TEXT("rules", "Found by", struct explanation, rules), .separator = ' ',
	    .help = "codes of p11ca that find the problem beforehand" },
	{ .key = NULL },
};

/* Codes that are not rules of a table. */
static const struct explanation rows[] = {
#define EXPLAIN(c, s, what_is, what_follows, what_helps) \
	{ .code = c, .severity = s, .problem = what_is, .consequence = what_follows, .solution = what_helps },
#include "pki/explain/certificates.def"
#include "pki/explain/cryptoki.def"
#include "pki/explain/gateways.def"
#include "pki/explain/ledger.def"
#include "pki/explain/results.def"
#include "pki/explain/tokens.def"
#undef EXPLAIN
#define SYMPTOM(c, program, what_is, what_follows, why, what_helps, found_by) \
	{ .code = c, .severity = "error", .shown_by = program, .problem = what_is, .consequence = what_follows, \
	    .causes = why, .solution = what_helps, .rules = found_by },
#include "pki/error_index.def"
#undef SYMPTOM
};

/* Codes that are rules: their severity is in the rule. */
static const struct explanation rule_rows[] = {
#define RULE(c, what_is, what_follows, what_helps) \
	{ .code = c, .problem = what_is, .consequence = what_follows, .solution = what_helps },
#include "pki/explain/rules_certs.def"
#include "pki/explain/rules_doctor.def"
#include "pki/explain/rules_gateways.def"
#include "pki/explain/rules_keys.def"
#include "pki/explain/rules_packages.def"
#undef RULE
};

static bool explain_has_word(const char *words, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at += len)
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

void explain_errors(char *out, size_t size, const char *rule_id)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *code = rows[i].code;

		if (rows[i].rules == NULL || !explain_has_word(rows[i].rules, rule_id) || len + strlen(code) + 2 > size)
			continue;
		len += (size_t)snprintf(out + len, size - len, "%s%s", len > 0 ? " " : "", code);
	}
}

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
	return i - n_rules < ARRAY_LEN(rows) ? rows[i - n_rules].code : NULL;
}

static void explain_rule(struct explanation *out, const struct rule *r)
{
	*out = (struct explanation){ .code = r->id, .problem = r->summary, .solution = r->remedy };
	for (size_t i = 0; i < ARRAY_LEN(rule_rows); i++)
		if (strcmp(rule_rows[i].code, r->id) == 0)
			*out = rule_rows[i];
	out->severity = severity_text(r->severity);
}

/* Whether code is the JSON code (err_code()) of the exit status or return value that the row explains. */
static bool explain_is_error_code(const struct explanation *row, const char *code)
{
	struct err e = { .status = ERR_TOKEN, .has_rv = true, .rv_name = row->code };
	const int status = err_code_status(code);
	char text[ERR_CODE_MAX];

	if (strncmp(row->code, "CKR_", 4) == 0)
		return strcmp(err_code(&e, text), code) == 0;
	(void)snprintf(text, sizeof(text), "%d", status);
	return status >= 0 && strcmp(text, row->code) == 0;
}

static const struct explanation *explain_find_row(const char *code)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcasecmp(rows[i].code, code) == 0) /* hex digits can be upper or lower case */
			return &rows[i];
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (explain_is_error_code(&rows[i], code))
			return &rows[i];
	return NULL;
}

int explain_code(struct explanation *out, const char *code, struct err *e)
{
	const struct explanation *row;
	const struct rule *r;

	for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
		if (strcmp(r->id, code) == 0) {
			explain_rule(out, r);
			return 0;
		}
	}
	row = explain_find_row(code);
	if (row != NULL) {
		*out = *row;
		return 0;
	}
	(void)err_set(e, ERR_NOT_FOUND, "there is no code '%s'", code);
	e->hint = "`p11ca explain` lists all codes";
	return -1;
}
