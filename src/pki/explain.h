/* SPDX-License-Identifier: MIT */
/* explain.h - the codes that refusals and findings carry, in plain words. */
#ifndef PKI_EXPLAIN_H
#define PKI_EXPLAIN_H

#include "out/out.h"
#include "util/err.h"

/* Explains a code. -1 (ERR_NOT_FOUND): unknown code. */
struct explanation {
	const char *code, *severity, *summary, *remedy;
	const char *shown_by, *causes, *rules; /* of an error of another program; NULL for others */
	char means[300], to_do[1200];          /* of a rule, completed to whole sentences */
};
int explain_code(struct explanation *out, const char *code, struct err *e) MUST_CHECK;
const char *explain_at(size_t i); /* every code, rules first; NULL after the last */
/* The errors of other programs that this rule prevents, separated by spaces as far as there is room; "" = none. */
void explain_errors(char *out, size_t size, const char *rule_id);
extern const struct out_field explanation_fields[];

#endif
