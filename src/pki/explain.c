/* SPDX-License-Identifier: MIT */
/* explain.c - the codes that refusals and findings carry, in plain words. */
#include <string.h>
#include <strings.h>

#include "pki/explain.h"
#include "pki/request_check.h"

const struct out_field explanation_fields[] = {
	{ OUT_TEXT("code", "Code", struct explanation, code), .help = "the code" },
	{ OUT_TEXT("severity", "Severity", struct explanation, severity), .help = "what it does: fail refuses" },
	{ OUT_TEXT("shown_by", "Shown by", struct explanation, shown_by),
	    .help = "of somebody else's error: who shows it; null for codes of p11ca" },
	{ OUT_TEXT("summary", "Means", struct explanation, summary), .help = "what it says" },
	{ OUT_TEXT("causes", "Causes", struct explanation, causes),
	    .help = "the likeliest first; null for codes of p11ca" },
	{ OUT_TEXT("remedy", "What to do", struct explanation, remedy), .help = "what to do" },
	{ OUT_TEXT("rules", "Found by", struct explanation, rules),
	    .help = "codes of p11ca that find it beforehand, blank-separated" },
	{ .key = NULL },
};

/* Refusals, faults and warnings that are not rules of a table. */
static const struct explanation rows[] = {
#define EXPLAIN(c, s, means, what_to_do) { .code = c, .severity = s, .summary = means, .remedy = what_to_do },
#include "pki/explain.def"
#undef EXPLAIN
#define SYMPTOM(c, who, means, why, what_to_do, found_by) { .code = c, .severity = "error", .shown_by = who, \
		.summary = means, .causes = why, .remedy = what_to_do, .rules = found_by },
#include "pki/error_index.def"
#undef SYMPTOM
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

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
	for (size_t i = 0; i < N_ROWS; i++) {
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
	return i - n_rules < N_ROWS ? rows[i - n_rules].code : NULL;
}

/* A word with a capital in it is a name, and stays as it is. */
static const char *explain_sentence(char *out, size_t size, const char *text)
{
	const size_t lower = strspn(text, "abcdefghijklmnopqrstuvwxyz"), len = strlen(text);
	const bool is_word = lower > 0 && strchr(" ,;:'-", text[lower]) != NULL && strncmp(text, "p11ca", 5) != 0;

	(void)snprintf(out, size, "%s%s", text, len > 0 && text[len - 1] == '.' ? "" : ".");
	if (is_word)
		out[0] = (char)(out[0] - 'a' + 'A');
	return out;
}

int explain_code(struct explanation *out, const char *code, struct err *e)
{
	const struct rule *r;

	for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
		if (strcmp(r->id, code) == 0) {
			*out = (struct explanation){ .code = r->id, .severity = severity_text(r->severity) };
			out->summary = explain_sentence(out->means, sizeof(out->means), r->summary);
			out->remedy = explain_sentence(out->to_do, sizeof(out->to_do), r->remedy);
			return 0;
		}
	}
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcasecmp(rows[i].code, code) == 0) { /* hex digits come in either case */
			*out = rows[i];
			return 0;
		}
	}
	(void)err_set(e, ERR_NOT_FOUND, "no code is called '%s'", code);
	e->hint = "`p11ca explain` without a code lists them all";
	return -1;
}
