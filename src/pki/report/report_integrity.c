/* SPDX-License-Identifier: MIT */
/* report_integrity.c - whether the ledger is intact, and when it was last backed up and signed. */
#include <stdlib.h>
#include <string.h>

#include "pki/report/report_table.h"

const struct out_field report_integrity_fields[] = {
	{ OUT_TEXT("verdict", "Hash chain and rows", struct report_integrity, verdict), .help = "clean or faulty" },
	{ OUT_INT64("fault_count", "Faults", struct report_integrity, n_faults),
	    .help = "faults of the chain and of rows; ledger verify also verifies signatures of certificates" },
	{ OUT_INT64("event_count", "Events", struct report_integrity, n_events), .help = "number of events" },
	{ OUT_CHARS("head", "Head", struct report_integrity, head), .help = "hash of the last event" },
	{ OUT_TIME("last_event_at", "Last event", struct report_integrity, last_event_at), .help = "UTC" },
	{ OUT_INT64("epoch", "Epoch", struct report_integrity, epoch), .help = "1; each restore begins another" },
	{ OUT_CHARS("state", "State", struct report_integrity, state), .help = "in use, held (restored) or moved" },
	{ OUT_INT64("clock_behind_count", "Events with an earlier time", struct report_integrity, n_clock_behind),
	    .help = "events with a time before that of the event before" },
	{ OUT_TIME("checkpoint_at", "Last checkpoint", struct report_integrity, checkpoint_at),
	    .help = "when it was signed; null: never" },
	{ OUT_KNOWN("checkpoint_event", "Last event in the checkpoint", struct report_integrity, checkpoint_event),
	    .help = "number of the event; null: no checkpoint" },
	{ OUT_KNOWN("since_checkpoint_count", "Events since the checkpoint", struct report_integrity,
	      n_since_checkpoint), .help = "null: no checkpoint" },
	{ OUT_TIME("backup_at", "Last backup", struct report_integrity, backup_at),
	    .help = "when it was written; null: never" },
	{ OUT_KNOWN("since_backup_count", "Events since the backup", struct report_integrity, n_since_backup),
	    .help = "null: no backup" },
	{ .key = NULL },
};

static int report_find_checkpoint(struct report *r, struct err *e)
{
	struct report_integrity *i = &r->integrity;
	struct event_row event;
	bool found;

	if (ledger_last_note(&event, &found, r->p->ledger, "checkpoint-signed", e) < 0)
		return -1;
	i->checkpoint_event = i->n_since_checkpoint = -1;
	if (!found || strncmp(event.object, "checkpoint ", 11) != 0)
		return 0;
	i->checkpoint_at = event.time;
	i->checkpoint_event = strtoll(event.object + 11, NULL, 10);
	i->n_since_checkpoint = i->n_events - i->checkpoint_event;
	return 0;
}

int report_collect_integrity(struct report *r, struct err *e)
{
	struct report_integrity *i = &r->integrity;
	struct ledger_info info;
	struct location_row location;
	struct event_row backup;
	bool found;

	if (ledger_get_info(&info, r->p->ledger, e) < 0 || ledger_location(&location, r->p->ledger, e) < 0 ||
	    ledger_last_note(&backup, &found, r->p->ledger, "backup-written", e) < 0)
		return -1;
	i->n_events = info.n_events;
	i->last_event_at = info.last_event_at;
	i->epoch = info.epoch;
	(void)snprintf(i->head, sizeof(i->head), "%s", info.head);
	(void)snprintf(i->state, sizeof(i->state), "%s", location.id != 0 ? location.state : LOCATION_IN_USE);
	i->backup_at = found ? backup.time : 0;
	i->n_since_backup = found ? info.n_events - backup.seq : -1;
	i->verdict = i->n_faults > 0 ? "faulty" : "clean";
	return report_find_checkpoint(r, e);
}
