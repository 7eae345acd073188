/* SPDX-License-Identifier: MIT */
/* token_audit.c - proves every key on a token again, shows its risks as letters, and compares it with the ledger. */
#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/key/key_risks.h"
#include "pki/request_check.h"
#include "pki/token/token_ops.h"
#include "util/random.h"
#include "x509/cert.h"
#include "x509/key/key_value.h"
#include "x509/key/public_key.h"

struct audit_row {
	const char *id, *label, *type, *proof;
	char risks[160];
	char recorded[300];          /* "root contoso"; "" = the ledger does not have the key */
	const char *recorded_as;
#define EVIDENCE(member, key, text) const char *member;
#include "model/evidence.def"
#undef EVIDENCE
	const char *why;
};
const struct out_field audit_fields[] = {
	{ OUT_TEXT("cka_id", "ID", struct audit_row, id), .help = "CKA_ID" },
	{ OUT_TEXT("label", "LABEL", struct audit_row, label), .help = "CKA_LABEL" },
	{ OUT_TEXT("key_type", "TYPE", struct audit_row, type), .help = "rsa, ec, ed25519 or other" },
	{ OUT_TEXT("recorded_as", "LEDGER", struct audit_row, recorded_as),
	    .help = "purpose and name in the ledger; null: the ledger does not have the key" },
	{ OUT_TEXT("proof", "PROOF", struct audit_row, proof),
	    .help = "proved, or the code of a finding; key-missing: recorded, and not on the token" },
	{ OUT_CHARS("risks", "RISKS", struct audit_row, risks), .separator = ' ',
	    .help = "XTR extractable, WXT was extractable, NSE not sensitive, WNS was not sensitive, NLO not generated "
		"here, RDB secret readable, RNS refusal of the secret not stated, NTK not stored on the token, "
		"NPR usable without a PIN, NSG not for signatures, DEC decrypts, UNW unwraps, DRV derives, SRC signs "
		"with recovery; of the public key ENC encrypts, WRP wraps, PDR derives, VRC verifies with recovery, "
		"PBH hidden; CRT several certificates with its CKA_ID; CRO one of them is "
		"of another key" },
#define EVIDENCE(member, key, text) { OUT_STATED(key, NULL, struct audit_row, member), .help = text },
#include "model/evidence.def"
#undef EVIDENCE
	{ OUT_TEXT("reason", "WHY", struct audit_row, why), .help = "where it was not proved" },
	{ .key = NULL },
};

/* A key of the ledger that is recorded for this token. */
struct recorded {
	struct key_row row;
	bool is_there;
	struct recorded *next;
};

/* A certificate on the token. */
struct audited_cert {
	char id[129];
	char key_sha256[SHA256_HEX]; /* "": a placeholder, or not readable */
	struct audited_cert *next;
};

struct audit {
	struct token *t;
	struct out *o;
	const struct ui *ui;
	struct recorded *recorded;   /* owned, from the heap */
	struct audited_cert *certs;  /* owned, from the heap */
	unsigned n_bad, n;
	bool knows_token;            /* found on the token */
};

/* Finds the ledger's key with the same public half. */
static void find_recorded(struct audit_row *row, struct audit *a, const char *value)
{
	for (struct recorded *r = a->recorded; r != NULL; r = r->next) {
		if (strcmp(r->row.key_sha256, value) != 0)
			continue;
		r->is_there = a->knows_token = true;
		(void)snprintf(row->recorded, sizeof(row->recorded), "%s %s", r->row.purpose, r->row.name);
		row->recorded_as = row->recorded;
	}
}

static int audit_add_cert(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct audit *a = arg;
	struct audited_cert *c = calloc(1, sizeof(*c));
	struct cert_info info;
	struct err why = ERR_INIT;

	if (c == NULL)
		return err_oom(e);
	(void)snprintf(c->id, sizeof(c->id), "%s", o->id);
	if (!o->is_placeholder && cert_read(&info, der, &why) == 0)
		memcpy(c->key_sha256, info.key_sha256, sizeof(c->key_sha256));
	c->next = a->certs;
	a->certs = c;
	return 0;
}

/* value: of the key's public half; "" if that is not readable */
static void audit_count_certs(struct key_ref *key, const struct audit *a, const char *value)
{
	for (const struct audited_cert *c = a->certs; c != NULL; c = c->next) {
		if (c->id[0] == '\0' || strcmp(c->id, key->id) != 0)
			continue;
		key->n_certs++;
		key->n_other_certs += c->key_sha256[0] != '\0' && value[0] != '\0' && strcmp(c->key_sha256, value) != 0;
	}
}

/* Applies the rules for every public key: even a proved key may have a private key that anybody can compute. */
static int token_audit_judge(struct bytes spki, struct err *e)
{
	struct public_key_info info;

	return public_key_info_read(&info, spki, e) < 0 ? -1 : request_check_key(&info, NULL, 0, e);
}

/* Reads the public half, and fills what is known by it: the ledger's key, and the numbers of certificates. */
static int token_audit_identify(struct buf *spki, struct audit *a, struct audit_row *row, struct key_ref *key,
    struct err *e)
{
	char value[SHA256_HEX] = "";
	const int result = token_read_spki(spki, a->t, key->id, e) < 0 ? -1 :
	    key_value_sha256(value, buf_bytes(spki), e);

	audit_count_certs(key, a, value);
	if (result == 0)
		find_recorded(row, a, value);
	return result;
}

static int token_audit_prove(struct audit *a, struct audit_row *row, struct key_ref *key, struct key_evidence *ev,
    struct err *e)
{
	static const char head[] = "p11ca key audit v1";
	unsigned char challenge[sizeof(head) - 1 + 32];
	AUTO_VALUE(buf) spki = { 0 };

	memcpy(challenge, head, sizeof(head) - 1);
	/* The risks also show why a key is refused. */
	if (token_audit_identify(&spki, a, row, key, e) < 0 || token_read_evidence(ev, a->t, key->id, e) < 0 ||
	    random_bytes(challenge + sizeof(head) - 1, 32, e) < 0)
		return -1;
	if (token_prove(ev, a->t, &(struct key_to_prove){ key->id, buf_bytes(&spki), PROOF_AUDIT },
		(struct bytes){ challenge, sizeof(challenge) }, e) < 0)
		return -1;
	return token_audit_judge(buf_bytes(&spki), e);
}

/* A failure of the token ends the audit; a key that fails is only a row. */
static bool is_keys_own(const struct err *e)
{
	return e->status == ERR_POLICY || e->status == ERR_INPUT || e->status == ERR_NOT_FOUND || e->code != NULL;
}

static int audit_key(const struct key_ref *key, void *arg, struct err *e)
{
	struct audit *a = arg;
	struct key_evidence ev = { .time = 0 };
	struct key_ref counted = *key;
	const struct facts f = { .have = FACT_KEY, .key = &counted, .evidence = &ev };
	struct findings all = { .n = 0 };
	struct err why = ERR_INIT;
	struct audit_row row = { .id = key->id, .label = key->label, .type = key->type, .proof = "proved" };

	if (a->ui->stop(a->ui->self))
		return err_set(e, ERR_INTERRUPTED, "interrupted");
	if (token_audit_prove(a, &row, &counted, &ev, &why) < 0) {
		if (!is_keys_own(&why)) {
			*e = why;
			return -1;
		}
		row.proof = why.code != NULL ? why.code : "not proved";
		row.why = why.what;
		a->n_bad++;
	} else if (findings_run(all_rules, "audit", &f, &all, e) < 0) {
		return -1;
	}
	for (size_t i = 0; i < all.n; i++)
		a->n_bad += all.all[i].severity == FINDING_WARN || all.all[i].severity == FINDING_FAIL;
	key_risks_spell(row.risks, sizeof(row.risks), &ev, &counted);
#define EVIDENCE(member, key, text) row.member = evidence_text(ev.member);
#include "model/evidence.def"
#undef EVIDENCE
	a->n++;
	return out_row(a->o, &row, e);
}

/*
 * Whether the ledger recorded the key on this token; labels are not compared, because other programs may change them.
 */
static bool is_on_this_token(const struct audit *a, const struct key_row *row)
{
	const struct token_info *t = token_get_info(a->t);

	return (key_is(row, KEY_PROVED) || key_is(row, KEY_MADE)) &&
	    strcmp(row->location.token_serial, t->serial) == 0 &&
	    strcmp(row->location.token_manufacturer, t->manufacturer) == 0 &&
	    (!t->shares_identity || strcmp(row->location.token_label, t->label) == 0);
}

static int add_recorded(const struct key_row *row, void *arg, struct err *e)
{
	struct audit *a = arg;
	struct recorded *r;

	if (!is_on_this_token(a, row))
		return 0;
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	r->row = *row;
	r->next = a->recorded;
	a->recorded = r;
	return 0;
}

static void audit_free_lists(struct audit *a)
{
	while (a->recorded != NULL) {
		struct recorded *r = a->recorded;

		a->recorded = r->next;
		free(r);
	}
	while (a->certs != NULL) {
		struct audited_cert *c = a->certs;

		a->certs = c->next;
		free(c);
	}
}

/* A token that shares serial and label with others and has none of the ledger's keys is probably another token. */
static int print_missing(struct audit *a, struct err *e)
{
	const bool shares_identity = token_get_info(a->t)->shares_identity;

	for (const struct recorded *r = a->recorded; r != NULL; r = r->next) {
		struct audit_row row = { .id = r->row.location.cka_id,
			.label = r->row.location.label,
			.type = r->row.spec,
			.proof = "key-missing",
			.why =
			    shares_identity
				? "the ledger records the key on a token with this label and serial number, which "
				    "several tokens have"
				: "the ledger records the key on this token" };

		if (r->is_there)
			continue;
		(void)snprintf(row.recorded, sizeof(row.recorded), "%s %s", r->row.purpose, r->row.name);
		row.recorded_as = row.recorded;
		a->n_bad += !shares_identity || a->knows_token;
		if (out_row(a->o, &row, e) < 0)
			return -1;
	}
	return 0;
}

static int audit_all(struct audit *a, struct pki *p, struct err *e)
{
	if ((p->ledger != NULL && ledger_each_key(p->ledger, add_recorded, a, e) < 0) ||
	    out_list(a->o, "keys", audit_fields, e) < 0 || token_each_cert(a->t, audit_add_cert, a, e) < 0 ||
	    token_each_key(a->t, audit_key, a, e) < 0 ||
	    print_missing(a, e) < 0)
		return -1;
	return out_end(a->o, e);
}

int token_audit(struct pki *p, const struct token_uri *where, struct out *o, struct err *e)
{
	AUTO_STRUCT(token) t = NULL;
	struct module *m;
	struct audit a = { .o = o, .ui = p->ui };
	int result;

	if (pki_use_ledger(p, LEDGER_READ_IF_THERE, false, e) < 0 || pki_module(&m, p, where, e) < 0 ||
	    token_open(&t, m, where, false, e) < 0 || token_login(t, PIN_USER, "card", uri_pin_source(where), e) < 0)
		return -1;
	a.t = t;
	result = audit_all(&a, p, e);
	audit_free_lists(&a);
	if (result < 0)
		return err_while(e, "auditing token '%s'", token_get_info(t)->label);
	return a.n_bad > 0 ? 1 : 0;
}
