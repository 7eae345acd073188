/* SPDX-License-Identifier: MIT */
/* card_wait.c - waits until a person has inserted the right token. */
#include <string.h>
#include <time.h>

#include "pki/client/enroll_list.h"
#include "util/unicode.h"

#define POLL_MS 300

enum seen { SEEN_NOTHING, SEEN_NONE, SEEN_LAST, SEEN_TAKEN, SEEN_FRESH };

struct token_owner {
	const char *name;            /* the client who should get the token */
	bool is_shared;              /* accept also a token of another client */
	char other[256];             /* another client whose token it is; "" = no client */
	char why[256];               /* reader or module failed, or several match; "" = no token */
};

static int compare_owner(const struct cert_row *row, void *arg, struct err *e)
{
	struct token_owner *h = arg;
	bool same;

	if (name_is_same(&same, row->name, h->name, e) < 0)
		return -1;
	if (!h->is_shared && !same)
		(void)snprintf(h->other, sizeof(h->other), "%s", row->name);
	return 0;
}

/* A token that the ledger assigns to a client is not given to another client. */
static int card_wait_find_owner(struct token_owner *h, struct ledger *l, const char *serial, struct err *e)
{
	const struct cert_query q = { .token_serial = serial, .clients_only = true, .live_only = true };

	h->other[0] = '\0';
	return serial[0] == '\0' || l == NULL ? 0 : ledger_each_cert(l, &q, compare_owner, h, e);
}

static void card_wait_report(const struct pki *p, enum seen seen, const char *name, const struct token_owner *h)
{
	char text[700];

	if (seen == SEEN_LAST)
		(void)snprintf(text, sizeof(text), "Remove the card, and insert the card for %.200s.", name);
	else if (seen == SEEN_TAKEN)
		(void)snprintf(text, sizeof(text), "This card belongs to %.200s. Insert the card for %.200s.", h->other,
		    name);
	else
		(void)snprintf(text, sizeof(text), "Insert the card for %.200s.%s%s%s", name,
		    h->why[0] != '\0' ? " (" : "", h->why, h->why[0] != '\0' ? ")" : "");
	p->ui->wait(p->ui->self, text);
}

struct card_search {
	struct token_owner owner;
	struct ledger *ledger;       /* may be NULL */
	struct module *module;
	const struct token_uri *where;
	const char *last;            /* serial of the card of the client before, or "" */
	bool accepts_root;           /* --same-token */
};

struct root_search {
	struct ledger *ledger;
	const char *serial;          /* of the token */
	char name[65];               /* of the root whose key it has; "" = none */
};

static int compare_root(const struct root_row *root, void *arg, struct err *e)
{
	struct root_search *r = arg;
	struct key_row key;

	if (root->key_id == 0 || ledger_key_get(&key, r->ledger, root->key_id, e) < 0)
		return root->key_id == 0 ? 0 : -1;
	if (strcmp(key.location.token_serial, r->serial) == 0)
		(void)snprintf(r->name, sizeof(r->name), "%s", root->name);
	return 0;
}

/* The token of a root often matches the same URI as the cards, but it is nobody's card. */
static int card_wait_find_root(bool *is, struct card_search *s, const struct token_info *token, struct err *e)
{
	struct root_search r = { .ledger = s->ledger, .serial = token->serial };

	*is = false;
	if (s->accepts_root || s->ledger == NULL || token->serial[0] == '\0')
		return 0;
	if (ledger_each_root(s->ledger, compare_root, &r, e) < 0)
		return -1;
	*is = r.name[0] != '\0';
	if (*is)
		(void)snprintf(s->owner.why, sizeof(s->owner.why), "token '%.64s' has the key of root '%.64s'",
		    token->label, r.name);
	return 0;
}

/* *seen: the token in the reader. */
static int card_wait_look(enum seen *seen, struct token_info *out, struct card_search *s, struct err *e)
{
	struct token_owner *h = &s->owner;
	bool is_root;

	*seen = SEEN_NONE;
	h->why[0] = '\0';
	if (token_find(out, s->module, s->where, e) < 0) {
		if (e->status != ERR_NOT_FOUND && e->status != ERR_TOKEN)
			return -1;
		/* a missing token is waited for; the person is told about any other problem */
		if (e->status == ERR_TOKEN || e->cause[0] != '\0')
			(void)snprintf(h->why, sizeof(h->why), "%s", e->what);
		return 0;
	}
	if (!out->is_initialised)
		return 0;
	if (card_wait_find_root(&is_root, s, out, e) < 0 || is_root)
		return is_root ? 0 : -1;
	if (card_wait_find_owner(h, s->ledger, out->serial, e) < 0)
		return -1;
	if (s->last[0] != '\0' && strcmp(out->serial, s->last) == 0)
		*seen = SEEN_LAST;
	else
		*seen = h->other[0] != '\0' ? SEEN_TAKEN : SEEN_FRESH;
	return 0;
}

int card_wait(struct token_info *out, const struct key_job *asked, const struct token_uri *where, const char *name,
    const char *last, struct err *e)
{
	static const struct timespec pause = { .tv_nsec = POLL_MS * 1000000L };
	enum seen seen, told = SEEN_NOTHING;
	char told_why[sizeof(((struct token_owner *)0)->why)] = "";
	struct pki *p = asked->op.pki;
	struct card_search s = { .owner = { .name = name, .is_shared = asked->shared_card }, .ledger = p->ledger,
		.where = where, .last = last, .accepts_root = asked->same_token };

	if (pki_module(&s.module, p, where, e) < 0)
		return -1;
	for (;;) {
		if (p->ui->stop(p->ui->self))
			return err_set(e, ERR_INTERRUPTED, "interrupted while waiting for the card of '%.200s'", name);
		if (card_wait_look(&seen, out, &s, e) < 0)
			return -1;
		if (seen == SEEN_FRESH)
			break;
		if (seen != told || strcmp(told_why, s.owner.why) != 0)
			card_wait_report(p, seen, name, &s.owner);
		told = seen;
		memcpy(told_why, s.owner.why, sizeof(told_why));
		(void)nanosleep(&pause, NULL);
	}
	p->ui->wait(p->ui->self, NULL);
	return 0;
}
