/* SPDX-License-Identifier: MIT */
/* card_owner.c - see card_owner.h. */
#include "pki/card_owner.h"

#include <string.h>

#include "util/unicode.h"

#define LEDGER_TEMPLATE "ledger-signer" /* the ledger's own key is no client's */

struct search {
	struct op *op;
	char other[256];             /* the client that was found; "" = none */
};

/* A certificate that is valid no longer does not make the card its client's. */
static int note_owner(struct search *s, const struct cert_query *q, struct err *e)
{
	struct cert_row cert;
	bool found, same = true;

	if (ledger_cert_find(&cert, NULL, &found, s->op->pki->ledger, q, e) < 0 ||
	    (found && name_is_same(&same, cert.name, s->op->name, e) < 0))
		return -1;
	if (!same && strcmp(cert.template_name, LEDGER_TEMPLATE) != 0)
		(void)snprintf(s->other, sizeof(s->other), "%s", cert.name);
	return 0;
}

static int look_at_key(const struct key_row *row, void *arg, struct err *e)
{
	struct search *s = arg;
	const struct token_info *card = &s->op->card_info;
	const struct cert_query q = { .key_sha256 = row->key_sha256, .clients_only = true, .live_only = true };

	if (s->other[0] != '\0' || row->key_sha256[0] == '\0' || strcmp(row->purpose, "client") != 0 ||
	    strcmp(row->state, "orphan") == 0 || strcmp(row->place.token_serial, card->serial) != 0 ||
	    strcmp(row->place.token_manufacturer, card->manufacturer) != 0)
		return 0;
	return note_owner(s, &q, e);
}

static int look_at_cert(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct search *s = arg;
	char fingerprint[SHA256_HEX];
	const struct cert_query q = { .any_id = fingerprint, .clients_only = true, .live_only = true };

	if (s->other[0] != '\0' || o->is_stand_in)
		return 0;
	return hash_sha256_hex(fingerprint, der, e) < 0 ? -1 : note_owner(s, &q, e);
}

int card_refuse_other(struct op *op, struct err *e)
{
	struct search s = { .op = op };
	const bool has_serial = !op->card_info.is_lookalike && op->card_info.serial[0] != '\0';

	if (op->shared_card || op->pki->ledger == NULL)
		return 0;
	if ((has_serial && ledger_each_key(op->pki->ledger, look_at_key, &s, e) < 0) ||
	    token_each_cert(op->card, look_at_cert, &s, e) < 0)
		return -1;
	if (s.other[0] == '\0')
		return 0;
	(void)err_set(e, ERR_POLICY, "token '%s' (serial %s) is the card of '%.120s', not of '%.120s'",
	    op->card_info.label, op->card_info.serial, s.other, op->name);
	return err_rule(e, "card-of-other-client",
	    "use this client's own card; a token that is to hold the keys of several clients needs --shared-card");
}
