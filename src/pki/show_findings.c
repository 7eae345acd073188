/* SPDX-License-Identifier: MIT */
/* show_findings.c - see show_findings.h. */
#include "pki/explain.h"
#include "pki/show_findings.h"

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

int findings_rows(
    unsigned *n_bad, const char *of, const struct findings *all, bool verbose, struct out *o, struct err *e)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct finding *f = &all->all[i];
		char errors[400];
		const struct finding_row row = { of, severity_text(f->severity), f->id,
			f->severity == FINDING_SKIPPED ? "not judged: a fact it needs is missing" : f->text,
			f->rule->summary, f->rule->remedy, errors_of(errors, sizeof(errors), f->id) };

		if (f->severity == FINDING_SKIPPED && !verbose)
			continue;
		*n_bad += f->severity == FINDING_WARN || f->severity == FINDING_FAIL;
		if (out_row(o, &row, e) < 0)
			return -1;
	}
	return 0;
}
