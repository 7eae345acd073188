/* SPDX-License-Identifier: MIT */
/* ledger_location.c - prints the location of the ledger, and acknowledges missing events after a restore. */
#include "pki/ledger/ledger_location.h"

#include <string.h>

#include "pki/op.h"

struct location_line {
	const char *home, *id;
	struct location_row row;
	int64_t n_unknown, n_imported, n_revoked, n_crls;
};
const struct out_field location_fields[] = {
	{ OUT_TEXT("home", "Ledger in", struct location_line, home), .help = "the folder" },
	{ OUT_TEXT("id", "  id", struct location_line, id), .as = OUT_AS_DETAIL,
	    .help = "of the ledger; it never changes" },
	{ OUT_INT64("epoch", "  epoch", struct location_line, row.epoch), .as = OUT_AS_DETAIL,
	    .help = "each restore begins one" },
	{ OUT_CHARS("state", "  state", struct location_line, row.state),
	    .help = "in use; held: roots sign nothing until it is acknowledged; moved: sealed" },
	{ OUT_INT64("events_before", "  events before", struct location_line, row.n_events), .as = OUT_AS_DETAIL,
	    .help = "that the ledger had when it came here" },
	{ OUT_KNOWN("events_missing", "  missing at least", struct location_line, n_unknown),
	    .help = "events after those, by the checkpoint; null when none proves that there were any" },
	{ OUT_INT64("certificates_imported", "  imported since", struct location_line, n_imported),
	    .help = "certificates" },
	{ OUT_INT64("certificates_revoked", "  revoked since", struct location_line, n_revoked),
	    .help = "certificates" },
	{ OUT_INT64("crls_imported", "  CRLs since", struct location_line, n_crls), .help = "that were imported" },
	{ OUT_TIME("placed_at", "  since", struct location_line, row.placed_at), .as = OUT_AS_DETAIL,
	    .help = "when it came here" },
	{ OUT_TIME("acknowledged_at", "  acknowledged", struct location_line, row.acknowledged_at),
	    .help = "when the hold ended; null without one" },
	{ .key = NULL },
};

static int ledger_location_count(const struct event_row *event, void *arg, struct err *e)
{
	struct location_line *line = arg;

	(void)e;
	line->n_imported += strcmp(event->kind, "certificate-imported") == 0;
	line->n_revoked += strcmp(event->kind, "certificate-revoked") == 0;
	line->n_crls += strcmp(event->kind, "crl-imported") == 0;
	return 0;
}

int ledger_location_print(struct pki *p, struct out *o, struct err *e)
{
	struct location_line line = { .home = p->home, .id = ledger_id(p->ledger), .n_unknown = -1 };

	if (ledger_location(&line.row, p->ledger, e) < 0 ||
	    ledger_each_event(p->ledger, line.row.n_events + 1, ledger_location_count, &line, e) < 0)
		return -1;
	if (line.row.known_seq > line.row.n_events)
		line.n_unknown = line.row.known_seq - line.row.n_events;
	return out_record(o, "location", location_fields, &line, e);
}

static int acknowledge_probe(struct op *op, enum step_state *out, struct err *e)
{
	struct location_row row;

	*out = STEP_PENDING;
	if (op->pki->o.note == NULL || op->pki->o.note[0] == '\0') {
		(void)err_set(e, ERR_USAGE, "the reason for the missing events is not given");
		e->hint = "--note TEXT: the ledger keeps it for later readers";
		return -1;
	}
	if (ledger_location(&row, op->pki->ledger, e) < 0)
		return -1;
	*out = strcmp(row.state, LOCATION_SUSPENDED) == 0 ? STEP_PENDING : STEP_DONE;
	return 0;
}

static int acknowledge_run(struct op *op, struct err *e)
{
	return ledger_acknowledge(op->pki->ledger, e);
}

int ledger_acknowledge_restore(struct pki *p, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct op_step end = { STEP_OF(op, "end the hold"), .probe = acknowledge_probe,
		.run = acknowledge_run };
	static const struct op_list list[] = { STEP(op, end), STEPS_END };
	AUTO_VALUE(op) op = { .pki = p, .name = "", .purpose = "ledger", .device = "" };
	struct location_row before;

	if (ledger_location(&before, p->ledger, e) < 0 || op_run(list, &op, mode, o, e) < 0)
		return -1;
	if (strcmp(before.state, LOCATION_SUSPENDED) != 0)
		p->ui->warn(p->ui->self, "ledger-issuing-not-suspended",
		    "the ledger is not suspended: there was nothing to acknowledge, and the note was not recorded");
	return ledger_location_print(p, o, e);
}
