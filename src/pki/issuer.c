/* SPDX-License-Identifier: MIT */
/* issuer.c - see issuer.h. */
#include "pki/issuer.h"

#include <string.h>

#include "pki/key_uri.h"
#include "pki/root_find.h"
#include "pki/token_signer.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/issuers.h"
#include "x509/key/key_value.h"

void issuer_clear(struct issuer *r)
{
	signer_close(&r->signer);
	if (!r->is_shared)
		token_close(r->token);
	uri_free(r->where);
	buf_clear(&r->der);
	buf_clear(&r->issuers);
	memset(r, 0, sizeof(*r));
}

static int issuer_refuse(const char *code, const char *what, const char *name, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' %s", name, what);
	e->code = code;
	e->hint = hint;
	return -1;
}

int issuer_find_any(struct issuer *out, struct pki *p, const char *name, struct err *e)
{
	const struct cert_query q = { .id = 0 };
	struct cert_query by_id = q;
	struct cert_row cert;
	bool found;

	if (ledger_root_find(&out->row, &found, p->ledger, name, e) < 0)
		return -1;
	if (!found)
		return root_not_found(p, name, e);
	if (out->row.cert_id == 0)
		return issuer_refuse("root-not-issued", "has no certificate yet", out->row.name,
		    "run the same `p11ca root create` again, or install the certificate from the issuing CA with "
		    "`p11ca root install`",
		    e);
	by_id.id = out->row.cert_id;
	if (ledger_key_get(&out->key, p->ledger, out->row.key_id, e) < 0 ||
	    ledger_cert_find(&cert, &out->der, &found, p->ledger, &by_id, e) < 0)
		return -1;
	if (!found || out->der.len == 0)
		return err_set(e, ERR_LEDGER, "the certificate of root '%s' is missing from the ledger", out->row.name);
	if (ledger_cert_issuers(&out->issuers, p->ledger, cert.id, e) < 0)
		return -1;
	return cert_read_known(&out->info, buf_bytes(&out->der), e) < 0 ||
			cert_read_known(&out->top, issuers_top(buf_bytes(&out->der), buf_bytes(&out->issuers)), e) < 0 ?
	    -1 :
	    0;
}

int issuer_find(struct issuer *out, struct pki *p, const char *name, struct err *e)
{
	if (issuer_find_any(out, p, name, e) < 0)
		return -1;
	if (out->row.is_retired)
		return issuer_refuse("root-retired", "is retired and no longer issues", out->row.name, NULL, e);
	return 0;
}

struct search {
	const struct issuer *r;
	struct module *m;
	struct token *t;             /* the token being checked */
	bool is_named;               /* recorded or named: its errors count, the root's certificate is a hint */
	char key_id[129];            /* "" = the key is not on this token */
	struct token_info found;
	unsigned n;
	char list[256];              /* "label (serial …), …" */
};

static int compare_public(const struct object_info *o, void *arg, struct err *e)
{
	struct search *s = arg;
	AUTO_VALUE(buf) spki = { 0 };
	char value[SHA256_HEX];

	if (o->class != OBJECT_PUBLIC_KEY)
		return 0;
	if (token_read_known_spki(&spki, s->t, o->id, e) < 0) /* a key of an unsupported type is not the root's */
		return e->has_rv && s->is_named ? -1 : 0;
	if (key_value_sha256(value, buf_bytes(&spki), e) < 0)
		return -1;
	if (strcmp(value, s->r->key.key_sha256) == 0)
		(void)snprintf(s->key_id, sizeof(s->key_id), "%s", o->id);
	return 0;
}

static int compare_cert(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct search *s = arg;
	struct cert_info info;
	struct err unreadable;

	(void)e;
	if (cert_read_known(&info, der, &unreadable) == 0 && strcmp(info.key_sha256, s->r->key.key_sha256) == 0)
		(void)snprintf(s->key_id, sizeof(s->key_id), "%s", o->id);
	return 0;
}

/* Looks under the id that the ledger has: most searches end here. -1: the token failed. */
static int search_recorded_id(struct search *s, struct err *e)
{
	const char *id = s->r->key.location.cka_id;
	AUTO_VALUE(buf) spki = { 0 };
	struct err why = ERR_INIT;
	char value[SHA256_HEX];

	if (id[0] == '\0')
		return 0;
	if (token_read_known_spki(&spki, s->t, id, &why) < 0) {
		if (!why.has_rv)
			return 0; /* no key under this id */
		*e = why;
		return -1;
	}
	if (key_value_sha256(value, buf_bytes(&spki), &why) == 0 && strcmp(value, s->r->key.key_sha256) == 0)
		(void)snprintf(s->key_id, sizeof(s->key_id), "%s", id);
	return 0;
}

/*
 * Whether the token holds the root's key, as far as visible without login. The root's certificate alone is no hint,
 * because every client's token has it, except on the token recorded for the key.
 */
static int search_key(struct search *s, struct err *e)
{
	s->key_id[0] = '\0';
	if (s->is_named && (search_recorded_id(s, e) < 0 || s->key_id[0] != '\0'))
		return s->key_id[0] != '\0' ? 0 : -1;
	if (token_each_object(s->t, compare_public, s, e) < 0)
		return -1;
	return s->key_id[0] != '\0' || !s->is_named ? 0 : token_each_cert(s->t, compare_cert, s, e);
}

/* Adds the slot if nothing else identifies the token. */
static int parse_location(struct token_uri **out, const struct token_info *info, struct err *e)
{
	char text[sizeof(info->uri) + 40];

	if (!info->shares_identity)
		return uri_parse(out, info->uri, e);
	(void)snprintf(text, sizeof(text), "%s;slot-id=%lu", info->uri, info->slot);
	return uri_parse(out, text, e);
}

static int issuer_inspect_token(const struct token_info *info, void *arg, struct err *e)
{
	struct search *s = arg;
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_STRUCT(token) t = NULL;
	struct err ignored;
	size_t used = strlen(s->list);

	if (!info->is_initialised)
		return 0;
	if (parse_location(&uri, info, e) < 0)
		return -1;
	if (token_open(&t, s->m, uri, false, &ignored) < 0)
		return 0; /* errors of other tokens are ignored */
	s->t = t;
	if (search_key(s, e) < 0)
		return -1;
	if (s->key_id[0] == '\0')
		return 0;
	s->n++;
	s->found = *info;
	(void)snprintf(s->list + used, sizeof(s->list) - used, "%s%s (serial %s)", used > 0 ? ", " : "", info->label,
	    info->serial);
	return 0;
}

/* Opens the recorded or named token; waits for logins of other processes. */
static int try_token(bool *found, struct issuer *r, struct search *s, const struct token_uri *uri, struct err *e)
{
	AUTO_STRUCT(token) t = NULL;

	*found = false;
	if (token_open(&t, s->m, uri, false, e) < 0)
		return e->status == ERR_NOT_FOUND ? 0 : -1;
	s->t = t;
	s->is_named = true;
	if (search_key(s, e) < 0)
		return -1;
	*found = s->key_id[0] != '\0';
	if (!*found)
		return 0;
	r->token_info = *token_get_info(t);
	r->token = STEAL(t);
	return 0;
}

static int not_exactly_one_token(const struct issuer *r, const struct search *s, struct err *e)
{
	(void)err_set(e, ERR_NOT_FOUND, "%s on this machine contains the key of root '%s'",
	    s->n == 0 ? "no token" : "more than one token", r->row.name);
	if (s->n == 0)
		(void)err_cause(e, "it was last seen on token '%s', serial %s", r->key.location.token_label,
		    r->key.location.token_serial);
	else
		(void)err_cause(e, "%s", s->list);
	e->hint = s->n == 0 ? "insert that token, or name its module with --root-module; see `p11ca token list`" :
			      "choose one with --root-token";
	return s->n == 0 ? token_hint_reader_busy(s->m, e) : -1;
}

static int search_all(struct issuer *r, struct search *s, struct err *e)
{
	AUTO_STRUCT(token_uri) uri = NULL;
	bool found;

	s->is_named = false;
	if (token_each(s->m, issuer_inspect_token, s, e) < 0)
		return -1;
	if (s->n != 1)
		return not_exactly_one_token(r, s, e);
	if (parse_location(&uri, &s->found, e) < 0 || try_token(&found, r, s, uri, e) < 0)
		return -1;
	return found ? 0 : not_exactly_one_token(r, s, e);
}

static int find_token(struct issuer *r, struct pki *p, struct err *e)
{
	struct search s = { .r = r };
	AUTO_STRUCT(token_uri) uri = NULL;
	bool found;

	if (pki_root_module(&s.m, p, r->key.location.module_path, e) < 0 ||
	    (p->o.root_token != NULL ? uri_parse(&uri, p->o.root_token, e)
				     : key_location_uri(&uri, &r->key.location, e)) < 0 ||
	    try_token(&found, r, &s, uri, e) < 0)
		return -1;
	if (!found && (p->o.root_token != NULL ? not_exactly_one_token(r, &s, e) : search_all(r, &s, e)) < 0)
		return -1;
	(void)snprintf(r->key_id, sizeof(r->key_id), "%s", s.key_id);
	r->module = s.m;
	if (p->o.root_token != NULL)
		r->where = STEAL(uri);
	return 0;
}

static int issuer_share(struct issuer *r, struct token *card, bool same_token, struct err *e)
{
	if (!same_token) {
		(void)err_set(e, ERR_POLICY, "root '%s' and the card are one token, '%s'", r->row.name,
		    r->token_info.label);
		e->code = "same-token";
		e->hint = "use another token for the client's key, or allow it with --same-token";
		return -1;
	}
	r->token = card;
	r->is_shared = true;
	return 0;
}

int issuer_open(struct issuer *r, struct pki *p, struct token *card, bool same_token, struct err *e)
{
	if (r->token != NULL)
		return 0;
	if (find_token(r, p, e) < 0)
		return err_while(e, "finding the token of root '%s'", r->row.name);
	if (card == NULL || !token_is_same(r->token, card))
		return 0;
	token_close(STEAL(r->token));
	return issuer_share(r, card, same_token, e);
}

static int compare_key(struct issuer *r, struct err *e)
{
	AUTO_VALUE(buf) spki = { 0 };
	char value[SHA256_HEX];

	if (token_read_known_spki(&spki, r->token, r->key_id, e) < 0 ||
	    key_value_sha256(value, buf_bytes(&spki), e) < 0)
		return -1;
	if (strcmp(value, r->info.key_sha256) != 0) {
		(void)err_set(e, ERR_POLICY, "the key %s on token '%s' is not the key of root '%s'", r->key_id,
		    r->token_info.label, r->row.name);
		e->code = "root-key-differs";
		return -1;
	}
	return 0;
}

int issuer_login(struct issuer *r, const char *purpose, struct err *e)
{
	AUTO_VALUE(buf) spki = { 0 };
	struct key_ref key;

	if (r->signer.self != NULL)
		return 0;
	if (token_login(r->token, PIN_USER, purpose, r->where != NULL ? uri_pin_source(r->where) : NULL, e) < 0)
		return err_while(e, "logging in for root '%s'", r->row.name);
	if (token_find_key(&key, r->token, r->key_id, e) < 0 || compare_key(r, e) < 0 ||
	    cert_spki(&spki, buf_bytes(&r->der), e) < 0 ||
	    token_signer_open_known(&r->signer, r->token, &key, buf_bytes(&spki), e) < 0)
		return err_while(e, "finding the key of root '%s'", r->row.name);
	r->asks_each_time = key.is_always_authenticate;
	return 0;
}
