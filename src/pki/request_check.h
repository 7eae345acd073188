/* SPDX-License-Identifier: MIT */
/* request_check.h - runs the rules over requests, keys, certificates and profiles, the same in every command. */
#ifndef PKI_REQUEST_CHECK_H
#define PKI_REQUEST_CHECK_H

#include "model/cert_info.h"
#include "model/cert_template.h"
#include "model/finding.h"
#include "model/ledger_rows.h"
#include "model/public_key_info.h"
#include "model/request_info.h"

extern const struct rule rules_ledger[]; /* rules.c: names and keys in the ledger; needs FACT_LEDGER */
extern const struct rule rules_key[];    /* rules_key.c: statements of a token about a key; FACT_KEY; set "audit" */
extern const struct rule rules_token[];  /* rules.c: token and key against a client's certificate; RULES_CLIENTS */
extern const struct rule rules_doctor[]; /* rules_doctor.c: an installation; FACT_INSTALLATION; set "doctor" */
extern const struct rule *const all_rules[]; /* every table of the program; NULL ends the list */

/*
 * Runs the set "gate" on the request. Findings of every severity go to out; -1 (ERR_POLICY) with the id of the first
 * failure.
 */
int request_check(struct findings *out, const struct request_info *request, const struct cert_template *t,
    const struct ledger_precedents *answers, int64_t now, struct err *e) MUST_CHECK;

/* The rules of the set "gate" that need the ledger only, before there is a request. -1: as request_check(). */
int request_check_ledger(const struct ledger_precedents *answers, struct err *e) MUST_CHECK;

/* Runs the set "key" on a public key; t NULL: any type and size. -1 (ERR_POLICY) with the first failure's id. */
int request_check_key(
    const struct public_key_info *key, const struct cert_template *t, int64_t now, struct err *e) MUST_CHECK;

/*
 * Lints a certificate, or a TBS read as a certificate, by the template's rule set. root NULL: the certificate is a
 * root's.
 */
int request_check_certificate(const struct cert_info *cert, const struct cert_info *root, const struct cert_template *t,
    int64_t now, struct err *e) MUST_CHECK;

/*
 * Judges the parts of a profile by the set of its format (profile_format.rule_set). Missing facts are skipped.
 * Findings of every severity go to out; -1 (ERR_POLICY) with the id of the first failure.
 */
int request_check_profile(struct findings *out, const char *rule_set, const struct facts *f, struct err *e) MUST_CHECK;

#endif
