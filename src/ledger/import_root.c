/* SPDX-License-Identifier: MIT */
/* import_root.c - records a root that was made elsewhere: key, name and certificate in one transaction. */
#include "ledger/internal.h"

#include <string.h>

static int write_key(struct ledger *l, struct key_row *row, struct bytes spki, struct err *e)
{
	struct key_record key = { .row = *row, .spki = spki };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];

	(void)snprintf(object, sizeof(object), "%s key %.120s", row->purpose, row->name);
	(void)snprintf(key.row.state, sizeof(key.row.state), "%s", key_state_word(KEY_PROVED));
	key.row.planned_at = key.row.proved_at = clock_now(l->o.clock);
	if (hash_sha256_hex(key.row.spki_sha256, spki, e) < 0 || value_of_spki(key.row.key_sha256, l, spki, e) < 0 ||
	    key_refuse_recorded(l, key.row.key_sha256, e) < 0 ||
	    row_write(&key.row.id, l, &(struct change){ &keys_table, 0, "key-adopted", object }, e, facts,
		row_facts(facts, &keys_table, &key, true)) < 0)
		return -1;
	*row = key.row;
	return 0;
}

static int import_root_write_cert(struct ledger *l, struct cert_row *row, const char *kind, struct err *e)
{
	struct cert_record cert = { .row = *row };
	struct fact facts[COLS_MAX];
	char object[OBJECT_MAX];

	(void)snprintf(object, sizeof(object), "certificate %s", row->serial);
	(void)snprintf(cert.row.state, sizeof(cert.row.state), "%s", cert_state_word(CERT_ISSUED));
	cert.row.is_root = true;
	cert.row.created_at = clock_now(l->o.clock);
	cert.row.tbs = (struct bytes){ 0 }; /* the DER contains the TBS */
	if (hash_sha1_hex(cert.row.thumbprint, row->der, e) < 0 ||
	    hash_sha256_hex(cert.row.fingerprint, row->der, e) < 0 ||
	    value_of_cert(cert.row.key_sha256, l, row, e) < 0 ||
	    cert_check_policy(l, &cert.row, row->renews != 0 ? 0 : 1, e) < 0 ||
	    row_write(&cert.row.id, l, &(struct change){ &certs_table, 0, kind, object }, e, facts,
		row_facts(facts, &certs_table, &cert, true)) < 0)
		return -1;
	*row = cert.row;
	return 0;
}

int ledger_root_adopt(struct ledger *l, const struct root_adoption *a, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct key_row key = *a->key;
	struct root_row root = *a->root;
	struct cert_row cert = a->cert != NULL ? *a->cert : (struct cert_row){ .id = 0 };

	if (txn_begin(&t, l, e) < 0 || write_key(l, &key, a->spki, e) < 0)
		return -1;
	root.key_id = cert.key_id = key.id;
	if (root_write(&root, l, "root-adopted", e) < 0)
		return -1;
	if (a->cert == NULL) {
		if (txn_commit(&t, e) < 0)
			return -1;
		*a->key = key;
		*a->root = root;
		return 0;
	}
	cert.root_id = root.id;
	if (import_root_write_cert(l, &cert, "certificate-adopted", e) < 0 ||
	    root_set_cert(l, root.id, cert.id, e) < 0 || txn_commit(&t, e) < 0)
		return -1;
	root.cert_id = cert.id;
	*a->key = key;
	*a->root = root;
	*a->cert = cert;
	return 0;
}

int ledger_root_install(struct ledger *l, struct cert_row *row, struct err *e)
{
	AUTO_VALUE(txn) t = { 0 };
	struct cert_row cert = *row;

	if (txn_begin(&t, l, e) < 0 || import_root_write_cert(l, &cert, "certificate-received", e) < 0 ||
	    root_set_cert(l, cert.root_id, cert.id, e) < 0 || txn_commit(&t, e) < 0)
		return -1;
	*row = cert;
	return 0;
}
