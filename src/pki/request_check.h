/* SPDX-License-Identifier: MIT */
/* request_check.h - a request is judged the same way wherever it comes from; and so is what will be signed. */
#ifndef PKI_REQUEST_CHECK_H
#define PKI_REQUEST_CHECK_H

#include "model/cert_info.h"
#include "model/cert_template.h"
#include "model/finding.h"
#include "model/ledger_rows.h"
#include "model/public_key_info.h"
#include "model/request_info.h"

extern const struct rule rules_ledger[]; /* rules.c: names and keys that the ledger knows; FACT_LEDGER */
extern const struct rule rules_key[];    /* rules_key.c: what a token states of a key; FACT_KEY; set "audit" */
extern const struct rule rules_token[];  /* rules.c: token and key against a client's certificate; clients' sets */
extern const struct rule rules_doctor[]; /* rules_doctor.c: an installation; FACT_INSTALLATION; set "doctor" */
extern const struct rule *const all_rules[]; /* every table of the program, NULL-ended */

/*
 * Runs the set "gate" over the request.  Findings of every severity go to out; -1 (ERR_POLICY) with the id of
 * the first failure.
 */
int request_check(struct findings *out, const struct request_info *request, const struct cert_template *t,
    const struct ledger_precedents *answers, int64_t now, struct err *e) MUST_CHECK;

/* Runs the set "key" over a public key; t NULL: any type and size.  -1 (ERR_POLICY) with the first failure's id. */
int request_check_key(
    const struct public_key_info *key, const struct cert_template *t, int64_t now, struct err *e) MUST_CHECK;

/* Lints a certificate, or a TBS read as one, by the template's rule set.  root NULL: itself a root. */
int request_check_certificate(const struct cert_info *cert, const struct cert_info *root, const struct cert_template *t,
    int64_t now, struct err *e) MUST_CHECK;

/*
 * What a profile would be made of, by the set of its format (profile_format.rule_set).  Facts that are not there yet
 * are passed over.  Findings of every severity go to out; -1 (ERR_POLICY) with the id of the first failure.
 */
int request_check_profile(struct findings *out, const char *rule_set, const struct facts *f, struct err *e) MUST_CHECK;

#endif
