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

int validity_choose(int64_t *not_before, int64_t *not_after, const struct validity_query *q, struct err *e)
{
	const struct cert_info *issuer = q->issuer;
	int64_t from = q->now - BACKDATE, to;

	if (issuer != NULL && from < issuer->not_before)
		from = issuer->not_before;
	to = from + (int64_t)(q->days != 0 ? q->days : q->template->days) * DAY;
	if (issuer != NULL && issuer->not_after <= q->now) {
		(void)err_set(e, ERR_POLICY, "the issuer's certificate has expired");
		return err_rule(e, "validity-issuer-expired", "renew the root first");
	}
	if (issuer != NULL && validity_clip(&to, q->days != 0, issuer->not_after, e) < 0)
		return -1;
	if (from < 0 || to <= from || to > TBS_TIME_MAX) {
		(void)err_set(e, ERR_POLICY, "the certificate would end before it begins, or after the year 9999");
		return err_rule(e, "validity-range", "look at the clock, the number of days, and the issuer's dates");
	}
	*not_before = from;
	*not_after = to;
	return 0;
}
