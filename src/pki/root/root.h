/* SPDX-License-Identifier: MIT */
/* root.h - operations on existing roots: renew, request a certificate from another CA, roll over, retire. */
#ifndef PKI_ROOT_ROOT_H
#define PKI_ROOT_ROOT_H

#include "pki/issue/issue_job.h"
#include "x509/templates.h"

/* Creates a root: key on the token, proof, self-signed certificate, stored beside the key. */
int root_create(struct issue_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/*
 * Issues a new certificate for the key of the root: same subject and key identifier, new dates, by the template
 * of the old certificate. The old certificate stays in the ledger and is removed from the token.
 * -1: ERR_NOT_FOUND, ERR_POLICY ("root-retired", "root-not-issued"), the token's.
 */
int root_renew(struct issue_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Opens the recorded token of the key, or job->where: op_card_open(). */
int root_open_token(struct key_job *job, struct err *e) MUST_CHECK;

/*
 * Makes and proves a key for the root on the token, and writes a request for another CA to op.out_path. A
 * second call writes a request for the same key. -1: as root_create().
 */
int root_request(struct issue_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
struct ca_response {
	const char *cert_file;       /* the certificate that the CA signed, followed by its issuers in PEM */
	const char *chain_file;      /* further issuers; NULL = none */
};
/*
 * Records the CA's certificate for the root: it must be for the root's key, with a chain that ends in a
 * self-signed certificate; certificate and chain are stored in the ledger, and the certificate is written beside the
 * key. A later certificate replaces it.
 * -1: ERR_NOT_FOUND, ERR_INPUT, ERR_POLICY ("root-retired", "root-key-differs", "root-self-signed",
 * "root-subject-differs", "root-not-ca", "issuers-incomplete", "issuers-path-length", "chain-..."), the token's.
 */
int root_install(struct issue_job *job, const struct ca_response *answer, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/* A client with a valid certificate of a root to be retired. */
struct locked_out {
	const char *name, *device, *serial, *thumbprint;
	const char *moved_to;        /* serial of the client's certificate of the other root; NULL = none */
	int64_t not_after;
};
extern const struct out_field locked_out_fields[];

struct retire_job {
	struct op op;                /* name: of the root */
	const char *reason;          /* revokes the root's certificates, too; NULL */
	struct root_row root;
};
static inline void retire_job_clear(struct retire_job *job)
{
	op_clear(&job->op);
}
AUTO_VALUE_DEFINE(retire_job, retire_job_clear);
#define retire_job_STEPS op_STEPS, const struct retire_job_step *: 0
JOB_DEFINE(retire_job, op);
/*
 * Retires the root permanently: prints its clients (list "clients"), and the person types the root's name.
 * -1: ERR_NOT_FOUND, ERR_POLICY ("root-retired", "not-confirmed").
 */
int root_retire(struct retire_job *job, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

struct rollover {
	const char *from, *to, *from_state, *to_state, *from_thumbprint, *to_thumbprint;
	int64_t from_not_after, to_not_after, n_clients, n_moved;
};
struct rollover_step {
	const char *step, *state, *command; /* state: done, next, later */
};
extern const struct out_field rollover_fields[], rollover_step_fields[];
/*
 * Prints the progress of moving all clients from one root to another: record "rollover", lists "clients" and "steps".
 */
int root_rollover(struct pki *p, const char *from, const char *to, struct out *o, struct err *e) MUST_CHECK;

/* Steps of operations. */
extern const struct issue_job_step step_existing_key;                       /* existing_key_step.c */
extern const struct issue_job_step step_check_root_name, step_reserve_root; /* root_create.c */

#endif
