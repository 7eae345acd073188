/* SPDX-License-Identifier: MIT */
/*
 * issue.h - issues one certificate or a hundred thousand: check, build, lint, record the intent, sign, record.
 *
 * Requests are processed in chunks, so memory use is constant; a chunk has one transaction before the token signs and
 * one after. An earlier certificate for the same name, device and key is returned instead of issued again.
 */
#ifndef PKI_ISSUE_ISSUE_H
#define PKI_ISSUE_ISSUE_H

#include "model/finding.h"
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
	struct findings findings;    /* of the request checks */
	struct cert_row row;
	struct buf tbs, der;
	struct cert_info info;       /* borrows der */
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
	unsigned jobs;               /* signing threads; at least 1 */
	size_t n_later;              /* number of later requests, as far as known */
	bool same_key;               /* renews may have the same key */
	int64_t renews;              /* the certificate that the only item renews; 0 = none */
};

/*
 * Issues the items (at most ISSUE_CHUNK). A refused item does not stop the others. root must be logged in.
 * -1: the token or the ledger failed; certificates issued before are recorded and in their items.
 */
#define ISSUE_CHUNK 64
int pki_issue_batch(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item items[], size_t n, struct err *e) MUST_CHECK;

/* A client must not have the name of the root that signs its certificate. -1 (ERR_POLICY): "rfc5280-issuer-name". */
int issue_check_name(const struct issuer *root, const char *name, bool is_test, struct err *e) MUST_CHECK;

/* The checks without token and without writing, for the dry run: refused items are marked. */
int pki_issue_judge(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item items[], size_t n, struct err *e) MUST_CHECK;

/*
 * The second half, also for a root's own certificate: rows and TBS are ready. Records the intents, signs, verifies,
 * lints, records. issuer empty: self-signed. Items that are not ISSUE_PENDING or have no tbs are skipped.
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
