/* SPDX-License-Identifier: MIT */
/*
 * key_job.h - an operation with a key on a token.
 *
 * One key and at most two tokens: the card (or the root's own token while a root is made) and the root's token.
 */
#ifndef PKI_KEY_KEY_JOB_H
#define PKI_KEY_KEY_JOB_H

#include "model/cert_template.h"
#include "pki/issuer.h"
#include "pki/op.h"

/* A card that an earlier entry of the same list would get in a dry run. */
struct planned_card {
	char uri[sizeof(((struct token_info *)0)->uri)];
	unsigned long slot;
	const char *name;            /* of the client; borrowed */
};

struct key_job {
	struct op op;
	/* asked for: the card */
	const struct token_uri *where; /* the card */
	struct token_uri *own_where; /* owned; where, when it came from the ledger */
	const char *module_path;     /* where the card was last seen; NULL = as --module and the URI say */
	const char *slot;            /* place on the card, in its own words ("9a"); NULL = none named */
	bool replace_key;            /* the key in that place goes */
	bool shared_card;            /* the card may hold keys of several clients */
	const struct planned_card *planned; /* borrowed; counts as the cards of these clients */
	size_t n_planned;
	bool same_token;             /* the root's key may be on the card */
	bool is_test;                /* of a test ledger */
	/* asked for: the key */
	struct key_spec spec;
	bool is_spec_given;
	const char *existing_id;     /* use the key with this CKA_ID instead of making one; NULL */
	const struct cert_template *template; /* NULL = what the root's section of p11ca.conf says */
	struct cert_row renewed;     /* the certificate that gets a successor; id 0 = none does */
	bool same_key;               /* the successor is for the key of that certificate */
	/* the card */
	struct module *card_module;  /* borrowed */
	struct token_info card_info;
	struct token *card;          /* owned; open without login until op_card_login() */
	struct issuer root;          /* its token is closed while a key is proved */
	/* the key */
	struct key_row row;
	struct buf spki;
	const char *key_origin;      /* of a key that no token holds, for the receipt; NULL = on a token */
};
void key_job_clear(struct key_job *job);
AUTO_VALUE_DEFINE(key_job, key_job_clear);

/* What kind of key the job makes: spec, or rsa:2048 if its type is KEY_OTHER (no kind was given). */
int key_job_set_spec(struct key_job *job, struct key_spec spec, struct err *e) MUST_CHECK;
/*
 * Without --key: the type of the renewed certificate's key, if the template allows it, and RSA keys as long as the
 * template requires. Does nothing if a key was asked for.
 */
int key_job_choose_spec(struct key_job *job, struct err *e) MUST_CHECK;

#define key_job_STEPS op_STEPS, const struct key_job_step *: 0
JOB_DEFINE(key_job, op);

#endif
