/* SPDX-License-Identifier: MIT */
/* ledger_calendar.c - writes an iCalendar file (RFC 5545) with the dates on which certificates expire. */
#include <string.h>

#include "model/row_state.h"
#include "out/ical.h"
#include "pki/ledger/ledger_calendar.h"
#include "pki/ledger/successor.h"

static int add_alarm(struct buf *b, const char *trigger, const char *what, struct err *e)
{
	return ical_line(b, "BEGIN", "VALARM", e) < 0 || ical_line(b, "ACTION", "DISPLAY", e) < 0 ||
		    ical_line(b, "TRIGGER", trigger, e) < 0 || ical_text(b, "DESCRIPTION", what, e) < 0 ||
		    ical_line(b, "END", "VALARM", e) < 0 ?
	    -1 :
	    0;
}

/* The certificate determines the UID, so that importing the file again makes no duplicates (3.8.4.7). */
static int add_event(struct buf *b, const struct cert_row *c, int64_t now, struct err *e)
{
	char uid[SHA256_HEX + 8], what[400], detail[900];

	(void)snprintf(uid, sizeof(uid), "%s@p11ca", c->fingerprint);
	(void)snprintf(what, sizeof(what), "%s of %.255s%s%.64s%s ends", c->is_root ? "VPN root" : "VPN certificate",
	    c->name, c->device[0] != '\0' ? " (" : "", c->device, c->device[0] != '\0' ? ")" : "");
	(void)snprintf(detail, sizeof(detail), "Serial %s, thumbprint %s.\n%s %s%s", c->serial, c->thumbprint,
	    c->is_root ? "An expired root blocks every update of a gateway that has it. See `p11ca root renew` and "
			 "`p11ca root rollover` for" :
			 "Give it a successor before, with `p11ca client renew`:", c->is_root ? c->name : c->serial,
	    c->is_root ? "." : "");
	if (ical_line(b, "BEGIN", "VEVENT", e) < 0 || ical_line(b, "UID", uid, e) < 0 ||
	    ical_time(b, "DTSTAMP", now, e) < 0 || ical_time(b, "DTSTART", c->not_after, e) < 0 ||
	    ical_text(b, "SUMMARY", what, e) < 0 || ical_text(b, "DESCRIPTION", detail, e) < 0 ||
	    ical_line(b, "TRANSP", "TRANSPARENT", e) < 0 || add_alarm(b, "-P30D", what, e) < 0 ||
	    (c->is_root && add_alarm(b, "-P90D", what, e) < 0))
		return -1;
	return ical_line(b, "END", "VEVENT", e);
}

static int ledger_calendar_put(FILE *f, const struct buf *b, struct err *e)
{
	return fwrite(b->data, 1, b->len, f) == b->len ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot write the calendar");
}

/* A gateway may still have a renewed root, so a root keeps its event until it is retired. */
static int is_left_out(bool *out, const struct calendar *cal, const struct cert_row *c, struct err *e)
{
	struct root_row root = { .id = 0 };
	bool found;

	*out = false;
	if (!c->is_root)
		return cal->with_renewed ? 0 : client_is_renewed(out, cal->p, c, 0, e);
	if (ledger_root_find(&root, &found, cal->p->ledger, c->name, e) < 0)
		return -1;
	*out = found && root.is_retired;
	return 0;
}

int calendar_add(const struct calendar *cal, const struct cert_row *c, struct err *e)
{
	AUTO_VALUE(buf) b = { 0 };
	const int64_t now = clock_now(&cal->p->clock);
	bool left_out;

	if (!cert_is(c, CERT_ISSUED) || c->not_after < now)
		return 0;
	if (is_left_out(&left_out, cal, c, e) < 0)
		return -1;
	return left_out ? 0 : add_event(&b, c, now, e) < 0 ? -1 : ledger_calendar_put(cal->f, &b, e);
}

int calendar_begin(const struct calendar *cal, struct err *e)
{
	AUTO_VALUE(buf) head = { 0 };

	return ical_line(&head, "BEGIN", "VCALENDAR", e) < 0 || ical_line(&head, "VERSION", "2.0", e) < 0 ||
		       ical_line(&head, "PRODID", "-//p11ca//ledger//EN", e) < 0
		   ? -1
		   : ledger_calendar_put(cal->f, &head, e);
}

int calendar_end(const struct calendar *cal, struct err *e)
{
	AUTO_VALUE(buf) tail = { 0 };

	if (ical_line(&tail, "END", "VCALENDAR", e) < 0 || ledger_calendar_put(cal->f, &tail, e) < 0)
		return -1;
	return fflush(cal->f) == 0 ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot write the calendar");
}

static int ledger_calendar_one(const struct cert_row *c, void *arg, struct err *e)
{
	return calendar_add(arg, c, e);
}

int ledger_calendar(const struct calendar *cal, struct err *e)
{
	const struct cert_query q = { .state = "issued" };
	struct calendar copy = *cal;

	return calendar_begin(cal, e) < 0 ||
		       ledger_each_cert(cal->p->ledger, &q, ledger_calendar_one, &copy, e) < 0
		   ? -1
		   : calendar_end(cal, e);
}
