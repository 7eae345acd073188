/* SPDX-License-Identifier: MIT */
/* report_keys.c - keys of roots and of the ledger one by one, clients' keys by kind of token. */
#include <string.h>

#include "model/row_state.h"
#include "pki/key/key_risks.h"
#include "pki/report/report_table.h"

struct report_key {
	const char *extractable;
	char purpose[12], name[256], spec[24], spki_sha256[SHA256_HEX], label[33], serial[17], model[80], module[80];
	char risks[KEY_RISKS_MAX];
	bool is_attested;
	int64_t proved_at;
};
const struct out_field report_key_fields[] = {
	{ OUT_CHARS("purpose", "Purpose", struct report_key, purpose), .help = "root, ledger or client" },
	{ OUT_CHARS("name", "Name", struct report_key, name),
	    .help = "name of the root or client; null for an auditor" },
	{ OUT_CHARS("key_type", "Key", struct report_key, spec), .help = "kind of key" },
	{ OUT_CHARS("spki_sha256", "SHA-256", struct report_key, spki_sha256),
	    .help = "SHA-256 of the SubjectPublicKeyInfo" },
	{ OUT_CHARS("token_label", "Token", struct report_key, label),
	    .help = "label of the token; null for an auditor" },
	{ OUT_CHARS("token_serial", "Serial", struct report_key, serial), .help = "serial number of the token" },
	{ OUT_CHARS("token_model", "Model", struct report_key, model), .help = "manufacturer and model of the token" },
	{ OUT_TIME("proved_at", "Proved", struct report_key, proved_at),
	    .help = "when the key was last proved; null: not proved" },
	{ OUT_CHARS("module_name", "Module", struct report_key, module), .help = "module with which it was proved" },
	{ OUT_BOOL("is_attested", "Attested", struct report_key, is_attested),
	    .help = "the manufacturer of the token signed that the key was generated there" },
	{ OUT_STATED("extractable", "Extractable", struct report_key, extractable), .help = "CKA_EXTRACTABLE" },
	{ OUT_CHARS("risks", "Risks", struct report_key, risks), .separator = ' ',
	    .help = "risks as in token audit, see explain" },
	{ .key = NULL },
};

struct report_card {
	char manufacturer[33], model[17], spec[24], module[80];
	int64_t n_tokens, n_keys, n_attested, n_extractable, proved_at;
};
const struct out_field report_card_fields[] = {
	{ OUT_CHARS("manufacturer", "Manufacturer", struct report_card, manufacturer), .help = "of the tokens" },
	{ OUT_CHARS("model", "Model", struct report_card, model), .help = "of the tokens" },
	{ OUT_CHARS("key_type", "Key", struct report_card, spec), .help = "kind of key" },
	{ OUT_CHARS("module_name", "Module", struct report_card, module),
	    .help = "module with which they were proved" },
	{ OUT_INT64("token_count", "Tokens", struct report_card, n_tokens), .help = "number of tokens" },
	{ OUT_INT64("key_count", "Keys", struct report_card, n_keys), .help = "number of proved keys of clients" },
	{ OUT_INT64("attested_count", "Attested", struct report_card, n_attested),
	    .help = "keys whose generation on the token the manufacturer signed" },
	{ OUT_INT64("extractable_count", "Extractable", struct report_card, n_extractable),
	    .help = "keys that can be copied off the token" },
	{ OUT_TIME("proved_at", "Last proof", struct report_card, proved_at), .help = "UTC" },
	{ .key = NULL },
};

static int report_add_card(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	struct report *r = arg;
	struct report_card row = { .n_tokens = sum->numbers[0], .n_keys = sum->numbers[1],
		.n_attested = sum->numbers[2], .n_extractable = sum->numbers[3], .proved_at = sum->numbers[4] };

	(void)snprintf(row.manufacturer, sizeof(row.manufacturer), "%.32s", sum->texts[0]);
	(void)snprintf(row.model, sizeof(row.model), "%.16s", sum->texts[1]);
	(void)snprintf(row.spec, sizeof(row.spec), "%.23s", sum->texts[2]);
	(void)snprintf(row.module, sizeof(row.module), "%.79s", sum->texts[3]);
	r->summary.n_client_keys += row.n_keys;
	r->summary.n_attested += row.n_attested;
	return report_add(r, REPORT_CARDS, &row, sizeof(row), e);
}

/* Keys of clients one by one only if there are few of them. */
static int report_add_key(const struct key_row *key, void *arg, struct err *e)
{
	struct report *r = arg;
	struct report_key row = { .proved_at = key->proved_at };
	const struct key_location *place = &key->location;

	if (!key_is(key, KEY_PROVED) ||
	    (strcmp(key->purpose, "client") == 0 && r->summary.n_client_keys > REPORT_DETAILS_MAX))
		return 0;
	(void)snprintf(row.purpose, sizeof(row.purpose), "%s", key->purpose);
	report_name(r, row.name, sizeof(row.name), key->name);
	(void)snprintf(row.spec, sizeof(row.spec), "%s", key->spec);
	(void)snprintf(row.spki_sha256, sizeof(row.spki_sha256), "%s", key->spki_sha256);
	report_name(r, row.label, sizeof(row.label), place->token_label);
	(void)snprintf(row.serial, sizeof(row.serial), "%s", place->token_serial);
	(void)snprintf(row.model, sizeof(row.model), "%s %s", place->token_manufacturer, place->token_model);
	(void)snprintf(row.module, sizeof(row.module), "%s", key->evidence.module_name);
	row.is_attested = key->evidence.local == EVIDENCE_ATTESTED;
	row.extractable = evidence_text(key->evidence.extractable);
	key_risks_spell(row.risks, sizeof(row.risks), &key->evidence, NULL);
	return report_add(r, REPORT_KEYS, &row, sizeof(row), e);
}

static int report_fill_unrecorded(const struct ledger_sum_row *sum, void *arg, struct err *e)
{
	struct report *r = arg;

	(void)e;
	r->integrity.n_clock_behind = sum->numbers[0];
	r->summary.n_unrecorded_keys = sum->numbers[1];
	return 0;
}

int report_collect_keys(struct report *r, struct err *e)
{
	if (ledger_each_sum(r->p->ledger, SUM_CARDS, report_add_card, r, e) < 0 ||
	    ledger_each_sum(r->p->ledger, SUM_OTHER, report_fill_unrecorded, r, e) < 0)
		return -1;
	return ledger_each_key(r->p->ledger, report_add_key, r, e);
}
