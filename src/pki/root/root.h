/* SPDX-License-Identifier: MIT */
/* root.h - a root after it was made: renewed, followed by another, retired. */
#ifndef PKI_ROOT_ROOT_H
#define PKI_ROOT_ROOT_H

#include "pki/op.h"
#include "x509/templates.h"

/* Makes a root: key on the token, proof, self-signed certificate, stored beside the key. */
int root_create(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/*
 * A new certificate for the key of root op->name: same subject and key identifier, new dates, by the template that the
 * old one was made from.  The old one stays as it is in the ledger, and goes from the token.
 * -1: ERR_NOT_FOUND, ERR_POLICY ("root-retired", "root-not-issued"), the token's.
 */
int root_renew(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

/* Opens the token where op->key was last seen, or op->where: op_card_open(). */
int root_open_token(struct op *op, struct err *e) MUST_CHECK;

/*
 * A key for root op->name, made and proved on the token, and a request for it to op->out_path, for the CA above to
 * sign.  Again: the same key's request.  -1: as root_create().
 */
int root_request(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;
struct ca_response {
	const char *cert_file;       /* what the CA signed, and PEM of those above it */
	const char *chain_file;      /* more of those above it; NULL = none */
};
/*
 * The CA's answer becomes root op->name's certificate: for its key, by a chain that ends in a self-signed certificate;
 * chain and certificate are kept, and the certificate is written beside the key.  A later one takes the place of the
 * one before.  -1: ERR_NOT_FOUND, ERR_INPUT, ERR_POLICY ("root-retired", "root-key-differs", "root-self-signed",
 * "root-subject-differs", "root-not-ca", "issuers-incomplete", "issuers-length", "chain-..."), the token's.
 */
int root_install(struct op *op, const struct ca_response *answer, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/* A client with a good certificate under a root that goes. */
struct locked_out {
	const char *name, *device, *serial, *thumbprint;
	const char *moved_to;        /* serial of its certificate under the other root; NULL = none */
	int64_t not_after;
};
extern const struct out_field locked_out_fields[];

/*
 * Root op->name never issues again: its clients are shown (list "clients"), the person types its name.
 * -1: ERR_NOT_FOUND, ERR_POLICY ("root-retired", "not-confirmed").
 */
int root_retire(struct op *op, const struct run_mode *mode, struct out *o, struct err *e) MUST_CHECK;

struct rollover {
	const char *from, *to, *from_state, *to_state, *from_thumbprint, *to_thumbprint;
	int64_t from_not_after, to_not_after, n_clients, n_moved;
};
struct rollover_step {
	const char *step, *state, *command; /* state: done, next, later */
};
extern const struct out_field rollover_fields[], rollover_step_fields[];
/* Where the move of all clients from one root to another stands: record "rollover", lists "clients" and "steps". */
int root_rollover(struct pki *p, const char *from, const char *to, struct out *o, struct err *e) MUST_CHECK;

/* Steps of operations. */
extern const struct step step_existing_key;                      /* existing_key_step.c */
extern const struct step step_check_root_name, step_reserve_root; /* root_create.c */

#endif
