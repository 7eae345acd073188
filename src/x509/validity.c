/* SPDX-License-Identifier: MIT */
/* validity.c - chooses the validity period of a certificate. */
#include "x509/tbs.h"

#define DAY 86400
#define BACKDATE 300 /* seconds: for client clocks that are slow */

/* An explicit number of days is never shortened; the template's is shortened to the issuer's end. */
static int validity_clip(int64_t *not_after, bool is_explicit, int64_t issuer_not_after, struct err *e)
{
	if (*not_after <= issuer_not_after)
		return 0;
	if (is_explicit) {
		(void)err_set(e, ERR_POLICY, "the certificate would outlive its issuer, and be refused from then on");
		return err_rule(e, "validity-beyond-issuer", "ask for fewer days, or renew the root first");
	}
	*not_after = issuer_not_after;
	return 0;
}

int validity_choose(int64_t *not_before, int64_t *not_after, int64_t now, unsigned days,
    const struct cert_template *t, int64_t issuer_not_before, int64_t issuer_not_after, struct err *e)
{
	bool has_issuer = issuer_not_after != 0;
	int64_t from = now - BACKDATE, to;

	if (has_issuer && from < issuer_not_before)
		from = issuer_not_before;
	to = from + (int64_t)(days != 0 ? days : t->days) * DAY;
	if (has_issuer && issuer_not_after <= now) {
		(void)err_set(e, ERR_POLICY, "the issuer's certificate has expired");
		return err_rule(e, "validity-issuer-expired", "renew the root before it issues anything");
	}
	if (has_issuer && validity_clip(&to, days != 0, issuer_not_after, e) < 0)
		return -1;
	if (from < 0 || to <= from || to > TBS_TIME_MAX) {
		(void)err_set(e, ERR_POLICY, "the certificate would end before it begins, or after the year 9999");
		return err_rule(e, "validity-range", "look at the clock, the number of days, and the issuer's dates");
	}
	*not_before = from;
	*not_after = to;
	return 0;
}
