/* SPDX-License-Identifier: MIT */
/*
 * issue.h - issues certificates: check, build, lint, record the intent, sign, record.
 *
 * The ledger belongs to one thread, which prepares each item, records the intents of a group of items in one
 * transaction, and their certificates in another. Between the two, any threads sign. An earlier certificate for the
 * same name, device and key is returned instead of issued again.
 */
#ifndef PKI_ISSUE_ISSUE_H
#define PKI_ISSUE_ISSUE_H

#include "pki/issue/issue_job.h"

enum issue_result { ISSUE_PENDING, ISSUE_NEW, ISSUE_EXISTING, ISSUE_FINISHED, ISSUE_REFUSED };

struct issue_item {
	/* input; texts borrowed */
	const char *source;          /* the request's file, for messages and the ledger; NULL = made by p11ca */
	const char *name;            /* authorised: not taken from the request */
	const char *device;          /* "" = no device */
	const struct request_info *request;
	const char *ski;             /* hex: a random CKA_ID; "" = SHA-1 of the key */
	int64_t key_id;              /* key in the ledger; 0 = not in the ledger */
	/* output */
	enum issue_result result;
	struct err err;              /* ISSUE_REFUSED: the reason; or why signing failed */
	struct cert_row row;
	struct buf tbs, der;
	struct cert_info info;       /* borrows der */
	bool met_unfinished;         /* the name or key has a certificate in state `signing`, perhaps of this run */
	/* between the two halves */
	bool is_resumed;             /* the intent of an earlier run */
	bool was_attempted;          /* the token was asked to sign */
};
void issue_item_clear(struct issue_item *item);
/* Recorded as issued, so the certificate may be handed out; the presence of bytes does not decide. */
static inline bool issue_is_done(const struct issue_item *item)
{
	return item->result == ISSUE_NEW || item->result == ISSUE_EXISTING || item->result == ISSUE_FINISHED;
}

struct issue_policy {
	const struct cert_template *template;
	unsigned days;               /* 0 = the template's */
	unsigned days_asked;         /* by --days, or 0: see struct issue_job */
	unsigned max_live;           /* certificates per name and device: 1, or 2 during a renewal */
	bool same_key;               /* renews may have the same key */
	int64_t renews;              /* the certificate that the only item renews; 0 = none */
};

/*
 * The first half of an item: earlier certificate, request checks, TBS, lint. A refused item has the result
 * ISSUE_REFUSED. Prepares an item again if called again. -1: the ledger failed.
 */
int pki_issue_prepare(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item *item, struct err *e) MUST_CHECK;
/*
 * Tells the token how many signatures follow, before their intents are recorded; n_later: in later groups, as far as
 * known. For keys that need a login for each signature. -1: as token_expect_signatures().
 */
int pki_issue_expect(const struct issuer *root, const struct issue_item items[], size_t n, size_t n_later,
    struct err *e) MUST_CHECK;
/* Prepares, signs and records one item. A refused item is not an error. root must be logged in. */
int pki_issue_one(struct pki *p, const struct issuer *root, const struct issue_policy *policy, struct issue_item *item,
    size_t n_later, struct err *e) MUST_CHECK;

/* A client must not have the name of the root that signs its certificate. -1 (ERR_POLICY): "rfc5280-issuer-name". */
int issue_check_name(const struct issuer *root, const char *name, bool is_test, struct err *e) MUST_CHECK;

/* The checks without token and without writing, for the dry run: refused items are marked. */
int pki_issue_judge(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item items[], size_t n, struct err *e) MUST_CHECK;

/*
 * The second half, also for a root's own certificate: rows and TBS are ready. issuer empty: self-signed. Items that are
 * not ISSUE_PENDING or have no tbs are skipped.
 */
struct issue_signing {
	const struct signer *signer;
	struct bytes issuer;         /* DER */
	const struct cert_info *issuer_info; /* NULL: self-signed */
	const struct issue_policy *policy;
};
/* What all items of a run share. Its functions are for the ledger's thread unless they say otherwise. */
struct issue_run;
int issue_run_open(struct issue_run **out, struct pki *p, const struct issue_signing *s, struct err *e) MUST_CHECK;
void issue_run_close(struct issue_run *r); /* r may be NULL */
AUTO_STRUCT_DEFINE(issue_run, issue_run_close);
#define ISSUE_GROUP 64
/*
 * Records the intents of at most ISSUE_GROUP items; an item that a rule of the ledger refuses is ISSUE_REFUSED.
 * -1: the ledger failed, and no item of the group may be signed.
 */
int issue_run_begin(struct issue_run *r, struct issue_item items[], size_t n, struct err *e) MUST_CHECK;
/*
 * Signs an item whose intent is recorded, verifies and lints the certificate. In any thread, with a signer of that
 * thread's own. Does nothing if the run is over.
 */
void issue_run_sign(struct issue_run *r, const struct signer *signer, struct issue_item *item);
/*
 * Records the signed certificates of a group; the other intents become void. -1: an item failed, the ledger failed, or
 * SIGINT; certificates issued before are recorded and in their items.
 */
int issue_run_record(struct issue_run *r, struct issue_item items[], size_t n, struct err *e) MUST_CHECK;
/* Signs no further item, in any group. In any thread. */
void issue_run_stop(struct issue_run *r);
/* All of that for one item. */
int issue_sign(struct pki *p, const struct issue_signing *s, struct issue_item *item, struct err *e) MUST_CHECK;

/*
 * A random serial number (RFC 5280, 4.1.2.2): 20 bytes, positive: the minute, then 16 random bytes. The minute keeps
 * serials of one run together in the ledger's index; a million scattered serials would slow it down.
 */
#define SERIAL_LEN 20
/* name, spki: of the certificate; with P11CA_TEST_SEED, the bytes are derived from both. */
int draw_serial(unsigned char out[SERIAL_LEN], struct pki *p, const char *name, struct bytes spki, struct err *e)
    MUST_CHECK;
/* True when signing the same bytes again gives the same signature. */
bool is_deterministic(const char *key_name);

#endif
