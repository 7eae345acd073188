/* SPDX-License-Identifier: MIT */
/* show_findings.h - prints findings as rows, the same in check, package check and doctor. */
#ifndef PKI_SHOW_FINDINGS_H
#define PKI_SHOW_FINDINGS_H

#include "model/finding.h"
#include "out/out.h"

extern const struct out_field finding_fields[];

/*
 * Prints rows of the open list, failures first; skipped rules only with verbose. *n_bad grows by the number of
 * warnings and failures.
 */
int findings_rows(
    unsigned *n_bad, const char *of, const struct findings *all, bool verbose, struct out *o, struct err *e) MUST_CHECK;

#endif
