/* SPDX-License-Identifier: MIT */
/* client_batch.h - what operations on many clients share: the rows of list "clients", and the root's login. */
#ifndef PKI_CLIENT_CLIENT_BATCH_H
#define PKI_CLIENT_CLIENT_BATCH_H

#include "pki/issuer.h"
#include "pki/key/key_job.h"
#include "pki/token_ref.h"

struct client_batch {
	struct out *o;
	struct issuer kept;          /* the root's token, logged in; kept between two cards; issuer_clear() */
	unsigned n_refused;
};

/*
 * Keeps the root logged in, so that its PIN is asked once. Not if one module has both tokens, because such a module
 * finds new tokens only while no session is open; ui then keeps a PIN that was typed (purpose "list root").
 */
void client_batch_keep_login(struct client_batch *b, struct key_job *job);
/* Hands the login over to the job of the next client. */
void client_batch_take_login(struct key_job *job, struct client_batch *b);

/* One client of the list. Borrowed for the call. */
struct client_batch_row {
	const char *name, *device;   /* device: "" = none */
	const char *outcome;         /* a word of the field "outcome" */
	const struct cert_row *cert; /* NULL = no certificate */
	const struct token_ref *card; /* NULL = not known */
	const char *folder;          /* NULL = no files were written */
};
extern const struct out_field client_batch_fields[];
int client_batch_print(const struct client_batch *b, const struct client_batch_row *row, struct err *e) MUST_CHECK;
/* The same with the message and the code of an error; counts the row as refused. */
int client_batch_refuse(struct client_batch *b, const struct client_batch_row *row, const struct err *why,
    struct err *e) MUST_CHECK;
/* Errors that the next client would meet, too, or that cost PIN tries; not a file that cannot be written. */
bool client_batch_ends(const struct err *e);

#endif
