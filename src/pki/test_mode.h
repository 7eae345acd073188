/* SPDX-License-Identifier: MIT */
/*
 * test_mode.h - reproducible runs in a test home: fixed random values and a fixed time.
 *
 * P11CA_TEST_SEED is a text from which ledger id, serial numbers, CKA_IDs and generated passwords are derived;
 * P11CA_TEST_TIME is the time that p11ca uses. Both are accepted only where the ledger is a test ledger, whose
 * certificates contain O=TEST: with them, serial numbers could be foreseen and dates chosen.
 * Keys are not derived: a token generates its own, and OpenSSL those that no token holds.
 */
#ifndef PKI_TEST_MODE_H
#define PKI_TEST_MODE_H

#include "pki/pki.h"

/*
 * Reads both variables into p->random, p->clock and p->actor. lo: to open the ledger in p->home for reading. If the
 * home is empty, the command must be one that creates a test ledger (p->o.creates_test).
 * -1: ERR_USAGE (a value that is empty or no time); ERR_POLICY ("test-home-only"); as ledger_open().
 */
int test_mode_open(struct pki *p, const struct ledger_options *lo, struct err *e) MUST_CHECK;
/* The same for p->ledger, a copy that is open for reading. */
int test_mode_check_copy(struct pki *p, struct err *e) MUST_CHECK;

/*
 * Random bytes for a value that is stored; see random_draw(). name: the object that the value belongs to. With a seed,
 * they also depend on the number of events in the ledger, so that a later value for the same object differs.
 */
struct draw {
	const char *label, *name;
	struct bytes extra;          /* more that identifies the object; may be empty */
};
int pki_draw(unsigned char *out, size_t len, struct pki *p, const struct draw *d, struct err *e) MUST_CHECK;

#endif
