/* SPDX-License-Identifier: MIT */
/* token_audit.c - every key proved again; what is risky about it in capital letters. */
#include <string.h>

#include "pki/gate.h"
#include "pki/ops.h"
#include "util/random.h"

struct audit_row {
	const char *id, *label, *type, *proof;
	char risks[64];
	const char *local, *sensitive, *always_sensitive, *extractable, *never_extractable, *value_refused;
	const char *why;
};
const struct out_field audit_fields[] = {
	{ OUT_TEXT("id", "ID", struct audit_row, id), .help = "CKA_ID" },
	{ OUT_TEXT("label", "LABEL", struct audit_row, label), .help = "CKA_LABEL" },
	{ OUT_TEXT("type", "TYPE", struct audit_row, type), .help = "rsa, ec, ed25519 or other" },
	{ OUT_TEXT("proof", "PROOF", struct audit_row, proof), .help = "proved, or the code of what was found" },
	{ OUT_CHARS("risks", "RISKS", struct audit_row, risks),
	  .help = "XTR extractable, WXT was extractable, NSE not sensitive, NLO not made here, RDB secret readable" },
	{ OUT_TEXT("made_on_token", NULL, struct audit_row, local), .help = "CKA_LOCAL" },
	{ OUT_TEXT("sensitive", NULL, struct audit_row, sensitive), .help = "CKA_SENSITIVE" },
	{ OUT_TEXT("always_sensitive", NULL, struct audit_row, always_sensitive), .help = "CKA_ALWAYS_SENSITIVE" },
	{ OUT_TEXT("extractable", NULL, struct audit_row, extractable), .help = "CKA_EXTRACTABLE" },
	{ OUT_TEXT("never_extractable", NULL, struct audit_row, never_extractable), .help = "CKA_NEVER_EXTRACTABLE" },
	{ OUT_TEXT("value_refused", NULL, struct audit_row, value_refused), .help = "the secret's length was refused" },
	{ OUT_TEXT("why", "WHY", struct audit_row, why), .help = "where it was not proved" },
	{ .key = NULL },
};

/* A letter for each thing that an auditor wants to see at a glance. */
static const struct {
	const char *letters;
	size_t offset;
	enum evidence bad;
} risk_rows[] = {
	{ "XTR", offsetof(struct key_evidence, extractable), EVIDENCE_YES },
	{ "WXT", offsetof(struct key_evidence, never_extractable), EVIDENCE_NO },
	{ "NSE", offsetof(struct key_evidence, sensitive), EVIDENCE_NO },
	{ "NLO", offsetof(struct key_evidence, local), EVIDENCE_NO },
	{ "RDB", offsetof(struct key_evidence, value_refused), EVIDENCE_NO },
};

static void spell_risks(char *out, size_t size, const struct key_evidence *ev)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(risk_rows) / sizeof(risk_rows[0]); i++) {
		enum evidence v = *(const enum evidence *)(const void *)((const char *)ev + risk_rows[i].offset);

		if (v == risk_rows[i].bad && used < size)
			used += (size_t)snprintf(
			    out + used, size - used, "%s%s", used > 0 ? " " : "", risk_rows[i].letters);
	}
}

struct audit {
	struct token *t;
	struct out *o;
	const struct ui *ui;
	unsigned n_bad, n;
};

static int prove(struct audit *a, const struct key_ref *key, struct key_evidence *ev, struct err *e)
{
	static const char head[] = "p11ca key audit v1";
	unsigned char challenge[sizeof(head) - 1 + 32];
	AUTO_VALUE(buf) spki = { 0 };

	memcpy(challenge, head, sizeof(head) - 1);
	if (token_read_evidence(ev, a->t, key->id, e) < 0) /* a key that is refused shows why in its risks as well */
		return -1;
	if (random_bytes(challenge + sizeof(head) - 1, 32, e) < 0 || token_read_spki(&spki, a->t, key->id, e) < 0)
		return -1;
	return token_prove(
	    a->t, key->id, buf_bytes(&spki), (struct bytes){ challenge, sizeof(challenge) }, false, ev, e);
}

/* A token that fails in the middle ends the audit; a key that fails is a row. */
static bool is_keys_own(const struct err *e)
{
	return e->status == ERR_POLICY || e->status == ERR_INPUT || e->status == ERR_NOT_FOUND || e->code != NULL;
}

static int audit_key(const struct key_ref *key, void *arg, struct err *e)
{
	struct audit *a = arg;
	struct key_evidence ev = { .at = 0 };
	const struct facts f = { .have = FACT_KEY, .key = key, .evidence = &ev };
	struct findings all = { .n = 0 };
	struct err why = ERR_INIT;
	struct audit_row row = { .id = key->id, .label = key->label, .type = key->type, .proof = "proved" };

	if (a->ui->stop(a->ui->self))
		return err_set(e, ERR_INTERRUPTED, "interrupted");
	if (prove(a, key, &ev, &why) < 0) {
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
	spell_risks(row.risks, sizeof(row.risks), &ev);
	row.local = evidence_text(ev.local);
	row.sensitive = evidence_text(ev.sensitive);
	row.always_sensitive = evidence_text(ev.always_sensitive);
	row.extractable = evidence_text(ev.extractable);
	row.never_extractable = evidence_text(ev.never_extractable);
	row.value_refused = evidence_text(ev.value_refused);
	a->n++;
	return out_row(a->o, &row, e);
}

int token_audit(struct pki *p, const struct token_uri *where, struct out *o, struct err *e)
{
	AUTO_STRUCT(token) t = NULL;
	struct module *m;
	struct audit a = { .o = o, .ui = p->ui };

	if (pki_module(&m, p, where, e) < 0 || token_open(&t, m, where, false, e) < 0 ||
	    token_login(t, PIN_USER, "card", uri_pin_source(where), e) < 0)
		return -1;
	a.t = t;
	if (out_list(o, "keys", audit_fields, e) < 0 || token_each_key(t, audit_key, &a, e) < 0 || out_end(o, e) < 0)
		return err_while(e, "auditing token '%s'", token_get_info(t)->label);
	return a.n_bad > 0 ? 1 : 0;
}
