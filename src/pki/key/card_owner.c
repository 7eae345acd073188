/* SPDX-License-Identifier: MIT */
/* card_owner.c - see card_owner.h. */
#include "pki/key/card_owner.h"

#include <string.h>

#include "model/row_state.h"
#include "util/unicode.h"

#define LEDGER_TEMPLATE "ledger-signer" /* the ledger's own key belongs to no client */

struct search {
	struct key_job *job;
	char other[256];             /* the client found; "" = no client */
	bool has_root;               /* the token also holds the key of a root */
};

static int note_name(struct search *s, const char *name, struct err *e)
{
	bool same;

	if (name_is_same(&same, name, s->job->op.name, e) < 0)
		return -1;
	if (!same || strcmp(s->job->op.purpose, "client") != 0)
		(void)snprintf(s->other, sizeof(s->other), "%s", name);
	return 0;
}

/* An expired or revoked certificate does not make the token its client's. */
static int note_owner(struct search *s, const struct cert_query *q, struct err *e)
{
	struct cert_row cert;
	bool found;

	if (ledger_cert_find(&cert, NULL, &found, s->job->op.pki->ledger, q, e) < 0)
		return -1;
	return found && strcmp(cert.template_name, LEDGER_TEMPLATE) != 0 ? note_name(s, cert.name, e) : 0;
}

static int card_owner_inspect_key(const struct key_row *row, void *arg, struct err *e)
{
	struct search *s = arg;
	const struct token_info *card = &s->job->card_info;
	const struct cert_query live = { .key_sha256 = row->key_sha256, .clients_only = true, .live_only = true };
	const struct cert_query any = { .key_sha256 = row->key_sha256, .clients_only = true };
	struct cert_row cert;
	bool found;

	if (row->key_sha256[0] == '\0' || key_is(row, KEY_ORPHAN) ||
	    strcmp(row->location.token_serial, card->serial) != 0 ||
	    strcmp(row->location.token_manufacturer, card->manufacturer) != 0)
		return 0;
	s->has_root = s->has_root || strcmp(row->purpose, "root") == 0;
	if (s->other[0] != '\0' || strcmp(row->purpose, "client") != 0)
		return 0;
	if (ledger_cert_find(&cert, NULL, &found, s->job->op.pki->ledger, &any, e) < 0)
		return -1;
	if (found)
		return note_owner(s, &live, e);
	return key_is(row, KEY_PROVED) ? note_name(s, row->name, e) : 0; /* requested, but not issued yet */
}

static int card_owner_inspect_cert(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct search *s = arg;
	char fingerprint[SHA256_HEX];
	const struct cert_query q = { .any_id = fingerprint, .clients_only = true, .live_only = true };

	if (s->other[0] != '\0' || o->is_placeholder)
		return 0;
	return hash_sha256_hex(fingerprint, der, e) < 0 ? -1 : note_owner(s, &q, e);
}

/* A client with the token and its PIN could otherwise sign as the root or for the ledger. */
static int card_owner_refuse(const struct key_job *job, const char *owner, struct err *e)
{
	const struct op *op = &job->op;

	if (strcmp(op->purpose, "client") == 0) {
		(void)err_set(e, ERR_POLICY, "token '%s' (serial %s) is the card of '%.120s', not of '%.120s'",
		    job->card_info.label, job->card_info.serial, owner, op->name);
		return err_rule(e, "card-of-other-client", "use this client's card; to keep the keys of several "
		    "clients on one token, use --shared-card");
	}
	(void)err_set(e, ERR_POLICY, "token '%s' (serial %s) is the card of '%.120s', and '%.120s' is a %s",
	    job->card_info.label, job->card_info.serial, owner, op->name,
	    strcmp(op->purpose, "root") == 0 ? "root" : "key of the ledger");
	return err_rule(e, "card-of-other-client", "use a token without keys of clients; to keep the keys of "
	    "clients on this token as well, use --shared-card");
}

/* A dry run of a list records nothing, so that the ledger does not know the cards of the entries before. */
static int card_owner_inspect_planned(struct search *s, struct err *e)
{
	const struct key_job *job = s->job;

	for (size_t i = 0; i < job->n_planned && s->other[0] == '\0'; i++)
		if (job->planned[i].slot == job->card_info.slot &&
		    strcmp(job->planned[i].uri, job->card_info.uri) == 0 && note_name(s, job->planned[i].name, e) < 0)
			return -1;
	return 0;
}

int card_refuse_other(struct key_job *job, struct err *e)
{
	struct op *op = &job->op;
	struct search s = { .job = job };
	const bool has_serial = !job->card_info.shares_identity && job->card_info.serial[0] != '\0';

	if (job->shared_card || op->pki->ledger == NULL)
		return 0;
	if ((has_serial && ledger_each_key(op->pki->ledger, card_owner_inspect_key, &s, e) < 0) ||
	    token_each_cert(job->card, card_owner_inspect_cert, &s, e) < 0 || card_owner_inspect_planned(&s, e) < 0)
		return -1;
	/* a token with a root's key belongs to no client, even if it also holds a client's key */
	if (s.other[0] == '\0' || (s.has_root && strcmp(op->purpose, "client") != 0))
		return 0;
	return card_owner_refuse(job, s.other, e);
}
