/* SPDX-License-Identifier: MIT */
/* explain.h - explains codes: refusals, findings, exit statuses, PKCS#11 return values, errors of other programs. */
#ifndef PKI_EXPLAIN_H
#define PKI_EXPLAIN_H

#include "out/out.h"
#include "util/err.h"

/* All texts are static. */
struct explanation {
	const char *code, *severity, *problem, *consequence, *solution;
	const char *shown_by, *causes, *rules; /* of an error of another program; NULL for others */
};
/* Fills out with the explanation of a code. -1 (ERR_NOT_FOUND): unknown code. */
int explain_code(struct explanation *out, const char *code, struct err *e) MUST_CHECK;
const char *explain_at(size_t i); /* every code, rules first; NULL after the last */
/* The errors of other programs that this rule prevents, separated by spaces as far as there is room; "" = none. */
void explain_errors(char *out, size_t size, const char *rule_id);
extern const struct out_field explanation_fields[];

#endif
