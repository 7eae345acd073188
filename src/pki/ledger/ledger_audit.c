/* SPDX-License-Identifier: MIT */
/* ledger_audit.c - see ledger_audit.h. */
#include "pki/ledger/ledger_audit.h"

#include <string.h>

#include "pki/ledger/checkpoint.h"
#include "util/file.h"
#include "util/hex_id.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/issuers.h"
#include "x509/encode.h"

#define FILE_MAX (1024 * 1024)

struct fault_line {
	const char *severity, *code, *text;
};
const struct out_field fault_fields[] = {
	{ OUT_TEXT("severity", "SEVERITY", struct fault_line, severity), .as = OUT_AS_SEVERITY,
	    .help = "fail, or info for unfinished work" },
	{ OUT_TEXT("code", "CODE", struct fault_line, code), .help = "stable id, see explain" },
	{ OUT_TEXT("message", "WHAT", struct fault_line, text), .as = OUT_AS_FACT, .help = "which row or event" },
	{ .key = NULL },
};

struct verify_line {
	const char *home, *verdict, *checkpoint, *state;
	int64_t checkpoint_seq, checkpoint_at;
	struct ledger_info info;
	unsigned n_events, n_faults;
};
const struct out_field verify_fields[] = {
	{ OUT_TEXT("home", "Ledger in", struct verify_line, home), .help = "the folder, or the file of a copy" },
	{ OUT_CHARS("id", "  id", struct verify_line, info.id), .help = "of the ledger; it never changes" },
	{ OUT_UINT("epoch", "  epoch", struct verify_line, info.epoch), .help = "1, more after a restore" },
	{ OUT_UINT("event_count", "  events", struct verify_line, n_events), .help = "how many" },
	{ OUT_TEXT("state", "  state", struct verify_line, state),
	    .help = "in use; held: restored, and not yet acknowledged; moved: sealed" },
	{ OUT_CHARS("head", "  head", struct verify_line, info.head), .help = "hash of the last event" },
	{ OUT_UINT("fault_count", "  faults", struct verify_line, n_faults), .help = "how many" },
	{ OUT_TEXT("checkpoint_state", "  checkpoint", struct verify_line, checkpoint),
	    .help = "agrees or differs; null without a checkpoint" },
	{ OUT_INT64("checkpoint_seq", NULL, struct verify_line, checkpoint_seq),
	    .help = "the last event that it covers; 0 without one" },
	{ OUT_TIME("checkpoint_signed_at", "  signed at", struct verify_line, checkpoint_at),
	    .help = "when the checkpoint was signed; null without one" },
	{ OUT_TEXT("verdict", "  verdict", struct verify_line, verdict), .help = "clean or faulty" },
	{ .key = NULL },
};

/* Unfinished work of a dead run is listed, but is not a fault. */
static bool ledger_audit_is_unfinished(const char *id)
{
	return strcmp(id, "ledger-certificate-unfinished") == 0 || strcmp(id, "ledger-key-unfinished") == 0;
}

struct verifying {
	struct out *o;
	unsigned n_faults;
	char text[200];
};

static int print_fault(const char *id, const char *text, void *arg, struct err *e)
{
	struct verifying *v = arg;
	const struct fault_line line = { ledger_audit_is_unfinished(id) ? "info" : "fail", id, text };

	v->n_faults += !ledger_audit_is_unfinished(id);
	return out_row(v->o, &line, e);
}

/* Verifies a root's certificate by itself or by its issuer, any other certificate by its root. */
static bool is_signed(const struct cert_row *row, struct bytes issuer)
{
	struct err e;

	return (row->issuers.len > 0 ? issuers_verify(row->der, row->issuers, &e) :
				       cert_verify(row->der, issuer, 0, &e)) == 0;
}

static const char *check_cert(const struct cert_row *row, struct bytes issuer, void *arg)
{
	struct verifying *v = arg;
	struct cert_info info;
	struct err e;

	if (cert_read_known(&info, row->der, &e) == 0 && strcmp(info.fingerprint, row->fingerprint) == 0 &&
	    strcmp(info.serial, row->serial) == 0 && is_signed(row, issuer))
		return NULL;
	(void)snprintf(v->text, sizeof(v->text), "certificate %s of '%.60s' does not verify", row->serial, row->name);
	return v->text;
}

static int ledger_audit_add_fault(struct verifying *v, const char *id, const char *text, struct err *e)
{
	return print_fault(id, text, v, e);
}

struct cut {
	unsigned epoch;              /* epoch of the checkpoint */
	struct location_row location;      /* beginning of the next epoch; id 0 = no later epoch */
};

static int find_cut(const struct location_row *row, void *arg, struct err *e)
{
	struct cut *cut = arg;

	(void)e;
	if (cut->location.id == 0 && row->epoch > (int64_t)cut->epoch)
		cut->location = *row;
	return 0;
}

/* A restore from an older copy is recorded as such, but the events that the checkpoint covers are still missing. */
static int add_lost(struct verifying *v, const struct checkpoint *c, const struct location_row *place, struct err *e)
{
	char text[200], at[TEXT_TIME];

	text_time(at, place->placed_at);
	(void)snprintf(text, sizeof(text),
	    "the ledger was restored at %s with the events up to %lld: it lacks the events up to %lld of epoch %u", at,
	    (long long)place->n_events, (long long)c->seq, c->epoch);
	return ledger_audit_add_fault(v, "ledger-events-lost", text, e);
}

/* The events that the checkpoint covers must exist unchanged; later events are not compared. */
static int compare_checkpoint(struct verifying *v, struct ledger *l, const struct verify_line *line,
    const struct checkpoint *c, struct err *e)
{
	struct cut cut = { .epoch = c->epoch };
	char text[200];
	bool same;

	if (strcmp(c->ledger, line->info.id) != 0) {
		(void)snprintf(text, sizeof(text), "the checkpoint is of ledger %s", c->ledger);
		return ledger_audit_add_fault(v, "ledger-not-of-checkpoint", text, e);
	}
	if (ledger_each_location(l, find_cut, &cut, e) < 0)
		return -1;
	if (cut.location.id != 0 && c->seq > cut.location.n_events)
		return add_lost(v, c, &cut.location, e);
	if (line->info.n_events < c->seq) {
		(void)snprintf(text, sizeof(text), "the ledger ends with event %lld, the checkpoint covers %lld",
		    (long long)line->info.n_events, (long long)c->seq);
		return ledger_audit_add_fault(v, "ledger-tail-removed", text, e);
	}
	if (ledger_event_is(&same, l, c->seq, c->head, e) < 0)
		return -1;
	if (same)
		return 0;
	(void)snprintf(text, sizeof(text), "event %lld is not the one that the checkpoint names", (long long)c->seq);
	return ledger_audit_add_fault(v, "ledger-not-of-checkpoint", text, e);
}

static int check_checkpoint(struct verifying *v, struct ledger *l, struct verify_line *line,
    const struct checkpoint *c, struct err *e)
{
	const unsigned before = v->n_faults;

	if (compare_checkpoint(v, l, line, c, e) < 0)
		return -1;
	line->checkpoint = v->n_faults > before ? "differs" : "agrees";
	line->checkpoint_seq = c->seq;
	line->checkpoint_at = c->time;
	return 0;
}

int ledger_read_checkpoint(struct checkpoint *out, const struct verify_against *a, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };
	AUTO_VALUE(buf) root_file = { 0 };
	AUTO_VALUE(buf) root = { 0 };

	if (file_read(&root_file, a->root_file, FILE_MAX, e) < 0 ||
	    der_from_file(&root, buf_bytes(&root_file), DER_CERT, e) < 0)
		return err_while(e, "reading root certificate '%s'", a->root_file);
	if (file_read(&file, a->checkpoint_file, FILE_MAX, e) < 0 ||
	    checkpoint_read(out, buf_bytes(&file), buf_bytes(&root), e) < 0)
		return err_while(e, "reading checkpoint '%s'", a->checkpoint_file);
	return 0;
}

static int check_head(struct verifying *v, struct ledger *l, const char *head, struct err *e)
{
	char hash[SHA256_HEX];
	bool is;

	if (!hex_id_parse(hash, sizeof(hash), head) || strlen(hash) != SHA256_HEX - 1) {
		(void)err_set(e, ERR_USAGE, "a head is a SHA-256 in hex: %d digits", SHA256_HEX - 1);
		e->hint = "give the complete hash, as in a receipt or in the output of `p11ca ledger verify`";
		return -1;
	}
	if (ledger_event_is(&is, l, 0, hash, e) < 0)
		return -1;
	return is ? 0
		  : ledger_audit_add_fault(v, "ledger-head-not-found",
			"no event has the given head: the last events were removed, or the chain was rewritten", e);
}

static int verify_outside(struct verifying *v, struct ledger *l, struct verify_line *line,
    const struct verify_against *a, const struct checkpoint *c, struct err *e)
{
	if (a->checkpoint_file != NULL && check_checkpoint(v, l, line, c, e) < 0)
		return -1;
	return a->head != NULL ? check_head(v, l, a->head, e) : 0;
}

int ledger_verify_all(struct pki *p, const struct verify_against *against, struct out *o, struct err *e)
{
	struct verifying v = { .o = o };
	struct verify_line line = { .home = p->home };
	struct location_row place;
	struct checkpoint c;
	uint64_t n;

	if (against->checkpoint_file != NULL && ledger_read_checkpoint(&c, against, e) < 0)
		return -1;
	if (out_list(o, "faults", fault_fields, e) < 0 ||
	    ledger_verify(&n, p->ledger, print_fault, check_cert, &v, e) < 0 ||
	    ledger_get_info(&line.info, p->ledger, e) < 0 ||
	    verify_outside(&v, p->ledger, &line, against, &c, e) < 0 || ledger_location(&place, p->ledger, e) < 0 ||
	    out_end(o, e) < 0)
		return -1;
	line.state = place.id != 0 ? place.state : LOCATION_IN_USE;
	line.n_events = (unsigned)line.info.n_events;
	line.n_faults = v.n_faults;
	line.verdict = v.n_faults > 0 ? "faulty" : "clean";
	if (out_record(o, "ledger", verify_fields, &line, e) < 0)
		return -1;
	return v.n_faults > 0 ? 1 : 0;
}

struct event_line {
	unsigned seq;
	int64_t time;
	const char *kind, *object, *actor, *note, *hash;
};
const struct out_field event_fields[] = {
	{ OUT_UINT("seq", "SEQ", struct event_line, seq), .help = "number, without a gap" },
	{ OUT_TIME("recorded_at", "AT", struct event_line, time), .help = "UTC" },
	{ OUT_TEXT("kind", "EVENT", struct event_line, kind), .help = "what happened" },
	{ OUT_TEXT("object", "OBJECT", struct event_line, object), .help = "to what" },
	{ OUT_TEXT("actor", "ACTOR", struct event_line, actor), .as = OUT_AS_LOW,
	    .help = "user, login user and host" },
	{ OUT_TEXT("note", NULL, struct event_line, note), .help = "--note" },
	{ OUT_TEXT("hash", NULL, struct event_line, hash), .help = "SHA-256 of the event's bytes" },
	{ .key = NULL },
};

static int print_event(const struct event_row *row, void *arg, struct err *e)
{
	const struct event_line line = { (unsigned)row->seq, row->time, row->kind, row->object, row->actor,
		row->note[0] != '\0' ? row->note : NULL, row->hash };

	return out_row(arg, &line, e);
}

int ledger_log(struct pki *p, unsigned last, struct out *o, struct err *e)
{
	struct ledger_info info;
	int64_t from = 1;

	if (ledger_get_info(&info, p->ledger, e) < 0)
		return -1;
	if (last > 0 && info.n_events > (int64_t)last)
		from = info.n_events - (int64_t)last + 1;
	if (out_list(o, "events", event_fields, e) < 0 || ledger_each_event(p->ledger, from, print_event, o, e) < 0)
		return -1;
	return out_end(o, e);
}
