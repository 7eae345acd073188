/* SPDX-License-Identifier: MIT */
/* revoke.h - certificates revoked and restored, and the list that says so to who asks for one. */
#ifndef PKI_REVOKE_REVOKE_H
#define PKI_REVOKE_REVOKE_H

#include "pki/op.h"

/* What `client revoke` and `client restore` are about; op.revoke. */
struct revoke_job {
	/* asked for: id, or any of the others, which are and'ed */
	const char *id;              /* serial, thumbprint, fingerprint, or a name that is unique; NULL */
	const char *all;             /* every certificate of this name; NULL */
	const char *device;          /* of one client; NULL */
	const char *card;            /* serial number of a token; NULL */
	const char *reason;          /* a word of model/revoke_reason.def; NULL = restore */
	const char *script_path;     /* --script; NULL */
	/* found */
	struct cert_row *certs;      /* owned */
	size_t n_certs, cap;
	unsigned n_signing;          /* being issued right now: these cannot be revoked yet */
	struct buf script;
};
void revoke_job_clear(struct revoke_job *job);
AUTO_VALUE_DEFINE(revoke_job, revoke_job_clear);

/*
 * Revokes what op->revoke names, in one transaction; what is revoked already stays as it is, unless the reason becomes
 * keyCompromise.
 * -1: ERR_NOT_FOUND (none, or one device of several clients), ERR_POLICY ("revoked-before", "nothing-to-revoke",
 * "operation-running").
 */
int client_revoke(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* -1 (ERR_POLICY): "revoked-for-ever", or as ledger_cert_restore(). */
int client_restore(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* What became of it: lists "certificates" and "commands" (for each gateway), record "enforcement". */
int revoke_print(const struct op *op, struct out *o, struct err *e) MUST_CHECK;
/* The list "certificates" alone. */
int revoke_list(const struct op *op, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field revoked_fields[], revoke_command_fields[], enforcement_fields[];

/*
 * Writes job->script_path (0700): what closes the revocation at each gateway; op->force as for files.  A script that
 * cannot be built or written, or has no gateway, fails a dry run, and run(), but not look(): the revocation goes first.
 */
extern const struct step step_revoke_script; /* revoke_script.c */

/* What `root crl` is about; op.crl. */
struct crl_job {
	const char *format;          /* "pem", "der" */
	struct crl_row row;
	struct buf tbs, der, file;   /* file: der in the format */
};
void crl_job_clear(struct crl_job *job);
AUTO_VALUE_DEFINE(crl_job, crl_job_clear);

/*
 * A CRL of the root op->root_name, of everything revoked or unknown, valid for op->days (0 = 30), signed on its
 * token and written to op->out_path ("-": left in op->crl->file).
 * -1: ERR_NOT_FOUND, ERR_POLICY ("crl-not-allowed": the root's certificate may not sign one), ERR_TOKEN, ERR_OUTPUT.
 */
int root_crl(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Record "crl". */
int crl_print(const struct op *op, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field crl_fields[];

#endif
