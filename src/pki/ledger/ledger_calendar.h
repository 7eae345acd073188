/* SPDX-License-Identifier: MIT */
/* ledger_calendar.h - the ends of certificates as a calendar. */
#ifndef PKI_LEDGER_LEDGER_CALENDAR_H
#define PKI_LEDGER_LEDGER_CALENDAR_H

#include <stdio.h>

#include "pki/pki.h"

/* Appends the expiry dates of issued certificates as iCalendar with alarms: 30 days before, for roots 90 days. */
int ledger_calendar(struct pki *p, FILE *f, struct err *e) MUST_CHECK;

#endif
