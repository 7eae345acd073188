/* SPDX-License-Identifier: MIT */
/*
 * op.h - what the steps of one operation share: what was asked for, and what has become of it.
 *
 * One key, one certificate, at most two tokens: the card (or the root's own token while a root is made)
 * and the root's token.  Steps fill it from left to right; op_clear() gives back what it owns.
 */
#ifndef PKI_OP_H
#define PKI_OP_H

#include "model/cert_template.h"
#include "model/finding.h"
#include "model/ledger_rows.h"
#include "model/request_info.h"
#include "pki/issuer.h"
#include "pki/pki.h"
#include "pki/step.h"
#include "x509/request.h"

struct profile_options;
struct profile_job;
struct software_key;

struct op {
	struct pki *pki;             /* borrowed */
	/* asked for */
	const char *name;            /* root name, or the authorised name of the client */
	const char *purpose;         /* "root", "client": in the ledger */
	const char *device;          /* "" = none */
	const char *subject_text;    /* --subject, or NULL */
	const struct cert_template *template; /* NULL = what the root's section of p11ca.conf says */
	struct key_spec spec;
	unsigned days;               /* 0 = what that section says, else the template's */
	unsigned days_asked;         /* by --days: an earlier certificate must be valid for as long; 0 = for any time */
	const struct token_uri *where; /* the card */
	size_t n_later;                /* other clients of the list, for which the root signs, too */
	const char *slot;            /* place on the card, in its own words ("9a"); NULL = none named */
	bool replace_key;            /* the key in that place goes */
	const char *existing_id;     /* use the key with this CKA_ID instead of making one; NULL */
	const char *root_name;       /* who issues; NULL = the only root */
	const char *out_path;        /* folder (enroll) or file (request); NULL = none */
	bool force, same_token, is_test, is_spec_given;
	bool shared_card;            /* the card may hold keys of several clients */
	const struct profile_options *profiles; /* --package and --for; NULL = none */
	bool has_profiles;           /* profiles are written, which the receipt lists */
	const char *key_origin;      /* of a key that no token holds, for the receipt; NULL = on a token */
	struct profile_job *profile_job; /* borrowed; for the step that writes them */
	struct software_key *soft;   /* borrowed; keys that no token holds: pki/client/software_key.h */
	/* asked for, of a renewal */
	struct cert_row renewed;     /* the certificate that gets a successor; id 0 = none does */
	struct buf renewed_der;
	const char *request_path;    /* --csr; NULL = the key is made on the card */
	bool same_key, supersede;
	char ski[129];               /* of a root, hex: renewed, it stays; "" = as the key's id says */
	bool withdraw_request;       /* of a root that another CA was asked for: it will not answer */
	bool accept_imported;        /* a root's key that was not made on its token, or does not say */
	struct token_uri *own_where; /* owned; where, when it came from the ledger */
	const char *module_path;     /* where the card was last seen; NULL = as --module and the URI say */
	const char *confirm;         /* what a person would type: of what destroys or ends something; NULL = ask */
	/* the card */
	struct module *card_module;  /* borrowed */
	struct token_info card_info;
	struct token *card;          /* owned; open without login until op_card_login() */
	/* the key */
	struct key_row key;
	struct buf spki;
	/* the certificate */
	struct issuer root;
	struct buf subject;          /* DER Name */
	struct buf request_der;
	struct request_info request;
	struct cert_row cert;        /* id 0 until the intent */
	struct buf tbs, cert_der;
	struct buf replaced_der;     /* in the key's slot, of a key that was destroyed: see replace_key */
	struct cert_info cert_info;  /* borrows cert_der */
	/* what was written */
	struct op_file {
		char *path;          /* owned */
		char what[24];       /* "certificate", "chain", "root", "receipt", "request", or the profile's format */
		char sha256[SHA256_HEX];
	} files[128];
	size_t n_files;
	bool is_done_before;         /* nothing was left to do */
};

void op_clear(struct op *op);
AUTO_VALUE_DEFINE(op, op_clear);

/* The person types want, or --confirm says it.  -1 (ERR_POLICY): "not-confirmed". */
int op_confirm(struct op *op, const char *question, const char *want, struct err *e) MUST_CHECK;
/* Remembers a file that was written, for the receipt. */
int op_add_file(struct op *op, const char *what, const char *path, struct bytes content, struct err *e) MUST_CHECK;
/* Forgets all but the first `keep` files. */
void op_forget_files(struct op *op, size_t keep);

/* Runs or shows a list; notes whether nothing was left to do. Call it through TYPE_run() of the job. */
int op_run_steps(const struct step *const list[], struct op *op, const struct run_mode *mode, struct out *o,
    struct err *e) MUST_CHECK;

/*
 * Defines the steps of a job, whose struct op is its member chain, and TYPE_run(), which runs a list of the job.
 * Write the job's TYPE_STEPS beside it: those of the job that it begins with, and its own.
 */
#define JOB_DEFINE(type, chain) \
	_Static_assert(offsetof(struct type, chain) == 0, "steps receive the address of the op"); \
	STEPS_DEFINE(type); \
	MUST_CHECK static inline int type##_run(const struct type##_list list[], struct type *job, \
	    const struct run_mode *mode, struct out *o, struct err *e) \
	{ \
		return op_run_steps(&list->step, &job->chain, mode, o, e); \
	} \
	struct type##_job_semicolon

#define op_STEPS const struct op_step *: 0
STEPS_DEFINE(op);
static inline int MUST_CHECK op_run(
    const struct op_list list[], struct op *op, const struct run_mode *mode, struct out *o, struct err *e)
{
	return op_run_steps(&list->step, op, mode, o, e);
}

#endif
