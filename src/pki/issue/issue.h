/* SPDX-License-Identifier: MIT */
/*
 * issue.h - one certificate or a hundred thousand: gate, build, lint, commit the intent, sign, commit.
 *
 * Requests go through in chunks, so memory stays flat; a chunk is one transaction before the token signs and one
 * after.  What was issued before for the same name, device and key is returned, not issued twice.
 */
#ifndef PKI_ISSUE_ISSUE_H
#define PKI_ISSUE_ISSUE_H

#include "pki/op.h"

enum issue_result { ISSUE_TODO, ISSUE_NEW, ISSUE_EXISTING, ISSUE_FINISHED, ISSUE_REFUSED };

struct issue_item {
	/* in; texts borrowed */
	const char *source;          /* the request's file, for messages and the ledger; NULL = made here */
	const char *name;            /* authorised: the request decides nothing */
	const char *device;          /* "" = none */
	const struct request_info *request;
	const char *ski;             /* hex: the CKA_ID where we drew it; "" = SHA-1 of the key */
	int64_t key_id;              /* in the ledger; 0 = not ours */
	/* out */
	enum issue_result result;
	struct err err;              /* ISSUE_REFUSED, or why signing failed */
	struct findings findings;    /* of the gate */
	struct cert_row row;
	struct buf tbs, der;
	struct cert_info info;       /* borrows der */
	/* between */
	bool is_resumed;             /* the intent is an earlier run's */
	bool was_attempted;          /* the token was asked to sign */
};
void issue_item_clear(struct issue_item *item);
/* Recorded as issued, so it may be handed out: by this, never by whether there are bytes. */
static inline bool issue_is_done(const struct issue_item *item)
{
	return item->result == ISSUE_NEW || item->result == ISSUE_EXISTING || item->result == ISSUE_FINISHED;
}

struct issue_policy {
	const struct cert_template *template;
	unsigned days;               /* 0 = the template's */
	unsigned days_asked;         /* by --days, or 0: see struct op */
	unsigned max_live;           /* certificates per name and device: 1, or 2 during a renewal */
	unsigned jobs;               /* threads that sign; at least 1 */
	size_t n_later;              /* requests that follow these: more to sign, as far as is known */
	bool same_key;               /* and it may have the same key */
	int64_t renews;              /* the certificate whose successor the one item is to be; 0 = of none */
};

/*
 * Issues the items (at most ISSUE_CHUNK).  A refused item does not stop the others.  root must be logged in.
 * -1: the token or the ledger failed; what was issued before that is recorded and in its item.
 */
#define ISSUE_CHUNK 64
int pki_issue_batch(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item items[], size_t n, struct err *e) MUST_CHECK;

/* A client must not have the name of the root that signs it.  -1 (ERR_POLICY): "rfc5280-issuer-name". */
int issue_check_name(const struct issuer *root, const char *name, bool is_test, struct err *e) MUST_CHECK;

/* What can be judged without a token and without writing, for the dry run: items that would be refused say so. */
int pki_issue_judge(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item items[], size_t n, struct err *e) MUST_CHECK;

/*
 * The second half, also for a root's own certificate: rows and TBS are ready.  Commits the intents, signs,
 * verifies, lints, commits.  issuer empty: self-signed.  Items that are not ISSUE_TODO or have no tbs are passed over.
 */
struct issue_signing {
	const struct signer *signer;
	struct bytes issuer;         /* DER */
	const struct cert_info *issuer_info; /* NULL: self-signed */
	const struct issue_policy *policy;
};
int issue_sign(struct pki *p, const struct issue_signing *s, struct issue_item items[], size_t n, struct err *e)
    MUST_CHECK;

/*
 * Draws a serial number (RFC 5280, 4.1.2.2): 20 bytes, positive: the minute, then 16 random bytes.  The minute
 * keeps those that are issued together together in the ledger's index, which a million scattered ones would slow down.
 */
#define SERIAL_LEN 20
int draw_serial(unsigned char out[SERIAL_LEN], const struct clock *clock, struct err *e) MUST_CHECK;
/* True when signing the same bytes again gives the same signature. */
bool is_deterministic(const char *key_name);

#endif
