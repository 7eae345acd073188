/* SPDX-License-Identifier: MIT */
/* issue_sign.c - second half of issuing: record the intent, sign, verify, record the certificate. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "model/row_state.h"
#include "pki/issue/issue.h"
#include "pki/request_check.h"
#include "x509/cert.h"

struct signing {
	const struct issue_signing *s;
	const struct cert_issuer *issuer; /* NULL: self-signed */
	const struct ui *ui;
	int64_t now;
	struct issue_item *items;
	size_t n;
	atomic_size_t next;
	atomic_bool is_over;         /* an item failed, or SIGINT */
};

static bool is_wanted(const struct issue_item *item)
{
	return item->result == ISSUE_PENDING && item->tbs.len > 0;
}

/* Parses and lints the certificate again, and verifies it with the issuer as a client does. */
static int issue_sign_check(const struct signing *w, struct issue_item *item, struct err *e)
{
	struct bytes der = buf_bytes(&item->der);

	if (cert_read(&item->info, der, e) < 0 || strcmp(item->info.serial, item->row.serial) != 0)
		return err_set(e, ERR_INTERNAL, "the signed certificate differs from the request when it is read back");
	if (request_check_certificate(&item->info, w->s->issuer_info, w->s->policy->template, w->now, e) < 0)
		return -1;
	return w->issuer != NULL ? cert_verify_by(&item->info, w->issuer, w->now, e) :
				   cert_verify(der, der, w->now, e);
}

static int sign_one(const struct signing *w, const struct signer *signer, struct issue_item *item)
{
	item->was_attempted = true;
	if (x509_sign_cert(buf_bytes(&item->tbs), signer, &item->der, &item->err) < 0)
		return -1;
	if (issue_sign_check(w, item, &item->err) == 0)
		return 0;
	buf_clear(&item->der); /* not handed out; the row stays `signing`, and `ledger recover` lists it */
	return -1;
}

/* Signs and checks items until none is left. Uses no ledger, which belongs to one thread. */
static void sign_all(struct signing *w, const struct signer *signer)
{
	size_t i;

	while (!atomic_load(&w->is_over) && (i = atomic_fetch_add(&w->next, 1)) < w->n) {
		struct issue_item *item = &w->items[i];

		if (!is_wanted(item))
			continue;
		if (w->ui->stop(w->ui->self)) {
			atomic_store(&w->is_over, true);
			return;
		}
		if (sign_one(w, signer, item) < 0)
			atomic_store(&w->is_over, true);
	}
}

struct worker {
	struct signing *w;
	pthread_t thread;
	struct signer signer;        /* its own session */
	bool is_started;
};

static void *issue_sign_work(void *arg)
{
	struct worker *me = arg;

	sign_all(me->w, &me->signer);
	return NULL;
}

#define WORKERS_MAX 64

/* The caller's thread is the first worker; if a worker cannot be created, fewer workers sign. */
static void sign_with(struct signing *w, unsigned jobs)
{
	struct worker others[WORKERS_MAX];
	unsigned n = 0;
	struct err ignored;

	for (; n + 1 < jobs && n < WORKERS_MAX && n + 1 < w->n; n++) {
		others[n] = (struct worker){ .w = w };
		if (w->s->signer->clone(w->s->signer->self, &others[n].signer, &ignored) < 0)
			break;
		others[n].is_started = pthread_create(&others[n].thread, NULL, issue_sign_work, &others[n]) == 0;
		if (!others[n].is_started) {
			signer_close(&others[n].signer);
			break;
		}
	}
	sign_all(w, w->s->signer);
	while (n-- > 0) {
		(void)pthread_join(others[n].thread, NULL);
		signer_close(&others[n].signer);
	}
}

/* One transaction for all; if a rule of the ledger refuses it, one per item, to find the refused item. */
static int issue_sign_begin(
    struct pki *p, const struct issue_signing *s, struct issue_item items[], size_t n, struct err *e)
{
	struct cert_row *rows[ISSUE_CHUNK];
	size_t n_rows = 0;

	for (size_t i = 0; i < n; i++) {
		items[i].row.tbs = buf_bytes(&items[i].tbs);
		if (is_wanted(&items[i]) && items[i].row.id == 0)
			rows[n_rows++] = &items[i].row;
	}
	if (n_rows == 0 || ledger_certs_begin(p->ledger, rows, n_rows, s->policy->max_live, e) == 0)
		return 0;
	if (e->status != ERR_POLICY)
		return -1;
	for (size_t i = 0; i < n_rows; i++)
		rows[i]->id = 0;
	for (size_t i = 0; i < n; i++) {
		struct cert_row *row = &items[i].row;

		if (!is_wanted(&items[i]) || items[i].is_resumed ||
		    ledger_certs_begin(p->ledger, &row, 1, s->policy->max_live, &items[i].err) == 0)
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
	struct cert_done done[ISSUE_CHUNK];
	struct issue_item *issued[ISSUE_CHUNK];
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
static int close_rest(struct pki *p, struct signing *w, struct err *e)
{
	int result = 0;

	for (size_t i = 0; i < w->n; i++) {
		struct issue_item *item = &w->items[i];
		struct err inner = ERR_INIT;

		if (!is_wanted(item))
			continue;
		if (item->was_attempted && result == 0) {
			*e = item->err;
			result = err_while(e, "issuing the certificate of '%s'", item->row.name);
		}
		/* An earlier run's intent must not become void: its token may have signed. */
		if (!item->was_attempted && !item->is_resumed &&
		    ledger_cert_void(p->ledger, item->row.id, "the token was not asked to sign", &inner) < 0)
			(void)err_also(e, &inner);
	}
	if (result == 0 && atomic_load(&w->is_over))
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

int issue_sign(struct pki *p, const struct issue_signing *s, struct issue_item items[], size_t n, struct err *e)
{
	AUTO_STRUCT(cert_issuer) issuer = NULL;
	struct signing w = { .s = s, .ui = p->ui, .now = clock_now(&p->clock), .items = items, .n = n };

	if (n > ISSUE_CHUNK)
		return err_set(e, ERR_INTERNAL, "more than %d certificates in one chunk", ISSUE_CHUNK);
	if (s->issuer.len > 0 && cert_issuer_open(&issuer, s->issuer, e) < 0)
		return -1;
	w.issuer = issuer;
	if (issue_sign_begin(p, s, items, n, e) < 0) {
		void_begun(p, items, n, e);
		return -1;
	}
	sign_with(&w, s->policy->jobs);
	if (issue_sign_record(p, items, n, e) < 0)
		return -1;
	return close_rest(p, &w, e);
}
