/* SPDX-License-Identifier: MIT */
/* import.c - records certificates that a root signed before it was in the ledger, or that the ledger lost. */
#include "ledger/internal.h"

#include <string.h>

/* The row with this root and serial; record->row.id 0: not in the ledger. */
static int find_same(struct cert_record *record, struct ledger *l, const struct cert_row *row, struct err *e)
{
	static const char sql[] = "SELECT id FROM certificates WHERE serial = ?1 AND ifnull(root_id, 0) = ?2";
	int64_t id = 0;

	*record = (struct cert_record){ 0 };
	if (db_int(&id, &l->db, sql, e, ARGS(v_text(row->serial), v_int(row->root_id))) < 0)
		return -1;
	return id == 0 ? 0 : cert_load(record, NULL, l, id, e);
}

static int hash_der(struct cert_row *row, struct err *e)
{
	if (row->der.len == 0)
		return 0;
	return hash_sha1_hex(row->thumbprint, row->der, e) < 0 ? -1 : hash_sha256_hex(row->fingerprint, row->der, e);
}

static int write_new(struct import_result *result, struct ledger *l, const struct cert_row *row, struct err *e)
{
	struct cert_record cert = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];

	cert_object(object, row);
	(void)snprintf(cert.row.state, sizeof(cert.row.state), "%s",
	    row->revoke_reason[0] != '\0' ? "revoked" : "issued");
	cert.row.created_at = clock_now(l->o.clock);
	if (value_of_cert(cert.row.key_sha256, l, row, e) < 0)
		return -1;
	cert.row.tbs = (struct bytes){ 0 }; /* NULL as the row's TBS; the DER contains it */
	result->done = IMPORT_NEW;
	return row_write(&result->id, l, &(struct change){ &certs_table, 0, "certificate-imported", object }, e, facts,
	    row_facts(facts, &certs_table, &cert, true));
}

static int check_same(const struct cert_record *have, const struct cert_row *row, const char *object, struct err *e)
{
	if (cert_is(&have->row, CERT_SIGNING)) {
		(void)err_set(e, ERR_POLICY, "%s is being signed", object);
		return err_rule(e, "operation-running",
		    "run the command again afterwards; `p11ca ledger recover` finishes what an interrupted run left");
	}
	if (row->der.len == 0)
		return 0;
	if (have->row.fingerprint[0] != '\0' && strcmp(have->row.fingerprint, row->fingerprint) != 0) {
		(void)err_set(e, ERR_POLICY, "the ledger already has a different %s of this root", object);
		return err_rule(e, "serial-taken", "a root that used a serial number twice cannot revoke only one "
		    "of the certificates");
	}
	if (have->row.fingerprint[0] != '\0' || cert_is(&have->row, CERT_REVOKED))
		return 0;
	(void)err_set(
	    e, ERR_POLICY, "%s is recorded as %s: no run completed its issue", object, have->row.state);
	return err_rule(
	    e, "import-not-issued", "keep the certificate revoked and issue another one");
}

/* Completes a certificate of which only the serial number was known, from a revocation list. */
static int import_complete(struct ledger *l, int64_t id, const struct cert_row *row, const char *object, struct err *e)
{
	char value[SHA256_HEX];
	struct fact derived = FACT("key_sha256", v_text(value));

	derived.is_default = true; /* the TBS follows from der, whose hash is in the event */
	if (value_of_cert(value, l, row, e) < 0)
		return -1;
	return row_write(NULL, l, &(struct change){ &certs_table, id, "certificate-imported", object }, e,
	    FACTS(derived, FACT("name", v_text(row->name)), FACT("subject", v_text(row->subject)),
		FACT("spki_sha256", v_text(row->spki_sha256)), FACT("thumbprint", v_text(row->thumbprint)),
		FACT("fingerprint", v_text(row->fingerprint)), FACT("not_before", v_int(row->not_before)),
		FACT("not_after", v_int(row->not_after)), FACT("issued_at", v_int(row->issued_at)),
		FACT("der", v_blob(row->der))));
}

static bool is_to_revoke(const struct cert_record *have, const struct cert_row *row)
{
	if (row->revoke_reason[0] == '\0')
		return false;
	return !cert_is(&have->row, CERT_REVOKED) ||
	    (strcmp(have->row.revoke_reason, REVOKE_HOLD) == 0 && strcmp(row->revoke_reason, REVOKE_HOLD) != 0);
}

static int import_revoke(struct ledger *l, int64_t id, const struct cert_row *row, const char *object, struct err *e)
{
	return row_write(NULL, l, &(struct change){ &certs_table, id, "certificate-revoked", object }, e,
	    FACTS(FACT("state", v_text(cert_state_word(CERT_REVOKED))), FACT("revoked_at", v_int(row->revoked_at)),
		FACT("revoke_reason", v_text(row->revoke_reason))));
}

static int import_merge(struct import_result *result, struct ledger *l, const struct cert_record *have,
    const struct cert_row *row, struct err *e)
{
	char object[OBJECT_MAX];

	cert_object(object, row);
	result->id = have->row.id;
	if (check_same(have, row, object, e) < 0)
		return -1;
	if (row->der.len > 0 && have->row.fingerprint[0] == '\0') {
		if (import_complete(l, have->row.id, row, object, e) < 0)
			return -1;
		result->done = IMPORT_COMPLETED;
	}
	if (!is_to_revoke(have, row))
		return 0;
	result->done = IMPORT_REVOKED;
	return import_revoke(l, have->row.id, row, object, e);
}

static int import_one(struct import_result *result, struct ledger *l, struct cert_row *row, struct err *e)
{
	struct cert_record have;

	*result = (struct import_result){ 0, IMPORT_NOTHING };
	if (revoke_reason_code(row->revoke_reason) < 0 && (row->revoke_reason[0] != '\0' || row->der.len == 0))
		return err_set(e, ERR_INTERNAL, "certificate %s is neither issued nor revoked", row->serial);
	if (hash_der(row, e) < 0 || find_same(&have, l, row, e) < 0)
		return -1;
	return have.row.id == 0 ? write_new(result, l, row, e) : import_merge(result, l, &have, row, e);
}

int ledger_certs_import(struct import_result results[], struct ledger *l, const struct import_source *source,
    struct err *e)
{
	const struct crl_row *crl = source->crl;
	AUTO_VALUE(txn) t = { 0 };
	struct cert_row row;

	if (txn_begin(&t, l, e) < 0)
		return -1;
	for (size_t i = 0; i < source->n; i++) {
		row = (struct cert_row){ 0 };
		if (source->fill(&row, i, source->arg, e) < 0 || import_one(&results[i], l, &row, e) < 0)
			return -1;
	}
	if (crl != NULL && crl->number > 0 && crl_import(l, crl, e) < 0)
		return -1;
	return txn_commit(&t, e);
}
