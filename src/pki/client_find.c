/* SPDX-License-Identifier: MIT */
/* client_find.c - see client_find.h. */
#include "pki/client_find.h"

#include <stdlib.h>
#include <string.h>

#include "model/row_state.h"
#include "util/text.h"
#include "util/unicode.h"

#define SHOWN_MAX 20 /* matches listed individually */

struct matches {
	struct cert_row *all;        /* owned */
	size_t n, cap;
	unsigned n_by_name;
	char id_key[NAME_KEY_MAX];
};

static void matches_clear(struct matches *m)
{
	free(m->all);
	*m = (struct matches){ .n = 0 };
}
AUTO_VALUE_DEFINE(matches, matches_clear);

static int client_find_keep(const struct cert_row *row, void *arg, struct err *e)
{
	struct matches *m = arg;
	char key[NAME_KEY_MAX];

	if (m->n == m->cap) {
		const size_t cap = m->cap > 0 ? 2 * m->cap : 4;
		struct cert_row *more = reallocarray(m->all, cap, sizeof(*more));

		if (more == NULL)
			return err_set(e, ERR_INTERNAL, "out of memory");
		m->all = more;
		m->cap = cap;
	}
	if (name_key(key, row->name, e) < 0)
		return -1;
	m->n_by_name += strcmp(key, m->id_key) == 0;
	m->all[m->n] = *row;
	m->all[m->n].tbs = m->all[m->n].der = m->all[m->n].issuers = (struct bytes){ 0 }; /* borrowed for the call */
	m->all[m->n++].request_name = NULL;
	return 0;
}

static bool client_find_is_live(const struct cert_row *row, int64_t now)
{
	return (cert_is(row, CERT_ISSUED) || cert_is(row, CERT_SIGNING)) && row->not_after >= now;
}

static bool is_candidate(const struct cert_row *row, enum client_use use, int64_t now)
{
	return use == CLIENT_USE_REVOKED ? cert_is(row, CERT_REVOKED) : client_find_is_live(row, now);
}

/* If some matches are possible for this use, only these are kept. */
static void keep_candidates(struct matches *m, enum client_use use, int64_t now)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += is_candidate(&m->all[i], use, now);
	if (n == 0)
		return;
	n = 0;
	for (size_t i = 0; i < m->n; i++)
		if (is_candidate(&m->all[i], use, now))
			m->all[n++] = m->all[i];
	m->n = n;
}

static void client_find_describe(struct pki *p, const char *code, const char *text)
{
	p->ui->warn(p->ui->self, code, text);
}

/*
 * Revoking the older certificate as superseded follows a renewal. The same command, run again, finds it revoked and
 * must not revoke its successor.
 */
static const struct cert_row *superseded_of(const struct matches *m, int64_t now)
{
	const struct cert_row *newest = NULL, *older = NULL;
	size_t n_live = 0;

	for (size_t i = 0; i < m->n; i++) {
		n_live += client_find_is_live(&m->all[i], now);
		newest = client_find_is_live(&m->all[i], now) && m->all[i].renews != 0 ? &m->all[i] : newest;
	}
	for (size_t i = 0; newest != NULL && i < m->n; i++)
		older = m->all[i].id == newest->renews ? &m->all[i] : older;
	if (older == NULL)
		return NULL;
	if (client_find_is_live(older, now))
		return n_live == 2 ? older : NULL;
	if (n_live != 1 || !cert_is(older, CERT_REVOKED) || strcmp(older->revoke_reason, "superseded") != 0)
		return NULL;
	return older;
}

/*
 * The same command continues a renewal that was interrupted, also after the certificate was installed: its files may be
 * missing.
 */
static const struct cert_row *renewed_of(const struct matches *m, const struct client_question *q)
{
	const struct cert_row *a = &m->all[0], *b = &m->all[m->n - 1];
	bool has_key;

	if (m->n != 2 || b->renews != a->id)
		return NULL;
	has_key = q->key_sha256 != NULL && q->key_sha256[0] != '\0' && strcmp(b->key_sha256, q->key_sha256) == 0;
	return q->continues || has_key || cert_is(b, CERT_SIGNING) || (b->key_id != 0 && b->installed_at == 0)
		   ? a
		   : NULL;
}

static const struct cert_row *newest_of(const struct matches *m)
{
	const struct cert_row *a = &m->all[0], *b = &m->all[m->n - 1];

	return m->n == 2 && b->renews == a->id && cert_is(b, CERT_ISSUED) ? b : NULL;
}

static void describe_newest(struct pki *p, const struct cert_row *newest, const struct matches *m)
{
	char text[300];

	(void)snprintf(text, sizeof(text), "the certificate of '%.100s' was renewed: this is the newer one, serial %s; "
	    "the older one, serial %s, is still valid", newest->name, newest->serial, m->all[0].serial);
	client_find_describe(p, "client-renewed", text);
}

static void describe_superseded(struct pki *p, const struct cert_row *older)
{
	char text[300];

	(void)snprintf(text, sizeof(text), "the certificate of '%.100s' was renewed: the older certificate, serial "
	    "%s, is revoked; its successor stays valid", older->name, older->serial);
	client_find_describe(p, "superseded-older", text);
}

static const struct cert_row *find_id(const struct matches *m, int64_t id)
{
	for (size_t i = 0; id != 0 && i < m->n; i++)
		if (m->all[i].id == id)
			return &m->all[i];
	return NULL;
}

static const struct cert_row *client_find_successor(const struct matches *m, const struct cert_row *row)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->all[i].renews == row->id)
			return &m->all[i];
	return NULL;
}

/* Serial numbers are unique per root only. */
static const char *id_of(const struct matches *m, const struct cert_row *row)
{
	for (size_t i = 0; i < m->n; i++)
		if (&m->all[i] != row && strcmp(m->all[i].serial, row->serial) == 0 && row->fingerprint[0] != '\0')
			return row->fingerprint;
	return row->serial;
}

static void describe_match(struct pki *p, const struct matches *m, const struct cert_row *row,
    const struct client_question *q)
{
	const struct cert_row *older = find_id(m, row->renews), *newer = client_find_successor(m, row);
	char text[700], from[TEXT_TIME], to[TEXT_TIME];

	text_time(from, row->not_before);
	text_time(to, row->not_after);
	(void)snprintf(text, sizeof(text), "%s: '%.100s'%s%.64s%s, %s, valid %.10s to %.10s%s%s%s%s: p11ca %s %s%s",
	    row->serial, row->name, row->device[0] != '\0' ? " on device '" : "", row->device,
	    row->device[0] != '\0' ? "'" : "", row->state, from, to, older != NULL ? ", renews " : "",
	    older != NULL ? older->serial : "", newer != NULL ? ", renewed by " : "",
	    newer != NULL ? newer->serial : "", q->command, id_of(m, row), q->options);
	client_find_describe(p, "client-match", text);
}

static int client_find_refuse(struct pki *p, const struct matches *m, const struct client_question *q, struct err *e)
{
	char serials[240] = "";

	for (size_t i = 0; i < m->n && i < SHOWN_MAX; i++) {
		const size_t used = strlen(serials);

		describe_match(p, m, &m->all[i], q);
		(void)snprintf(serials + used, sizeof(serials) - used, "%s%s", used > 0 ? ", " : "", m->all[i].serial);
	}
	(void)err_set(e, ERR_NOT_FOUND, "%zu certificates match '%.120s', and none was chosen", m->n, q->id);
	(void)err_cause(e, "%s", serials);
	return err_rule(e, "client-ambiguous", "give the serial number of one certificate, with one of the commands "
	    "shown");
}

static int refuse_none(const char *id, struct err *e)
{
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no client certificate '%.160s'", id);
	return err_rule(e, "client-not-found",
	    "list them with `p11ca client list --all`; an ID is a serial number, thumbprint, fingerprint or name");
}

static int client_find_choose(
    const struct cert_row **out, struct matches *m, struct pki *p, const struct client_question *q, struct err *e)
{
	const int64_t now = clock_now(&p->clock);
	const bool is_name = m->n_by_name == m->n;
	const struct cert_row *row = NULL;

	if (m->n == 0 || m->all == NULL)
		return refuse_none(q->id, e);
	if (is_name && q->use == CLIENT_USE_SUPERSEDED && (row = superseded_of(m, now)) != NULL)
		describe_superseded(p, row);
	if (is_name && row == NULL)
		keep_candidates(m, q->use, now);
	if (is_name && row == NULL && q->use == CLIENT_USE_RENEWED)
		row = renewed_of(m, q);
	if (is_name && row == NULL && q->use == CLIENT_USE_NEWEST && (row = newest_of(m)) != NULL)
		describe_newest(p, row, m);
	if (row == NULL && m->n > 1)
		return client_find_refuse(p, m, q, e);
	*out = row != NULL ? row : &m->all[0];
	return 0;
}

int client_find(struct cert_row *out, struct buf *der, struct pki *p, const struct client_question *q, struct err *e)
{
	const struct cert_query all = { .any_id = q->id, .clients_only = true };
	struct cert_query one = { .id = 0 };
	AUTO_VALUE(matches) m = { .n = 0 };
	const struct cert_row *row = NULL;
	bool found;

	if (name_key(m.id_key, q->id, e) < 0 || ledger_each_cert(p->ledger, &all, client_find_keep, &m, e) < 0 ||
	    client_find_choose(&row, &m, p, q, e) < 0 || row == NULL)
		return -1;
	one.id = row->id;
	if (ledger_cert_find(out, der, &found, p->ledger, &one, e) < 0)
		return -1;
	return found ? 0 : refuse_none(q->id, e);
}
