/* SPDX-License-Identifier: MIT */
/* issuer.c - the root that issues: from its name to a signer on whatever token holds its key. */
#include <stdlib.h>
#include <string.h>

#include "pki/op.h"
#include "pki/token_signer.h"
#include "util/text.h"
#include "x509/cert.h"

AUTO_DEFINE(char, free);

void issuer_clear(struct issuer *r)
{
	signer_close(&r->signer);
	if (!r->is_shared)
		token_close(r->token);
	buf_clear(&r->der);
	memset(r, 0, sizeof(*r));
}

static int no_such_root(const char *name, struct err *e)
{
	if (name == NULL)
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root");
	else
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root '%s'", name);
	e->hint = "see `p11ca root list`; make one with `p11ca root create`";
	return -1;
}

static int refuse(const char *code, const char *what, const char *name, const char *hint, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "root '%s' %s", name, what);
	e->code = code;
	e->hint = hint;
	return -1;
}

int issuer_find(struct issuer *out, struct pki *p, const char *name, struct err *e)
{
	const struct cert_query q = { .id = 0 };
	struct cert_query by_id = q;
	struct cert_row cert;
	bool found;

	if (ledger_root_find(&out->row, &found, p->ledger, name, e) < 0)
		return -1;
	if (!found)
		return no_such_root(name, e);
	if (out->row.is_retired)
		return refuse("root-retired", "is retired and issues no more", out->row.name, NULL, e);
	if (out->row.cert_id == 0)
		return refuse("root-not-issued", "has no certificate yet", out->row.name,
		    "run the same `p11ca root create` again: it finishes what is left", e);
	by_id.id = out->row.cert_id;
	if (ledger_key_get(&out->key, p->ledger, out->row.key_id, e) < 0 ||
	    ledger_cert_find(&cert, &out->der, &found, p->ledger, &by_id, e) < 0)
		return -1;
	if (!found || out->der.len == 0)
		return err_set(e, ERR_LEDGER, "the certificate of root '%s' is missing from the ledger", out->row.name);
	return cert_read(&out->info, buf_bytes(&out->der), e);
}

struct search {
	const char *spki_sha256;
	struct module *m;
	bool hints_only;
	const struct key_place *hints;
	struct token_info found;
	char key_id[129];
	bool is_found;
};

static int has_key(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct search *s = arg;
	struct cert_info info;
	struct err ignored;

	(void)e;
	if (cert_read(&info, der, &ignored) == 0 && strcmp(info.spki_sha256, s->spki_sha256) == 0) {
		s->is_found = true;
		(void)snprintf(s->key_id, sizeof(s->key_id), "%s", o->id);
	}
	return 0;
}

static int is_public_half(const struct object_info *o, void *arg, struct err *e)
{
	struct search *s = arg;

	(void)e;
	/* The remembered id makes a candidate; issuer_login() compares the key itself. */
	if (o->class == OBJECT_PUBLIC_KEY && strcmp(o->id, s->hints->cka_id) == 0) {
		s->is_found = true;
		(void)snprintf(s->key_id, sizeof(s->key_id), "%s", o->id);
	}
	return 0;
}

static bool fits_hints(const struct token_info *info, const struct key_place *hints)
{
	return strcmp(info->serial, hints->token_serial) == 0 &&
	    strcmp(info->manufacturer, hints->token_manufacturer) == 0 && strcmp(info->label, hints->token_label) == 0;
}

/* Looks at one token without login: its certificates, then its public keys. */
static int look(const struct token_info *info, void *arg, struct err *e)
{
	struct search *s = arg;
	AUTO_STRUCT(token_uri) uri = NULL;
	AUTO_STRUCT(token) t = NULL;

	if (s->is_found || !info->is_initialised || (s->hints_only && !fits_hints(info, s->hints)))
		return 0;
	if (uri_parse(&uri, info->uri, e) < 0)
		return -1;
	if (token_open(&t, s->m, uri, false, e) < 0)
		return s->hints_only ? -1 : 0; /* another's token that does not open is not our affair */
	if (token_each_cert(t, has_key, s, e) < 0)
		return -1;
	if (!s->is_found && token_each_object(t, is_public_half, s, e) < 0)
		return -1;
	if (s->is_found)
		s->found = *info;
	return 0;
}

static int not_on_any_token(const struct issuer *r, struct err *e)
{
	(void)err_set(e, ERR_NOT_FOUND, "no token here holds the key of root '%s'", r->row.name);
	(void)err_cause(e, "it was last seen on token '%s', serial %s", r->key.place.token_label,
	    r->key.place.token_serial);
	e->hint = "insert that token, or name its module with --root-module; see `p11ca token list`";
	return -1;
}

static int share(struct issuer *r, struct token *card, bool same_token, struct err *e)
{
	if (!same_token) {
		(void)err_set(
		    e, ERR_POLICY, "root '%s' and the card are one token, '%s'", r->row.name, r->token_info.label);
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
	struct search s = { .spki_sha256 = r->key.spki_sha256, .hints_only = true, .hints = &r->key.place };
	AUTO_STRUCT(token_uri) uri = NULL;

	if (r->token != NULL)
		return 0;
	if (pki_root_module(&s.m, p, r->key.place.module_path, e) < 0 || token_each(s.m, look, &s, e) < 0)
		return err_while(e, "looking for the token of root '%s'", r->row.name);
	s.hints_only = false;
	if (!s.is_found && token_each(s.m, look, &s, e) < 0)
		return err_while(e, "looking for the token of root '%s'", r->row.name);
	if (!s.is_found)
		return not_on_any_token(r, e);
	r->token_info = s.found;
	(void)snprintf(r->key_id, sizeof(r->key_id), "%s", s.key_id);
	if (uri_parse(&uri, s.found.uri, e) < 0 || token_open(&r->token, s.m, uri, false, e) < 0)
		return err_while(e, "opening the token of root '%s'", r->row.name);
	if (card != NULL && token_is_same(r->token, card)) {
		token_close(STEAL(r->token));
		return share(r, card, same_token, e);
	}
	return 0;
}

static int compare_key(struct issuer *r, struct err *e)
{
	AUTO_VALUE(buf) spki = { 0 };
	char hash[SHA256_HEX];

	if (token_read_spki(&spki, r->token, r->key_id, e) < 0 || hash_sha256_hex(hash, buf_bytes(&spki), e) < 0)
		return -1;
	if (strcmp(hash, r->info.spki_sha256) != 0) {
		(void)err_set(e, ERR_POLICY, "the key %s on token '%s' is not the key of root '%s'", r->key_id,
		    r->token_info.label, r->row.name);
		e->code = "root-key-differs";
		return -1;
	}
	return 0;
}

int issuer_login(struct issuer *r, const char *purpose, struct err *e)
{
	struct key_ref key;

	if (r->signer.self != NULL)
		return 0;
	if (token_login(r->token, PIN_USER, purpose, NULL, e) < 0)
		return err_while(e, "logging in for root '%s'", r->row.name);
	if (token_find_key(&key, r->token, r->key_id, e) < 0 || compare_key(r, e) < 0 ||
	    token_signer_open(&r->signer, r->token, &key, e) < 0)
		return err_while(e, "finding the key of root '%s'", r->row.name);
	r->asks_each_time = key.is_always_authenticate;
	return 0;
}
