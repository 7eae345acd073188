/* SPDX-License-Identifier: MIT */
/* event.c - append an event to the chain; docs/LEDGER.md has the encoding. */
#include "ledger/internal.h"

#include <inttypes.h>
#include <string.h>

#include "util/array.h"
#include "util/text.h"

static int event_add_line(struct buf *body, const char *key, struct value v, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };

	if (value_text(&text, &v, e) < 0 || buf_add(&text, "", 1, e) < 0 || buf_add(body, "\n", 1, e) < 0 ||
	    buf_add(body, key, strlen(key), e) < 0 || buf_add(body, ": ", 2, e) < 0)
		return -1;
	return fact_escape(body, (const char *)text.data, e);
}

static int add_header(struct buf *body, const struct ledger *l, const struct event *ev, int64_t at, struct err *e)
{
	static const char magic[] = "p11ca event v1";
	char time[TEXT_TIME], row[64] = "";
	const struct fact header[] = {
		FACT("ledger", v_text(l->id)),
		FACT("epoch", v_int(l->epoch)),
		FACT("seq", v_int(l->head.seq + 1)),
		FACT("at", v_text(time)),
		FACT("actor", v_text(l->o.actor)),
		FACT("note", v_text(l->o.note)),
		FACT("kind", v_text(ev->kind)),
		FACT("object", v_text(ev->object)),
		FACT("row", v_text(row)),
		FACT(LINE_LAST_HEADER, v_text(l->head.hash)),
	};

	text_time(time, at); /* the rows borrow both texts */
	if (ev->table != NULL)
		(void)snprintf(row, sizeof(row), "%s %" PRId64, ev->table, ev->row_id);
	if (buf_add(body, magic, sizeof(magic) - 1, e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(header); i++) {
		if (event_add_line(body, header[i].key, header[i].v, e) < 0)
			return -1;
	}
	return 0;
}

static int event_insert(struct ledger *l, const struct event *ev, int64_t at, struct buf *body, struct err *e)
{
	static const char sql[] = "INSERT INTO events (seq, at, row_table, row_id, body, hash)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
	struct head next = { .seq = l->head.seq + 1, .time = at };

	if (hash_sha256_hex(next.hash, buf_bytes(body), e) < 0 || buf_add(body, "", 1, e) < 0 ||
	    db_run(&l->db, sql, e,
		ARGS(v_int(next.seq), v_int(at), ev->table != NULL ? v_text(ev->table) : v_ref(0), v_ref(ev->row_id),
		    v_text((const char *)body->data), v_text(next.hash))) < 0)
		return -1;
	l->head = next;
	return 0;
}

int event_append(struct ledger *l, const struct event *ev, struct err *e, const struct fact facts[], size_t n)
{
	AUTO_VALUE(buf) body = { 0 };
	const int64_t at = clock_now(l->o.clock);

	if (add_header(&body, l, ev, at, e) < 0)
		return -1;
	/* the clock's time is kept, but a time before the last event is recorded as such */
	if (at < l->head.time && event_add_line(&body, "clock_behind", v_int(l->head.time - at), e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!facts[i].is_default && event_add_line(&body, facts[i].key, facts[i].v, e) < 0)
			return -1;
	}
	return event_insert(l, ev, at, &body, e);
}
