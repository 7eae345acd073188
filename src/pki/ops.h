/* SPDX-License-Identifier: MIT */
/*
 * ops.h - the operations.  Each takes an op with what was asked for filled in, runs its list of steps (or shows
 * it, with dry_run), and leaves in the op what was made, for the command to print.
 */
#ifndef PKI_OPS_H
#define PKI_OPS_H

#include "pki/device.h"
#include "pki/op.h"
#include "pki/show_findings.h"
#include "x509/templates.h"

/* Runs or shows a list; notes whether nothing was left to do. */
int op_run(const struct step *const list[], struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
    MUST_CHECK;

/* What a dry run shows of a key and a certificate that are not there yet: records "key" and "certificate". */
extern const struct out_field key_shown_fields[], cert_shown_fields[];

/* Makes a root: key on the token, proof, self-signed certificate, stored beside the key. */
int root_create(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Key on the card, proof, request, gate, certificate, back onto the card, files. */
int client_enroll(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Key on the card, proof, request to a file; a ledger is used where there is one. */
int client_request(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* The request as PEM, appended. */
int request_pem(struct buf *out, const struct op *op, struct err *e) MUST_CHECK;

/* A certificate (and issuers behind it in the file) onto the token that holds its key. */
int client_install(
    struct op *op, const char *file, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* where NULL: the first slot without a token's contents.  What is erased is shown and asked for. */
int token_init_op(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
int token_pin_op(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
/* Destroys what a dead run left under existing_id, after showing it and asking. */
int token_clean_op(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Proves every private key on the token again.  Rows to o, list "keys".  1: findings. */
int token_audit(struct pki *p, const struct token_uri *where, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field audit_fields[];

/*
 * What dead runs left: rows to o, list "unfinished".  finish: certificates whose signature can be made again are
 * (root PIN); close: the rest is closed: keys become orphans, certificates unknown.  1: something is left.
 */
struct recover_how {
	bool finish, close;
};
int ledger_recover(struct pki *p, const struct recover_how *how, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;
extern const struct out_field recover_fields[];

/*
 * Lints files: certificates (issuers behind them, or root_file), and requests as for the template (NULL:
 * azure-client).  List "findings".  1: failures or warnings.
 */
struct check_job {
	char *const *files;
	size_t n_files;
	const char *root_file;       /* NULL = none */
	const struct cert_template *template;
};
int check_files(struct pki *p, const struct check_job *job, struct out *o, struct err *e) MUST_CHECK;

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
