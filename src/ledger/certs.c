/* SPDX-License-Identifier: MIT */
/* certs.c - records certificates: signing, then issued, then revoked; or void; or unknown. */
#include "ledger/internal.h"

#include <string.h>

void cert_object(char out[OBJECT_MAX], const struct cert_row *row)
{
	(void)snprintf(out, OBJECT_MAX, "certificate %s", row->serial);
}

static int certs_refuse(const char *code, const char *hint, struct err *e)
{
	e->code = code;
	e->hint = hint;
	return -1;
}

static int check_serial(struct ledger *l, const struct cert_row *row, struct err *e)
{
	static const char sql[] = "SELECT count(*) FROM certificates WHERE serial = ?1 AND ifnull(root_id, 0) = ?2";
	int64_t n = 0;

	if (db_int(&n, &l->db, sql, e, ARGS(v_text(row->serial), v_int(row->root_id))) < 0)
		return -1;
	if (n == 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "the serial number %s of '%.120s' was used before", row->serial, row->name);
	return certs_refuse("serial-taken", "no serial number is used twice: run the command again", e);
}

int cert_check_policy(struct ledger *l, const struct cert_row *row, unsigned max_live, struct err *e)
{
	struct ledger_precedents a;
	bool is_other;

	if (precedents_find(&a, &is_other, l, row, e) < 0)
		return -1;
	if (a.is_key_compromised) {
		(void)err_set(e, ERR_POLICY, "the key of '%.120s' was revoked as compromised", row->name);
		return certs_refuse("key-compromised", "generate a new key: p11ca does not certify a compromised "
		    "key", e);
	}
	if (is_other) {
		(void)err_set(e, ERR_POLICY, "the key of '%.100s' is certified for '%.100s' already", row->name,
		    a.key_name);
		return certs_refuse(
		    "key-certified", "a key belongs to one name and device: generate a new key, or revoke the other "
		    "certificate", e);
	}
	if (max_live > 0 && a.n_live >= max_live) {
		(void)err_set(e, ERR_POLICY, "'%.120s' already has %u valid certificate%s (serial %s)", a.live_name,
		    a.n_live, a.n_live == 1 ? "" : "s", a.live_serial);
		return certs_refuse("client-has-certificate", "renew or revoke that certificate, or give another "
		    "name with --device", e);
	}
	return 0;
}

static int begin_one(int64_t *id, struct ledger *l, const struct cert_row *row, struct err *e)
{
	struct cert_record cert = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];
	size_t n;

	(void)snprintf(cert.row.state, sizeof(cert.row.state), "%s", cert_state_word(CERT_SIGNING));
	(void)snprintf(cert.writer, sizeof(cert.writer), "%s", l->writer);
	cert.row.thumbprint[0] = cert.row.fingerprint[0] = '\0';
	cert.row.created_at = clock_now(l->o.clock);
	cert.row.issued_at = cert.row.installed_at = cert.row.revoked_at = 0;
	cert.row.der = (struct bytes){ 0 };
	cert_object(object, row);
	n = row_facts(facts, &certs_table, &cert, true);
	if (row->request_name != NULL)
		facts[n++] = (struct fact)EXTRA("request_name", v_text(row->request_name));
	return row_write(id, l, &(struct change){ &certs_table, 0, "certificate-signing", object }, e, facts, n);
}

int ledger_certs_begin(struct ledger *l, struct cert_row *const rows[], size_t n, unsigned max_live, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	bool is_complete = false;

	for (size_t i = 0; i < n; i++)
		rows[i]->id = 0;
	if (txn_begin(&t, l, e) < 0 || ledger_may_sign(l, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		is_complete = value_of_cert(rows[i]->key_sha256, l, rows[i], e) == 0 &&
		    check_serial(l, rows[i], e) == 0 && cert_check_policy(l, rows[i], max_live, e) == 0 &&
		    begin_one(&rows[i]->id, l, rows[i], e) == 0;
		if (!is_complete)
			break;
		(void)snprintf(rows[i]->state, sizeof(rows[i]->state), "%s", cert_state_word(CERT_SIGNING));
	}
	if (n == 0 || (is_complete && txn_commit(&t, e) == 0))
		return 0;
	for (size_t i = 0; i < n; i++) {
		rows[i]->id = 0; /* all or none */
		rows[i]->state[0] = '\0';
	}
	return -1;
}

/* Loads the certificate for a change: it must be in one of the states, and no other process may work on it. */
static int certs_load_in_state(struct cert_record *cert, struct buf *tbs, struct ledger *l, int64_t id,
    unsigned states, struct err *e)
{
	char object[OBJECT_MAX], words[STATE_WORDS];

	if (cert_load(cert, tbs, l, id, e) < 0)
		return -1;
	cert_object(object, &cert->row);
	if (!cert_is_in(&cert->row, states)) {
		cert_state_words(words, states);
		return err_set(e, ERR_LEDGER, "%s is %s, which is not one of: %s", object, cert->row.state, words);
	}
	return cert_is(&cert->row, CERT_SIGNING) ? writer_may_finish(l, cert->writer, object, e) : 0;
}

static int issued_one(struct ledger *l, const struct cert_done *done, struct err *e)
{
	const struct bytes der = done->info->der;
	char object[OBJECT_MAX], thumbprint[SHA1_HEX], fingerprint[SHA256_HEX];
	AUTO_VALUE(buf) tbs = { 0 };
	struct cert_record cert;
	struct bytes signed_tbs;

	if (certs_load_in_state(&cert, &tbs, l, done->id, STATE_SET(CERT_SIGNING), e) < 0)
		return -1;
	cert_object(object, &cert.row);
	if (!der_first(&signed_tbs, der) || signed_tbs.len != tbs.len ||
	    memcmp(signed_tbs.data, tbs.data, tbs.len) != 0) {
		(void)err_set(e, ERR_LEDGER, "%s does not contain the bytes that the ledger recorded before the "
		    "signature", object);
		e->hint = "the certificate was not recorded: do not use it";
		return -1;
	}
	if (hash_sha1_hex(thumbprint, der, e) < 0 || hash_sha256_hex(fingerprint, der, e) < 0)
		return -1;
	/* the DER contains the TBS, which is not stored twice */
	return row_write(NULL, l, &(struct change){ &certs_table, done->id, "certificate-issued", object }, e,
	    FACTS(FACT("state", v_text(cert_state_word(CERT_ISSUED))), FACT("issued_at", v_int(clock_now(l->o.clock))),
		FACT("thumbprint", v_text(thumbprint)), FACT("fingerprint", v_text(fingerprint)),
		FACT("tbs", v_blob((struct bytes){ 0 })), FACT("der", v_blob(der))));
}

int ledger_certs_issued(struct ledger *l, const struct cert_done done[], size_t n, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };

	if (txn_begin(&t, l, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (issued_one(l, &done[i], e) < 0)
			return -1;
	}
	return txn_commit(&t, e);
}

static int change_cert(struct ledger *l, const struct state_change *c, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct cert_record cert;
	char object[OBJECT_MAX];

	if (txn_begin(&t, l, e) < 0 || certs_load_in_state(&cert, NULL, l, c->id, c->states, e) < 0)
		return -1;
	cert_object(object, &cert.row);
	if (row_write(NULL, l, &(struct change){ &certs_table, c->id, c->kind, object }, e, c->facts, c->n_facts) < 0)
		return -1;
	return txn_commit(&t, e);
}

int ledger_cert_void(struct ledger *l, int64_t id, const char *why, struct err *e)
{
	return change_cert(l,
	    &(struct state_change){ id, STATE_SET(CERT_SIGNING), "certificate-void",
		FACTS(FACT("state", v_text(cert_state_word(CERT_VOID))), EXTRA("why", v_text(why))) }, e);
}

int ledger_cert_unknown(struct ledger *l, int64_t id, const char *why, struct err *e)
{
	return change_cert(l,
	    &(struct state_change){ id, STATE_SET(CERT_SIGNING), "certificate-unknown",
		FACTS(FACT("state", v_text(cert_state_word(CERT_UNKNOWN))), EXTRA("why", v_text(why))) }, e);
}

int ledger_cert_installed(struct ledger *l, int64_t id, const struct key_location *p, struct err *e)
{
	return change_cert(l,
	    &(struct state_change){ id, STATE_SET(CERT_ISSUED), "certificate-installed",
		FACTS(FACT("installed_at", v_int(clock_now(l->o.clock))),
		    EXTRA("module_path", v_text(p->module_path)), EXTRA("token_label", v_text(p->token_label)),
		    EXTRA("token_serial", v_text(p->token_serial)),
		    EXTRA("token_manufacturer", v_text(p->token_manufacturer)),
		    EXTRA("token_model", v_text(p->token_model)), EXTRA("cka_id", v_text(p->cka_id)),
		    EXTRA("label", v_text(p->label))) }, e);
}

int ledger_cert_take(bool *taken, struct ledger *l, int64_t id, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct cert_record cert;
	char object[OBJECT_MAX];

	if (txn_begin(&t, l, e) < 0 || cert_load(&cert, NULL, l, id, e) < 0)
		return -1;
	*taken = cert.row.is_writer_dead;
	if (!*taken)
		return 0;
	cert_object(object, &cert.row);
	if (row_write(NULL, l, &(struct change){ &certs_table, id, "certificate-taken", object }, e,
		FACTS(FACT("writer", v_text(l->writer)))) < 0)
		return -1;
	return txn_commit(&t, e);
}
