/* SPDX-License-Identifier: MIT */
/* sums.c - sums over clients' certificates, keys and events, for overviews. */
#include "ledger/internal.h"

#define IS_LIVE "c.state = 'issued' AND c.not_after >= ?1"
#define HAS_SUCCESSOR \
	"EXISTS (SELECT 1 FROM certificates s WHERE s.renews = c.id AND s.is_root = 0 AND s.state = 'issued'" \
	" AND s.not_after >= ?1)"
#define MONDAY(column) "strftime('%Y-%m-%d', " column ", 'unixepoch', 'weekday 0', '-6 days')"
/* Values of events are escaped, so no value contains a line: the first line with a key is that of the header. */
#define LINE(key) "instr(header, char(10) || '" key ": ')"
/* The value of a line of a header, which ends where the next line begins. */
#define VALUE(key, next) "substr(header, " LINE(key) " + length('" key "') + 3, " LINE(next) " - " LINE(key) \
	" - length('" key "') - 3)"

/* texts: the number of text columns, which come first; ?1 is the present time. */
static const struct {
	int texts, numbers;
	const char *sql;
} sums[] = {
	[SUM_STATES] = { 0, 8,
	    "SELECT sum(is_live), sum(is_live AND is_renewed),"
	    " sum(is_live AND not_after < ?1 + 30 * 86400 AND NOT is_renewed), sum(state = 'issued' AND NOT is_live),"
	    " sum(state = 'revoked'), sum(state = 'signing'), sum(state = 'void'), sum(state = 'unknown')"
	    " FROM (SELECT c.state, c.not_after, " IS_LIVE " AS is_live, " HAS_SUCCESSOR " AS is_renewed"
	    "  FROM certificates c WHERE c.is_root = 0)" },
	[SUM_ENDS] = { 1, 2,
	    "SELECT month, sum(NOT is_renewed), sum(is_renewed) FROM (SELECT"
	    "  strftime('%Y-%m', c.not_after, 'unixepoch') AS month, " HAS_SUCCESSOR " AS is_renewed"
	    "  FROM certificates c WHERE c.is_root = 0 AND " IS_LIVE ") GROUP BY month ORDER BY month" },
	[SUM_NEXT] = { 3, 1,
	    "SELECT c.name, c.device, c.serial, c.not_after FROM certificates c"
	    " WHERE c.is_root = 0 AND " IS_LIVE " AND NOT " HAS_SUCCESSOR " ORDER BY c.not_after, c.id LIMIT 20" },
	[SUM_ISSUED] = { 1, 2,
	    "SELECT " MONDAY("issued_at") " AS week, count(*), sum(renews IS NOT NULL) FROM certificates"
	    " WHERE is_root = 0 AND issued_at > 0 AND issued_at <= ?1 GROUP BY week ORDER BY week" },
	[SUM_REVOKED] = { 1, 1,
	    "SELECT " MONDAY("revoked_at") " AS week, count(*) FROM certificates"
	    " WHERE is_root = 0 AND revoked_at > 0 AND revoked_at <= ?1 GROUP BY week ORDER BY week" },
	[SUM_ROOTS] = { 0, 3,
	    "SELECT c.root_id, sum(" IS_LIVE "), max(iif(" IS_LIVE ", c.not_after - c.not_before, 0))"
	    " FROM certificates c WHERE c.is_root = 0 AND c.root_id IS NOT NULL GROUP BY c.root_id"
	    " ORDER BY c.root_id" },
	/* The header of each event is cut out once: it is a quarter of the event. */
	[SUM_ACTORS] = { 1, 4,
	    "WITH headers AS MATERIALIZED (SELECT substr(body, 1, instr(body, char(10) || 'prev: ')) AS header,"
	    "  row_id AS id, at FROM events WHERE +row_table = 'certificates' AND at <= ?1"
	    "  AND row_id NOT IN (SELECT id FROM certificates WHERE is_root = 1)),"
	    " acts AS MATERIALIZED (SELECT id, at, " VALUE("actor", "note") " AS actor,"
	    "  " VALUE("kind", "object") " AS kind FROM headers)"
	    " SELECT actor, sum(kind = 'certificate-issued'), sum(kind = 'certificate-issued'"
	    "  AND id IN (SELECT id FROM certificates WHERE renews IS NOT NULL)), sum(kind = 'certificate-revoked'),"
	    " max(at) FROM acts WHERE kind IN ('certificate-issued', 'certificate-revoked')"
	    " GROUP BY actor ORDER BY count(*) DESC, actor" },
	[SUM_CARDS] = { 4, 5,
	    "SELECT token_manufacturer, token_model, spec, proof_module_name, count(DISTINCT token_serial), count(*),"
	    " sum(local = 'attested'), sum(extractable = 'yes'), max(proved_at) FROM keys"
	    " WHERE purpose = 'client' AND state = 'proved' AND ?1 > 0 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4" },
	[SUM_OTHER] = { 0, 2,
	    "SELECT (SELECT count(*) FROM events e JOIN events p ON p.seq = e.seq - 1 WHERE e.at < p.at),"
	    " (SELECT count(*) FROM certificates c WHERE c.is_root = 0 AND c.key_id IS NULL AND " IS_LIVE ")" },
};

/* Text of an edited file may be longer than any that p11ca writes. */
static void sum_text(char *out, size_t size, const struct query *q, int column)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);

	(void)snprintf(out, size, "%s", text != NULL ? text : "");
}

int ledger_each_sum(struct ledger *l, enum ledger_sum which, sum_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (db_query(&q, &l->db, sums[which].sql, e, ARGS(v_int(clock_now(l->o.clock)))) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct ledger_sum_row row = { .numbers = { 0 } };

		for (int i = 0; i < sums[which].texts; i++)
			sum_text(row.texts[i], sizeof(row.texts[i]), &q, i);
		for (int i = 0; i < sums[which].numbers; i++)
			row.numbers[i] = sqlite3_column_int64(q.stmt, sums[which].texts + i);
		if (fn(&row, arg, e) < 0)
			return -1;
	}
	return r;
}
