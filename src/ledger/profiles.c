/* SPDX-License-Identifier: MIT */
/* profiles.c - records the profiles that clients received, each with its package. */
#include "ledger/internal.h"

#include <string.h>

/* Whether text is lower-case hex of one of the two lengths; the length of SHA-1 is 0 where SHA-256 is required. */
static bool is_hash(const char *text, size_t len, size_t sha1)
{
	return (len == SHA256_HEX - 1 || (sha1 > 0 && len == sha1)) && strspn(text, "0123456789abcdef") >= len;
}

static bool is_hash_list(const char *list)
{
	for (const char *at = list; *at != '\0';) {
		const size_t len = strcspn(at, ",");

		if (!is_hash(at, len, SHA1_HEX - 1) || (at[len] == ',' && at[len + 1] == '\0'))
			return false;
		at += len + (at[len] == ',');
	}
	return true;
}

static bool is_hash_or_none(const char *text)
{
	return text[0] == '\0' || is_hash(text, strlen(text), 0);
}

static int check_row(const struct profile_row *row, struct err *e)
{
	if (row->format[0] == '\0')
		return err_set(e, ERR_USAGE, "the profile has no format");
	if (!is_hash_or_none(row->package_sha256) || !is_hash_or_none(row->tls_auth_sha256) ||
	    !is_hash_list(row->gateway_roots))
		return err_set(e, ERR_USAGE, "the profile for %s has an invalid hash", row->format);
	return 0;
}

static int load_client(struct cert_record *cert, struct ledger *l, int64_t id, struct err *e)
{
	if (cert_load(cert, NULL, l, id, e) < 0)
		return -1;
	if (cert->row.is_root)
		return err_set(e, ERR_LEDGER, "certificate %s belongs to a root: profiles are for "
		    "clients", cert->row.serial);
	if (cert->row.issued_at == 0)
		return err_set(e, ERR_LEDGER, "certificate %s is %s: no profile can be written with it",
		    cert->row.serial, cert->row.state);
	return 0;
}

static int profiles_write_one(struct ledger *l, const struct profile_row *row, struct err *e)
{
	struct profile_record profile = { .row = *row };
	struct fact facts[COLS_MAX];
	struct cert_record cert;
	char object[OBJECT_MAX];
	size_t n;

	if (check_row(row, e) < 0 || load_client(&cert, l, row->cert_id, e) < 0)
		return -1;
	profile.row.written_at = clock_now(l->o.clock);
	(void)snprintf(object, sizeof(object), "%s profile of certificate %s", row->format, cert.row.serial);
	n = row_facts(facts, &profiles_table, &profile, true);
	facts[n++] = (struct fact)EXTRA("client", v_text(cert.row.name));
	if (cert.row.device[0] != '\0')
		facts[n++] = (struct fact)EXTRA("device", v_text(cert.row.device));
	return row_write(NULL, l, &(struct change){ &profiles_table, 0, "profiles-written", object }, e, facts, n);
}

int ledger_profiles_written(struct ledger *l, const struct profile_row rows[], size_t n, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (n == 0)
		return 0;
	if (txn_begin(&t, l, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (profiles_write_one(l, &rows[i], e) < 0)
			return -1;
	}
	return txn_commit(&t, e);
}

int ledger_each_profile(struct ledger *l, bool newest_only, profile_row_fn *fn, void *arg, struct err *e)
{
	static const char all[] = "ORDER BY cert_id, format, id";
	static const char newest[] = "WHERE id IN (SELECT max(id) FROM profiles GROUP BY cert_id, format)"
				     " ORDER BY cert_id, format";
	AUTO_VALUE(query) q = { 0 };
	int r;

	if (row_query(&q, l, &profiles_table, FILTER_ONLY(newest_only ? newest : all), e) < 0)
		return -1;
	while ((r = db_next(&q, e)) > 0) {
		struct profile_record profile = { 0 };

		if (row_read(&profile.row.id, &profile, &q, &profiles_table, e) < 0 || fn(&profile.row, arg, e) < 0)
			return -1;
	}
	return r;
}
