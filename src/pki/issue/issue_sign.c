/* SPDX-License-Identifier: MIT */
/* issue_sign.c - second half of issuing: record the intent, sign, verify, record the certificate. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/issue.h"
#include "pki/request_check.h"
#include "x509/cert.h"

struct issue_run {
	struct pki *p;               /* signing threads use its clock and its ui->stop() only */
	struct issue_signing how;
	struct cert_issuer *issuer;  /* NULL: self-signed */
	atomic_bool is_over;         /* an item failed, SIGINT, or issue_run_stop() */
	atomic_bool is_interrupted;
};

static bool is_wanted(const struct issue_item *item)
{
	return item->result == ISSUE_PENDING && item->tbs.len > 0;
}

/* Parses and lints the certificate again, and compares it with the issuer as a client does. */
static int issue_sign_check(const struct issue_run *r, struct issue_item *item, struct err *e)
{
	const int64_t now = clock_now(&r->p->clock);
	struct bytes der = buf_bytes(&item->der);

	if (cert_read(&item->info, der, e) < 0 || strcmp(item->info.serial, item->row.serial) != 0)
		return err_set(e, ERR_INTERNAL, "the signed certificate differs from the request when it is read back");
	if (request_check_certificate(&item->info, r->how.issuer_info, r->how.policy->template, now, e) < 0)
		return -1;
	return r->issuer != NULL ? cert_check_issuer(&item->info, r->issuer, now, e) : cert_verify(der, der, now, e);
}

/* The signature is verified once, in the bytes that are linted, with the key in the issuer's certificate. */
static int issue_sign_one(const struct issue_run *r, const struct signer *signer, struct issue_item *item)
{
	struct signer verified = *signer;

	if (r->issuer != NULL)
		verified.public_key = cert_issuer_key(r->issuer);
	item->was_attempted = true;
	if (x509_sign_cert(buf_bytes(&item->tbs), &verified, &item->der, &item->err) < 0)
		return -1;
	if (issue_sign_check(r, item, &item->err) == 0)
		return 0;
	buf_clear(&item->der); /* not handed out; the row stays `signing`, and `ledger recover` lists it */
	return -1;
}

void issue_run_sign(struct issue_run *r, const struct signer *signer, struct issue_item *item)
{
	if (!is_wanted(item) || atomic_load(&r->is_over))
		return;
	if (r->p->ui->stop(r->p->ui->self)) {
		atomic_store(&r->is_interrupted, true);
		atomic_store(&r->is_over, true);
		return;
	}
	if (issue_sign_one(r, signer, item) < 0)
		atomic_store(&r->is_over, true);
}

void issue_run_stop(struct issue_run *r)
{
	atomic_store(&r->is_over, true);
}

/* One transaction for all; if a rule of the ledger refuses it, one per item, to find the refused item. */
static int issue_sign_begin(const struct issue_run *r, struct issue_item items[], size_t n, struct err *e)
{
	const unsigned max_live = r->how.policy->max_live;
	struct cert_row *rows[ISSUE_GROUP];
	size_t n_rows = 0;

	for (size_t i = 0; i < n; i++) {
		items[i].row.tbs = buf_bytes(&items[i].tbs);
		if (is_wanted(&items[i]) && items[i].row.id == 0)
			rows[n_rows++] = &items[i].row;
	}
	if (n_rows == 0 || ledger_certs_begin(r->p->ledger, rows, n_rows, max_live, e) == 0)
		return 0;
	if (e->status != ERR_POLICY)
		return -1;
	for (size_t i = 0; i < n_rows; i++)
		rows[i]->id = 0;
	for (size_t i = 0; i < n; i++) {
		struct cert_row *row = &items[i].row;

		if (!is_wanted(&items[i]) || items[i].is_resumed ||
		    ledger_certs_begin(r->p->ledger, &row, 1, max_live, &items[i].err) == 0)
			continue;
		if (items[i].err.status != ERR_POLICY) {
			*e = items[i].err;
			return -1;
		}
		items[i].result = ISSUE_REFUSED;
	}
	return 0;
}

/* Signed certificates are recorded even if another item failed: every existing signature must be known. */
static int issue_sign_record(struct pki *p, struct issue_item items[], size_t n, struct err *e)
{
	struct cert_done done[ISSUE_GROUP];
	struct issue_item *issued[ISSUE_GROUP];
	size_t n_done = 0;

	for (size_t i = 0; i < n; i++) {
		if (!is_wanted(&items[i]) || items[i].der.len == 0)
			continue;
		done[n_done] = (struct cert_done){ items[i].row.id, &items[i].info };
		issued[n_done++] = &items[i];
	}
	if (n_done > 0 && ledger_certs_issued(p->ledger, done, n_done, e) < 0) {
		for (size_t i = 0; i < n_done; i++)
			buf_clear(&issued[i]->der); /* an unrecorded certificate is not handed out */
		return -1;
	}
	for (size_t i = 0; i < n_done; i++) {
		issued[i]->result = issued[i]->is_resumed ? ISSUE_FINISHED : ISSUE_NEW;
		(void)snprintf(issued[i]->row.state, sizeof(issued[i]->row.state), "%s", cert_state_word(CERT_ISSUED));
		(void)snprintf(
		    issued[i]->row.thumbprint, sizeof(issued[i]->row.thumbprint), "%s", issued[i]->info.thumbprint);
		(void)snprintf(issued[i]->row.fingerprint, sizeof(issued[i]->row.fingerprint), "%s",
		    issued[i]->info.fingerprint);
	}
	return 0;
}

/* Items that no token was asked to sign become void; the first failure is the run's. */
static int close_rest(struct issue_run *r, const struct issue_item items[], size_t n, struct err *e)
{
	int result = 0;

	for (size_t i = 0; i < n; i++) {
		const struct issue_item *item = &items[i];
		struct err inner = ERR_INIT;

		if (!is_wanted(item))
			continue;
		if (item->was_attempted && result == 0) {
			*e = item->err;
			result = err_while(e, "issuing the certificate of '%s'", item->row.name);
		}
		/* An earlier run's intent must not become void: its token may have signed. */
		if (!item->was_attempted && !item->is_resumed &&
		    ledger_cert_void(r->p->ledger, item->row.id, "the token was not asked to sign", &inner) < 0)
			(void)err_also(e, &inner);
	}
	if (result == 0 && atomic_exchange(&r->is_interrupted, false))
		return err_set(e, ERR_INTERRUPTED, "interrupted");
	return result;
}

/* Intents of this run that were not reached, because a later one could not be recorded. */
static void void_begun(struct pki *p, const struct issue_item items[], size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct err inner = ERR_INIT;

		if (is_wanted(&items[i]) && items[i].row.id != 0 && !items[i].is_resumed &&
		    ledger_cert_void(p->ledger, items[i].row.id, "the token was not asked to sign", &inner) < 0)
			(void)err_also(e, &inner);
	}
}

int issue_run_begin(struct issue_run *r, struct issue_item items[], size_t n, struct err *e)
{
	if (n > ISSUE_GROUP)
		return err_set(e, ERR_INTERNAL, "more than %d certificates in one group", ISSUE_GROUP);
	if (issue_sign_begin(r, items, n, e) == 0)
		return 0;
	void_begun(r->p, items, n, e);
	return -1;
}

int issue_run_record(struct issue_run *r, struct issue_item items[], size_t n, struct err *e)
{
	return issue_sign_record(r->p, items, n, e) < 0 ? -1 : close_rest(r, items, n, e);
}

int issue_run_open(struct issue_run **out, struct pki *p, const struct issue_signing *s, struct err *e)
{
	AUTO_STRUCT(issue_run) r = calloc(1, sizeof(*r));

	if (r == NULL)
		return err_oom(e);
	r->p = p;
	r->how = *s;
	if (s->issuer.len > 0 && cert_issuer_open(&r->issuer, s->issuer, e) < 0)
		return -1;
	if (r->issuer != NULL && cert_issuer_key(r->issuer) == NULL)
		return err_set(e, ERR_INTERNAL, "the issuer's key cannot verify signatures");
	*out = STEAL(r);
	return 0;
}

void issue_run_close(struct issue_run *r)
{
	if (r != NULL)
		cert_issuer_close(r->issuer);
	free(r);
}

int issue_sign(struct pki *p, const struct issue_signing *s, struct issue_item *item, struct err *e)
{
	AUTO_STRUCT(issue_run) r = NULL;

	if (issue_run_open(&r, p, s, e) < 0 || issue_run_begin(r, item, 1, e) < 0)
		return -1;
	issue_run_sign(r, s->signer, item);
	return issue_run_record(r, item, 1, e);
}
