/* SPDX-License-Identifier: MIT */
/* revoke.h - revokes and restores certificates, and writes the root's CRL (certificate revocation list). */
#ifndef PKI_REVOKE_REVOKE_H
#define PKI_REVOKE_REVOKE_H

#include "pki/issuer.h"
#include "pki/op.h"

/* The options and results of `client revoke` and `client restore`. */
struct revoke_job {
	struct op op;
	/* options: id, or a combination (and) of the others */
	const char *id;              /* serial, thumbprint, fingerprint, or a unique name; NULL */
	const char *all;             /* every certificate of this name; NULL */
	const char *device;          /* of one client; NULL */
	const char *card;            /* label or serial number of a token; NULL */
	const char *reason;          /* a word of model/revoke_reason.def; NULL = restore */
	const char *script_path;     /* --script; NULL */
	bool is_verbose;             /* as text, also print the commands for each gateway */
	/* found */
	struct cert_row *certs;      /* owned */
	size_t n_certs, cap;
	bool is_unscripted;          /* the revocation is recorded, and the script is not written: a warning says why */
	unsigned n_signing;          /* certificates being issued at this moment, which cannot be revoked yet */
};
void revoke_job_clear(struct revoke_job *job);
AUTO_VALUE_DEFINE(revoke_job, revoke_job_clear);
#define revoke_job_STEPS op_STEPS, const struct revoke_job_step *: 0
JOB_DEFINE(revoke_job, op);

/*
 * Revokes the certificates that the job selects, in one transaction; revoked certificates stay unchanged, unless
 * the reason becomes keyCompromise.
 * -1: ERR_NOT_FOUND (no match, or one device of several clients), ERR_POLICY ("revoked-before", "nothing-to-revoke",
 * "operation-running", "not-confirmed": a person
 * confirms a selection by name, device or card, or job->op.confirm does).
 */
int client_revoke(struct revoke_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* -1 (ERR_POLICY): "revoked-permanently", or as ledger_cert_restore(). */
int client_restore(struct revoke_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Prints the result: lists "certificates" and "commands" (for each gateway), record "enforcement". */
int revoke_print(const struct revoke_job *job, struct out *o, struct err *e) MUST_CHECK;
/* Prints the list "certificates" only. */
int revoke_list(const struct revoke_job *job, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field revoked_fields[], revoke_command_fields[], enforcement_fields[];

/*
 * Writes job->script_path (0700), which completes the revocation at each gateway; job->op.force as for files. If the
 * script cannot be made or written, or has no gateway, a dry run fails; run() warns and sets is_unscripted, because the
 * revocation is already recorded.
 */
extern const struct revoke_job_step step_revoke_script; /* revoke_script.c */

/* The options and the result of `root crl`. */
struct crl_job {
	struct op op;
	const char *root_name;
	unsigned days;               /* 0 = 30 */
	const char *format;          /* "pem", "der" */
	struct crl_row row;
	struct issuer root;
	struct buf tbs, der, file;   /* file: der in the format */
};
void crl_job_clear(struct crl_job *job);
AUTO_VALUE_DEFINE(crl_job, crl_job_clear);
#define crl_job_STEPS op_STEPS, const struct crl_job_step *: 0
JOB_DEFINE(crl_job, op);

/*
 * Signs a CRL of the root job->root_name on its token: everything revoked or unknown. Writes it to job->op.out_path
 * ("-": leaves it in job->file).
 * -1: ERR_NOT_FOUND, ERR_POLICY ("crl-not-allowed": the root's certificate may not sign CRLs), ERR_TOKEN, ERR_OUTPUT.
 */
int root_crl(struct crl_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Prints record "crl". */
int crl_print(const struct crl_job *job, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field crl_fields[];

#endif
