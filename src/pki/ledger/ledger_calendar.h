/* SPDX-License-Identifier: MIT */
/* ledger_calendar.h - the ends of certificates as a calendar. */
#ifndef PKI_LEDGER_LEDGER_CALENDAR_H
#define PKI_LEDGER_LEDGER_CALENDAR_H

#include <stdio.h>

#include "pki/pki.h"

struct calendar {
	struct pki *p;
	FILE *f;
	bool with_renewed;           /* also clients' certificates that have a valid successor */
};
/* Appends the expiry dates of all issued certificates as iCalendar with alarms: 30 days before, for roots 90 days. */
int ledger_calendar(const struct calendar *cal, struct err *e) MUST_CHECK;

/*
 * The same for chosen certificates. A certificate that is not issued, is expired or renewed (with_renewed), or belongs
 * to a retired root itself, gets no event. calendar_end() also flushes. -1: ERR_OUTPUT, or the ledger fails.
 */
int calendar_begin(const struct calendar *cal, struct err *e) MUST_CHECK;
int calendar_add(const struct calendar *cal, const struct cert_row *c, struct err *e) MUST_CHECK;
int calendar_end(const struct calendar *cal, struct err *e) MUST_CHECK;

#endif
