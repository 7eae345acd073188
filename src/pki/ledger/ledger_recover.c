/* SPDX-License-Identifier: MIT */
/* ledger_recover.c - lists unfinished work of dead runs, and finishes or closes it. */
#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/issue.h"
#include "pki/issuer.h"
#include "pki/token_ref.h"
#include "pki/ledger/ledger_recover.h"
#include "pki/user_templates.h"
#include "x509/cert.h"
#include "x509/templates.h"

struct recover_row {
	const char *what, *name, *device, *state, *id, *next, *result;
	const void *token;           /* struct token_ref */
	int64_t since;
};
const struct out_field recover_fields[] = {
	{ OUT_TEXT("kind", "WHAT", struct recover_row, what), .help = "key, orphan or certificate" },
	{ OUT_TEXT("name", "NAME", struct recover_row, name), .help = "root or client" },
	{ OUT_TEXT("device", NULL, struct recover_row, device), .help = "the client's device" },
	{ OUT_TEXT("state", "STATE", struct recover_row, state), .help = "where it stopped" },
	{ OUT_TEXT("id", "ID", struct recover_row, id), .help = "CKA_ID of a key, serial of a certificate" },
	{ OUT_OBJECT("token", NULL, struct recover_row, token, token_ref_by_label), .help = "of a key" },
	{ OUT_TIME("started_at", NULL, struct recover_row, since), .help = "when it was begun" },
	{ OUT_TEXT("outcome", "RESULT", struct recover_row, result), .help = "left, finished or closed" },
	{ OUT_TEXT("next", "NEXT", struct recover_row, next), .as = OUT_AS_PROSE, .help = "what to do" },
	{ .key = NULL },
};

/* Collects the rows first, because the ledger must not change while it is read. */
struct list {
	void *all;
	size_t n, size;
};

static int ledger_recover_add(struct list *l, const void *row, struct err *e)
{
	void *all = reallocarray(l->all, l->n + 1, l->size);

	if (all == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	l->all = all;
	memcpy((char *)all + l->n++ * l->size, row, l->size);
	return 0;
}

static int keep_key(const struct key_row *row, void *arg, struct err *e)
{
	bool is_unfinished = key_is(row, KEY_PLANNED) || key_is(row, KEY_MADE);

	return is_unfinished && row->is_writer_dead ? ledger_recover_add(arg, row, e) : 0;
}

static int keep_cert(const struct cert_row *row, void *arg, struct err *e)
{
	struct cert_row copy = *row;

	copy.tbs = copy.der = (struct bytes){ 0 };
	copy.request_name = NULL;
	return row->is_writer_dead ? ledger_recover_add(arg, &copy, e) : 0;
}

struct recovery {
	struct pki *p;
	const struct recover_how *how;
	bool dry_run;
	struct out *o;
	unsigned n_left;
	struct issuer root;          /* root of the last certificate; one login per root */
};

static const char *next_of(const char *purpose)
{
	static const char *const rows[][2] = { { "root", "run the same root create again" },
		{ "ledger", "run the same ledger checkpoint again" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i][0], purpose) == 0)
			return rows[i][1];
	return "run the same client enroll again";
}

static int one_key(struct recovery *r, const struct key_row *key, struct err *e)
{
	const struct token_ref token = token_ref_of_location(&key->location);
	struct recover_row row = { .what = "key", .name = key->name, .state = key->state, .id = key->location.cka_id,
		.device = key->device[0] != '\0' ? key->device : NULL, .token = &token,
		.since = key->planned_at, .result = "left",
		.next = next_of(key->purpose) };
	bool taken;

	if (r->how->close && !r->dry_run) {
		if (ledger_key_take(&taken, r->p->ledger, key->id, e) < 0)
			return -1;
		if (taken && ledger_key_orphan(r->p->ledger, key->id, "closed by ledger recover", e) < 0)
			return -1;
		row.result = taken ? "closed" : "left";
		row.next = taken ? "token clean --orphan ID removes the object from the token"
		    : "another process is working on it";
	}
	r->n_left += strcmp(row.result, "left") == 0;
	return out_row(r->o, &row, e);
}

static int use_root(struct recovery *r, int64_t root_id, struct err *e)
{
	struct root_row row;

	if (r->root.signer.self != NULL && r->root.row.id == root_id)
		return 0;
	issuer_clear(&r->root);
	if (ledger_root_get(&row, r->p->ledger, root_id, e) < 0 || issuer_find(&r->root, r->p, row.name, e) < 0 ||
	    issuer_open(&r->root, r->p, NULL, false, e) < 0)
		return -1;
	return issuer_login(&r->root, "issuer", e);
}

/* Signs the same TBS again and records it: RSA and Ed25519 give the identical certificate. */
static int sign_again(struct recovery *r, const struct cert_row *cert, bool *done, struct err *e)
{
	struct issue_policy policy = { .template = NULL };
	struct issue_item item = { .name = cert->name, .device = cert->device, .ski = "", .row = *cert,
		.is_resumed = true };
	struct issue_signing s = { .policy = &policy };
	int result;

	*done = false;
	if (cert->is_root || cert->root_id == 0)
		return 0; /* root create finishes a root's certificate */
	if (use_root(r, cert->root_id, e) < 0)
		return -1;
	if (!is_deterministic(r->root.info.key_name))
		return 0;
	if (pki_template_find(&policy.template, r->p, cert->template_name, e) < 0)
		return -1;
	s.signer = &r->root.signer;
	s.issuer = buf_bytes(&r->root.der);
	s.issuer_info = &r->root.info;
	result = ledger_cert_take(done, r->p->ledger, cert->id, e);
	if (result == 0 && *done)
		result = ledger_cert_tbs(&item.tbs, r->p->ledger, cert->id, e);
	if (result == 0 && *done)
		result = issue_sign(r->p, &s, &item, e);
	issue_item_clear(&item);
	return result;
}

static int close_cert(struct recovery *r, const struct cert_row *cert, bool *done, struct err *e)
{
	if (ledger_cert_take(done, r->p->ledger, cert->id, e) < 0)
		return -1;
	return *done ? ledger_cert_unknown(r->p->ledger, cert->id, "closed by ledger recover", e) : 0;
}

static int one_cert(struct recovery *r, const struct cert_row *cert, struct err *e)
{
	struct recover_row row = { .what = "certificate", .name = cert->name, .state = cert->state, .id = cert->serial,
		.device = cert->device[0] != '\0' ? cert->device : NULL, .since = cert->created_at, .result = "left",
		.next = cert->is_root ? "run the same root create again" :
					"--finish signs it again, --close lists its serial as revoked" };
	bool done = false;

	if (r->how->finish && !r->dry_run && sign_again(r, cert, &done, e) < 0)
		return err_while(e, "finishing certificate %s of '%s'", cert->serial, cert->name);
	if (done) {
		row.result = "finished";
		row.next = "client export hands it out";
	} else if (r->how->close && !r->dry_run) {
		if (close_cert(r, cert, &done, e) < 0)
			return -1;
		row.result = done ? "closed" : "left";
		row.next = done ? "its serial counts as revoked" : "another process is working on it";
	}
	r->n_left += strcmp(row.result, "left") == 0;
	return out_row(r->o, &row, e);
}

static int ledger_recover_walk(struct recovery *r, const struct list *keys, const struct list *certs, struct err *e)
{
	if (out_list(r->o, "unfinished", recover_fields, e) < 0)
		return -1;
	for (size_t i = 0; i < keys->n; i++)
		if (one_key(r, (const struct key_row *)keys->all + i, e) < 0)
			return -1;
	for (size_t i = 0; i < certs->n; i++)
		if (one_cert(r, (const struct cert_row *)certs->all + i, e) < 0)
			return -1;
	if (out_end(r->o, e) < 0)
		return -1;
	return r->n_left > 0 ? 1 : 0;
}

int ledger_recover(struct pki *p, const struct recover_how *how, const struct run_mode *mode, struct out *o,
    struct err *e)
{
	const struct cert_query signing = { .state = "signing" };
	struct recovery r = { .p = p, .how = how, .dry_run = mode->dry_run, .o = o };
	struct list keys = { .size = sizeof(struct key_row) }, certs = { .size = sizeof(struct cert_row) };
	int result = -1;

	if (ledger_each_key(p->ledger, keep_key, &keys, e) == 0 &&
	    ledger_each_cert(p->ledger, &signing, keep_cert, &certs, e) == 0)
		result = ledger_recover_walk(&r, &keys, &certs, e);
	issuer_clear(&r.root);
	free(keys.all);
	free(certs.all);
	return result;
}
