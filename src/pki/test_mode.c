/* SPDX-License-Identifier: MIT */
/* test_mode.c - see test_mode.h. */
#include "pki/test_mode.h"

#include <stdlib.h>
#include <string.h>

#define SEED "P11CA_TEST_SEED"
#define TIME "P11CA_TEST_TIME"

static bool test_mode_is_asked(void)
{
	return secure_getenv(SEED) != NULL || secure_getenv(TIME) != NULL;
}

static int test_mode_refuse(const struct pki *p, const char *why, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "%s is set, but %s in '%.160s'",
	    secure_getenv(SEED) != NULL ? SEED : TIME, why, p->home);
	return err_rule(e, "test-home-only",
	    "unset it; or create a test ledger in another home, with --home: `p11ca root create … --test`");
}

static int test_mode_set_seed(struct pki *p, const char *text, struct err *e)
{
	unsigned char seed[SHA256_LEN];

	if (text[0] == '\0') {
		(void)err_set(e, ERR_USAGE, SEED " is empty");
		e->hint = "set it to any text, or unset it";
		return -1;
	}
	if (hash_sha256(seed, (struct bytes){ (const unsigned char *)text, strlen(text) }, e) < 0)
		return -1;
	random_source_seed(&p->random, seed);
	(void)snprintf(p->actor, sizeof(p->actor), SEED); /* the user and the machine differ between runs */
	return 0;
}

static int test_mode_set(struct pki *p, struct err *e)
{
	const char *seed = secure_getenv(SEED), *time = secure_getenv(TIME);

	if (time != NULL && (!clock_parse(&p->clock.fixed, time) || p->clock.fixed <= 0)) {
		(void)err_set(e, ERR_USAGE, TIME " is '%.40s', which is no time after 1970", time);
		e->hint = "write it like 2026-03-01T12:00:00Z";
		return -1;
	}
	return seed != NULL ? test_mode_set_seed(p, seed, e) : 0;
}

int test_mode_open(struct pki *p, const struct ledger_options *lo, struct err *e)
{
	AUTO_STRUCT(ledger) l = NULL;

	if (!test_mode_is_asked())
		return 0;
	if (ledger_open(&l, lo, e) < 0 && e->status != ERR_NOT_FOUND)
		return -1;
	if (l == NULL && !p->o.creates_test)
		return test_mode_refuse(p, "there is no test ledger", e);
	if (l != NULL && !ledger_is_test(l))
		return test_mode_refuse(p, "the ledger is not a test ledger", e);
	*e = (struct err)ERR_INIT;
	return test_mode_set(p, e);
}

int test_mode_check_copy(struct pki *p, struct err *e)
{
	if (!test_mode_is_asked())
		return 0;
	return ledger_is_test(p->ledger) ? test_mode_set(p, e) :
		test_mode_refuse(p, "the ledger is not a test ledger", e);
}

static int test_mode_add(struct buf *out, const char *text, struct err *e)
{
	return buf_add(out, text, strlen(text) + 1, e); /* with the NUL, which separates the parts */
}

static int test_mode_derive(unsigned char *out, size_t len, struct pki *p, const struct draw *d, struct err *e)
{
	AUTO_VALUE(buf) context = { 0 };
	struct ledger_info info = { .n_events = 0 };
	char n_events[24];

	if (p->ledger != NULL && ledger_get_info(&info, p->ledger, e) < 0)
		return -1;
	(void)snprintf(n_events, sizeof(n_events), "%lld", (long long)info.n_events);
	if (test_mode_add(&context, n_events, e) < 0 || test_mode_add(&context, d->name, e) < 0 ||
	    buf_add(&context, d->extra.data, d->extra.len, e) < 0)
		return -1;
	return random_draw(out, len, &p->random, &(struct random_use){ d->label, buf_bytes(&context) }, e);
}

int pki_draw(unsigned char *out, size_t len, struct pki *p, const struct draw *d, struct err *e)
{
	return p->random.is_seeded ? test_mode_derive(out, len, p, d, e) : random_bytes(out, len, e);
}
