/* SPDX-License-Identifier: MIT */
/* value.c - computes column key_sha256, the value of a key, from the stored key and never from a caller's value. */
#include "ledger/internal.h"

#include <string.h>

/* A key that is not made yet has no stored SPKI. */
int value_of_spki(char out[SHA256_HEX], const struct ledger *l, struct bytes spki, struct err *e)
{
	out[0] = '\0';
	if (spki.len == 0)
		return 0;
	return l->o.key_value != NULL ? l->o.key_value(out, spki, e) : hash_sha256_hex(out, spki, e);
}

/* A certificate that is known only from a CRL has no stored DER. */
int value_of_cert(char out[SHA256_HEX], const struct ledger *l, const struct cert_row *row, struct err *e)
{
	const struct bytes der = row->der.len > 0 ? row->der : row->tbs;

	out[0] = '\0';
	if (l->o.key_value_of_cert == NULL)
		memcpy(out, row->spki_sha256, SHA256_HEX);
	return der.len > 0 && l->o.key_value_of_cert != NULL ? l->o.key_value_of_cert(out, der, e) : 0;
}

/* A row of either table for the two functions above. */
static const char keys_sql[] = "SELECT id, key_sha256, spki FROM keys NOT INDEXED ORDER BY id";
static const char certs_sql[] =
    "SELECT id, key_sha256, CASE WHEN length(der) > 0 THEN der ELSE tbs END, spki_sha256"
    " FROM certificates NOT INDEXED ORDER BY id";

static int value_of_row(char out[SHA256_HEX], const struct ledger *l, const struct query *q, bool is_key, struct err *e)
{
	struct cert_row row = { .der = db_blob(q, 2) };

	if (is_key)
		return value_of_spki(out, l, row.der, e);
	return db_text(row.spki_sha256, sizeof(row.spki_sha256), q, 3, e) < 0 ? -1 : value_of_cert(out, l, &row, e);
}

/* Reads the rows by id, which no update changes. */
static int fill_table(struct ledger *l, bool is_key, struct err *e)
{
	const char *update = is_key ? "UPDATE keys SET key_sha256 = ?1 WHERE id = ?2" :
				      "UPDATE certificates SET key_sha256 = ?1 WHERE id = ?2";
	AUTO_VALUE(query) q = { 0 };
	char value[SHA256_HEX];
	int r;

	if (db_query(&q, &l->db, is_key ? keys_sql : certs_sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (value_of_row(value, l, &q, is_key, e) < 0 ||
		    (value[0] != '\0' &&
			db_run(&l->db, update, e, ARGS(v_text(value), v_int(sqlite3_column_int64(q.stmt, 0)))) < 0))
			return -1;
	}
	return r;
}

int value_fill(struct ledger *l, const struct schema_step *step, struct err *e)
{
	if (step->from >= SCHEMA_WITH_KEY_VALUES || step->to < SCHEMA_WITH_KEY_VALUES)
		return 0;
	return fill_table(l, true, e) < 0 || fill_table(l, false, e) < 0 ? -1 : 0;
}

static int value_verify_table(struct verify *v, bool is_key, struct err *e)
{
	AUTO_VALUE(query) q = { 0 };
	char want[SHA256_HEX], have[SHA256_HEX];
	int r;

	if (db_query(&q, &v->l->db, is_key ? keys_sql : certs_sql, e, NO_ARGS) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		if (value_of_row(want, v->l, &q, is_key, e) < 0 || db_text(have, sizeof(have), &q, 1, e) < 0)
			return -1;
		if (strcmp(have, want) != 0 &&
		    verify_fault(v, "ledger-row-edited", e, "row %lld of %s: key_sha256 is '%.64s', but its key has "
		        "'%.64s'",
			(long long)sqlite3_column_int64(q.stmt, 0), is_key ? "keys" : "certificates", have, want) < 0)
			return -1;
	}
	return r;
}

int value_verify(struct verify *v, struct err *e)
{
	return value_verify_table(v, true, e) < 0 || value_verify_table(v, false, e) < 0 ? -1 : 0;
}
