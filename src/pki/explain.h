/* SPDX-License-Identifier: MIT */
/* explain.h - the codes that refusals and findings carry, in plain words. */
#ifndef PKI_EXPLAIN_H
#define PKI_EXPLAIN_H

#include "out/out.h"
#include "util/err.h"

/* One code in plain words.  -1 (ERR_NOT_FOUND): not a code of ours. */
struct explanation {
	const char *code, *severity, *summary, *remedy;
	const char *shown_by, *causes, *rules; /* of an error that others show; else NULL */
	char means[300], to_do[1200];          /* of a rule, whose texts are parts of sentences: whole ones */
};
int explain_code(struct explanation *out, const char *code, struct err *e) MUST_CHECK;
const char *explain_at(size_t i); /* every code, rules first; NULL past the end */
/* The errors of others that this rule finds beforehand, blank-separated as far as there is room; "" = none. */
void explain_errors(char *out, size_t size, const char *rule_id);
extern const struct out_field explanation_fields[];

#endif
