/* SPDX-License-Identifier: MIT */
/* ledger_checkpoint.h - signs a checkpoint of the ledger with a key on a token. */
#ifndef PKI_LEDGER_LEDGER_CHECKPOINT_H
#define PKI_LEDGER_LEDGER_CHECKPOINT_H

#include "pki/op.h"

struct checkpoint_args {         /* borrowed */
	const struct token_uri *where; /* the ledger key's token */
	const char *root_name;       /* root that certifies the ledger's key; NULL = the only root */
	const char *device;          /* name of one of several ledger keys; "" = the first */
	const char *out_path;
	struct key_spec spec;        /* KEY_OTHER = not given */
	bool force, shared_card;     /* shared_card: the token may hold keys of clients */
};

struct checkpoint_line {
	const char *file, *sha256, *ledger, *head, *signer, *serial, *root;
	int64_t seq, time;
};
extern const struct out_field checkpoint_fields[];

/*
 * Makes the ledger's key if there is none (key, proof, certificate of the root by template ledger-signer), signs the
 * checkpoint, records the event "checkpoint-signed", writes the file (CMS in PEM). Prints record "checkpoint".
 */
int ledger_checkpoint(struct pki *p, const struct checkpoint_args *args, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

#endif
