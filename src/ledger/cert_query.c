/* SPDX-License-Identifier: MIT */
/* cert_query.c - finds certificates in the ledger, and reads their stored DER. */
#include "ledger/internal.h"

#include <ctype.h>
#include <string.h>

#include "util/der_item.h"
#include "util/hex_id.h"
#include "util/unicode.h"

bool der_first(struct bytes *out, struct bytes der)
{
	struct der_item whole, first;

	if (!der_take(&der, DER_SEQUENCE, &whole) || der.len > 0 || !der_next(&whole.body, &first))
		return false;
	*out = first.all;
	return true;
}

int cert_read_row(struct cert_record *out, struct ledger *l, const struct query *q, struct err *e)
{
	*out = (struct cert_record){ 0 };
	if (row_read(&out->row.id, out, q, &certs_table, e) < 0)
		return -1;
	out->row.is_writer_dead = cert_is(&out->row, CERT_SIGNING) && writer_is_dead(l, out->writer);
	if (out->row.tbs.len == 0 && out->row.der.len > 0 && !der_first(&out->row.tbs, out->row.der))
		out->row.tbs = (struct bytes){ 0 };
	return 0;
}

int cert_load(struct cert_record *out, struct buf *tbs, struct ledger *l, int64_t id, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &certs_table, FILTER("WHERE id = ?1", v_int(id)), e) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_NOT_FOUND, "the ledger has no certificate %lld", (long long)id);
	if (cert_read_row(out, l, &q, e) < 0 ||
	    (tbs != NULL && buf_add(tbs, out->row.tbs.data, out->row.tbs.len, e) < 0))
		return -1;
	out->row.tbs = out->row.der = out->row.issuers = (struct bytes){ 0 };
	return 0;
}

int ledger_cert_issuers(struct buf *out, struct ledger *l, int64_t id, struct err *e)
{
	static const char sql[] = "SELECT issuers FROM certificates WHERE id = ?1";
	AUTO_VALUE(query) q = { 0 };
	struct bytes issuers;
	int r;

	if (db_query(&q, &l->db, sql, e, ARGS(v_int(id))) < 0 || (r = db_next(&q, e)) < 0)
		return -1;
	if (r == 0)
		return err_set(e, ERR_NOT_FOUND, "the ledger has no certificate %lld", (long long)id);
	issuers = db_blob(&q, 0);
	return buf_add(out, issuers.data, issuers.len, e);
}

int ledger_cert_tbs(struct buf *out, struct ledger *l, int64_t id, struct err *e)
{
	struct cert_record cert;

	return cert_load(&cert, out, l, id, e);
}

#define TERMS_MAX 24
#define SERIAL_PREFIX_MIN 8 /* digits */
struct where {
	char sql[2048];
	struct value args[TERMS_MAX];
	size_t n;
	char id_hex[SHA256_HEX];     /* any_id as the ledger writes thumbprints and fingerprints; "" = it is neither */
	char id_serial[SHA256_HEX];  /* any_id as the ledger writes serial numbers */
	char prefix[SHA1_HEX], prefix_end[SHA1_HEX + 1]; /* any_id as the first digits of a serial, or "" */
	char id_key[NAME_KEY_MAX], name_key[NAME_KEY_MAX], device_key[NAME_KEY_MAX], search_key[NAME_KEY_MAX];
	char search_serial[SERIAL_HEX];
};

#define NO_ARG v_ref(0)

/* Appends AND term if wanted, with the argument of its first ?. */
static void add_term(struct where *w, bool wanted, const char *term, struct value arg)
{
	const size_t used = strlen(w->sql);

	if (!wanted)
		return;
	(void)snprintf(w->sql + used, sizeof(w->sql) - used, "%s%s", used > 0 ? " AND " : "WHERE ", term);
	if (arg.type != VALUE_NULL)
		w->args[w->n++] = arg;
}

/* A serial number has two digits per byte and no leading zero byte; an (invalid) negative number has a sign. */
static void write_serial(char out[SHA256_HEX], const char *id)
{
	const char *digits = id + strspn(id, "0");
	const size_t n = strlen(digits);

	if (n + 2 <= SHA256_HEX)
		(void)snprintf(out, SHA256_HEX, "%s%.62s", n == 0 ? "00" : n % 2 == 1 ? "0" : "", digits);
}

static void write_id(struct where *w, const char *id)
{
	if (hex_id_parse(w->id_hex, sizeof(w->id_hex), id)) {
		write_serial(w->id_serial, w->id_hex);
		return;
	}
	w->id_hex[0] = '\0';
	for (size_t i = 0; id[0] == '-' && id[i] != '\0' && i + 1 < sizeof(w->id_serial); i++)
		w->id_serial[i] = (char)tolower((unsigned char)id[i]);
}

/* Every serial number that begins with the prefix is in the range from prefix to prefix_end. */
static void write_prefix(struct where *w)
{
	const char *digits = w->id_hex;
	size_t n;

	while (strncmp(digits, "00", 2) == 0)
		digits += 2;
	n = strlen(digits);
	if (n < SERIAL_PREFIX_MIN || n + 1 >= sizeof(w->prefix))
		return;
	(void)snprintf(w->prefix, sizeof(w->prefix), "%.39s", digits);
	(void)snprintf(w->prefix_end, sizeof(w->prefix_end), "%sg", w->prefix);
}

static void add_any_id(struct where *w, const char *id)
{
	static const char term[] =
	    "id IN (WITH RECURSIVE bucket (n) AS (SELECT 0 UNION ALL"
	    "  SELECT n + 1 FROM bucket WHERE n < (SELECT max(id) FROM certificates) / 8192)"
	    " SELECT id FROM certificates WHERE serial = ?"
	    " UNION SELECT id FROM certificates WHERE name_key = ?"
	    " UNION SELECT c.id FROM bucket CROSS JOIN certificates c"
	    "  WHERE c.id / 8192 = n AND c.thumbprint = ? AND c.thumbprint <> ''"
	    " UNION SELECT c.id FROM bucket CROSS JOIN certificates c"
	    "  WHERE c.id / 8192 = n AND c.fingerprint = ? AND c.fingerprint <> ''"
	    " UNION SELECT id FROM certificates WHERE serial > ? AND serial < ?"
	    "  AND NOT EXISTS (SELECT 1 FROM certificates WHERE serial = ?))";

	write_id(w, id);
	write_prefix(w);
	add_term(w, true, term, v_text(w->id_serial));
	w->args[w->n++] = v_text(w->id_key);
	w->args[w->n++] = v_text(w->id_hex);
	w->args[w->n++] = v_text(w->id_hex);
	w->args[w->n++] = v_text(w->prefix);
	w->args[w->n++] = v_text(w->prefix_end);
	w->args[w->n++] = v_text(w->id_serial);
}

/*
 * A key of the ledger has a row with its token; a key that came with a request has none, so its events are searched
 * for the token of its certificate.
 */
static void add_token(struct where *w, const char *serial)
{
	static const char term[] =
	    "(key_id IN (SELECT id FROM keys WHERE token_serial = ?) OR id IN (SELECT row_id FROM events"
	    "  WHERE row_table = 'certificates' AND instr(body, char(10) || 'token_serial: ' || ? || char(10)) > 0))";

	add_term(w, true, term, v_text(serial));
	w->args[w->n++] = v_text(serial);
}

static void add_search(struct where *w, const char *text)
{
	static const char term[] = "(instr(name_key, ?) > 0 OR instr(device_key, ?) > 0 OR instr(serial, ?) = 1)";

	for (size_t i = 0; text[i] != '\0' && i + 1 < sizeof(w->search_serial); i++)
		w->search_serial[i] = (char)tolower((unsigned char)text[i]);
	add_term(w, true, term, v_text(w->search_key));
	w->args[w->n++] = v_text(w->search_key);
	w->args[w->n++] = v_text(w->search_serial);
}

static int add_keys(struct where *w, const struct cert_query *q, struct err *e)
{
	return (q->any_id != NULL && name_key(w->id_key, q->any_id, e) < 0) ||
		(q->name != NULL && name_key(w->name_key, q->name, e) < 0) ||
		(q->device != NULL && name_key(w->device_key, q->device, e) < 0) ||
		(q->search != NULL && name_key(w->search_key, q->search, e) < 0) ? -1 : 0;
}

static int where_of(struct where *w, const struct ledger *l, const struct cert_query *q, struct err *e)
{
	static const char *const ends[] = {
		[CERTS_BY_ID] = " ORDER BY id",
		[CERTS_BY_NAME] = " ORDER BY name_key, device_key, id",
		[CERTS_BY_END] = " ORDER BY not_after, id",
		[CERTS_BY_ISSUE] = " ORDER BY issued_at, id",
	};
	const char *end = ends[q->order];
	size_t used;

	*w = (struct where){ 0 };
	if (add_keys(w, q, e) < 0)
		return -1;
	add_term(w, q->id != 0, "id = ?", v_int(q->id));
	add_term(w, q->root_id != 0, "root_id = ?", v_int(q->root_id));
	add_term(w, q->key_id != 0, "key_id = ?", v_int(q->key_id));
	add_term(w, q->renews != 0, "renews = ?", v_int(q->renews));
	add_term(w, q->name != NULL, "name_key = ?", v_text(w->name_key));
	add_term(w, q->device != NULL, "device_key = ?", v_text(w->device_key));
	add_term(w, q->key_sha256 != NULL, "key_sha256 = ?", v_text(q->key_sha256));
	add_term(w, q->state != NULL, "state = ?", v_text(q->state));
	add_term(w, q->request_sha256 != NULL, "request_sha256 = ? AND request_sha256 <> ''",
	    v_text(q->request_sha256));
	add_term(w, q->expires_before != 0, "not_after < ?", v_int(q->expires_before));
	add_term(w, q->live_only, "state IN ('signing', 'issued') AND not_after >= ?", v_int(clock_now(l->o.clock)));
	/* must equal the condition of the index certificates_revoked */
	add_term(w, q->revoked_only, "state IN ('revoked', 'unknown')", NO_ARG);
	if (q->token_serial != NULL)
		add_token(w, q->token_serial);
	add_term(w, q->roots_only, "is_root = 1", NO_ARG);
	add_term(w, q->clients_only, "is_root = 0", NO_ARG);
	if (q->search != NULL)
		add_search(w, q->search);
	if (q->any_id != NULL)
		add_any_id(w, q->any_id);
	used = strlen(w->sql);
	if (used + strlen(end) >= sizeof(w->sql))
		return err_set(e, ERR_INTERNAL, "too many conditions");
	(void)snprintf(w->sql + used, sizeof(w->sql) - used, "%s", end);
	return 0;
}

int ledger_each_cert(struct ledger *l, const struct cert_query *cq, cert_row_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	struct cert_record cert;
	struct where w;
	int r;

	if (where_of(&w, l, cq, e) < 0 ||
	    row_query(&q, l, &certs_table, &(struct row_filter){ w.sql, w.args, w.n }, e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (cert_read_row(&cert, l, &q, e) < 0 || fn(&cert.row, arg, e) < 0)
			return -1;
	}
	return r;
}

struct found {
	struct cert_row row;
	struct buf der;
	unsigned n;
	char serials[240];
};

static int see_cert(const struct cert_row *row, void *arg, struct err *e)
{
	struct found *found = arg;
	const size_t used = strlen(found->serials);

	if (++found->n == 1) {
		found->row = *row;
		found->row.tbs = found->row.der = found->row.issuers = (struct bytes){ 0 };
		found->der.len = 0;
		if (buf_add(&found->der, row->der.data, row->der.len, e) < 0)
			return -1;
	}
	(void)snprintf(found->serials + used, sizeof(found->serials) - used, "%s%s", used > 0 ? ", " : "", row->serial);
	return 0;
}

static int take_only(struct cert_row *out, struct buf *der, bool *is_found, const struct found *f, struct err *e)
{
	if (f->n > 1) {
		(void)err_set(e, ERR_NOT_FOUND, "%u certificates match", f->n);
		(void)err_rule(e, "certificate-ambiguous", "give the serial number of one certificate");
		return err_cause(e, "%s", f->serials);
	}
	*is_found = f->n == 1;
	if (f->n == 0)
		return 0;
	if (der != NULL && buf_add(der, f->der.data, f->der.len, e) < 0)
		return -1;
	*out = f->row;
	return 0;
}

int ledger_cert_find(struct cert_row *out, struct buf *der, bool *found, struct ledger *l, const struct cert_query *q,
    struct err *e)
{
	struct found f = { .n = 0 };
	int r;

	if ((r = ledger_each_cert(l, q, see_cert, &f, e)) == 0)
		r = take_only(out, der, found, &f, e);
	buf_clear(&f.der);
	return r;
}

int ledger_each_spellings(struct ledger *l, spellings_fn *fn, void *arg, struct err *e)
{
	static const char sql[] =
	    "SELECT a.name, b.name, a.serial, b.serial FROM certificates a JOIN certificates b"
	    " ON b.name_key = a.name_key AND b.device_key = a.device_key AND b.id > a.id"
	    " AND (b.name <> a.name OR b.device <> a.device)"
	    " WHERE a.is_root = 0 AND a.state IN ('signing', 'issued') AND a.not_after >= ?1"
	    " AND b.is_root = 0 AND b.state IN ('signing', 'issued') AND b.not_after >= ?1 ORDER BY a.id, b.id";
	AUTO_VALUE(query) q = { 0 };
	struct spellings s;
	int r;

	if (db_query(&q, &l->db, sql, e, ARGS(v_int(clock_now(l->o.clock)))) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		for (int i = 0; i < 2; i++)
			if (db_text(s.names[i], sizeof(s.names[i]), &q, i, e) < 0 ||
			    db_text(s.serials[i], sizeof(s.serials[i]), &q, 2 + i, e) < 0)
				return -1;
		if (fn(&s, arg, e) < 0)
			return -1;
	}
	return r;
}
