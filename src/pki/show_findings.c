/* SPDX-License-Identifier: MIT */
/* show_findings.c - see show_findings.h. */
#include "pki/explain.h"
#include "pki/show_findings.h"
#include "util/array.h"

struct finding_row {
	const char *file, *severity, *code, *text, *summary, *remedy, *errors;
};
const struct out_field finding_fields[] = {
	{ OUT_TEXT("file", "FILE", struct finding_row, file), .as = OUT_AS_OBJECT, .help = "what was checked" },
	{ OUT_TEXT("severity", "SEVERITY", struct finding_row, severity), .as = OUT_AS_SEVERITY,
	    .help = "fail, warning, info or skipped" },
	{ OUT_TEXT("code", "CODE", struct finding_row, code), .help = "stable id of the rule, see explain" },
	{ OUT_TEXT("message", "FINDING", struct finding_row, text), .as = OUT_AS_FACT, .help = "what was found" },
	{ OUT_TEXT("summary", NULL, struct finding_row, summary), .help = "what the rule says" },
	{ OUT_TEXT("remedy", "REMEDY", struct finding_row, remedy), .as = OUT_AS_REMEDY, .help = "what to do" },
	{ OUT_TEXT("errors", NULL, struct finding_row, errors), .separator = ' ',
	    .help = "the errors of Azure and its clients that follow, blank-separated; see explain" },
	{ .key = NULL },
};

static const char *errors_of(char *out, size_t size, const char *rule_id)
{
	explain_errors(out, size, rule_id);
	return out[0] != '\0' ? out : NULL;
}

static int show_findings_row(const char *of, const struct finding *f, struct out *o, struct err *e)
{
	char errors[400];
	const struct finding_row row = { of, severity_text(f->severity), f->id,
		f->severity == FINDING_SKIPPED ? "not judged: a fact it needs is missing" : f->text, f->rule->summary,
		f->rule->remedy, errors_of(errors, sizeof(errors), f->id) };

	return out_row(o, &row, e);
}

int findings_rows(
    unsigned *n_bad, const char *of, const struct findings *all, bool verbose, struct out *o, struct err *e)
{
	static const enum severity order[] = { FINDING_FAIL, FINDING_WARN, FINDING_INFO, FINDING_SKIPPED };

	for (size_t k = 0; k < ARRAY_LEN(order); k++) {
		if (order[k] == FINDING_SKIPPED && !verbose)
			continue;
		for (size_t i = 0; i < all->n; i++) {
			if (all->all[i].severity != order[k])
				continue;
			*n_bad += order[k] == FINDING_WARN || order[k] == FINDING_FAIL;
			if (show_findings_row(of, &all->all[i], o, e) < 0)
				return -1;
		}
	}
	return 0;
}
