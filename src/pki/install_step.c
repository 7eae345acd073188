/* SPDX-License-Identifier: MIT */
/* install_step.c - the certificate beside its key, and its root where the kind of token has room for a chain. */
#include "pki/install.h"

#include <string.h>

#include "x509/cert.h"
#include "x509/issuers.h"

struct lookup {
	struct bytes der;
	bool is_there;
};

static int same_bytes(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct lookup *l = arg;

	(void)o;
	(void)e;
	if (der.len == l->der.len && memcmp(der.at, l->der.at, der.len) == 0)
		l->is_there = true;
	return 0;
}

int install_is_there(bool *out, struct token *t, struct bytes der, struct err *e)
{
	struct lookup l = { .der = der };

	if (token_each_cert(t, same_bytes, &l, e) < 0)
		return err_while(e, "reading the certificates of token '%s'", token_get_info(t)->label);
	*out = l.is_there;
	return 0;
}

int install_cert(struct token *t, struct bytes der, const char *id, const char *label, struct err *e)
{
	return install_cert_over(t, der, (struct bytes){ 0 }, id, label, e);
}

int install_cert_over(struct token *t, struct bytes der, struct bytes old, const char *id, const char *label,
    struct err *e)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) issuer = { 0 };
	AUTO_VALUE(buf) serial = { 0 };
	struct cert_object c = { .der = der, .id = id, .label = label, .replaces = old };

	if (cert_object_parts(&subject, &issuer, &serial, der, e) < 0)
		return -1;
	c.subject = buf_bytes(&subject);
	c.issuer = buf_bytes(&issuer);
	c.serial = buf_bytes(&serial);
	if (token_write_cert(t, &c, e) < 0)
		return err_while(e, "writing certificate '%s' to token '%s'", label, token_get_info(t)->label);
	return 0;
}

int install_issuers(struct token *t, struct bytes issuers, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);
	struct cert_info info;

	for (size_t i = 0; i < n; i++) {
		if (cert_read(&info, list[i], e) < 0 || install_cert(t, list[i], info.ski, info.cn, e) < 0)
			return -1;
	}
	return 0;
}

static int issuers_are_there(bool *out, struct token *t, struct bytes issuers, struct err *e)
{
	struct bytes list[ISSUERS_MAX];
	const size_t n = issuers_list(list, issuers);
	bool one = true;

	for (size_t i = 0; one && i < n; i++) {
		if (install_is_there(&one, t, list[i], e) < 0)
			return -1;
	}
	*out = one;
	return 0;
}

static bool has_chain(const struct op *op)
{
	return op->root.der.len > 0 && token_get_info(op->card)->has_room_for_chain;
}

struct occupied {
	const char *id;
	struct bytes renewed;        /* may be there: its successor takes its place */
	struct bytes own;            /* written by an earlier run */
	bool is_there;
	struct buf *evicted;         /* gets what is there; NULL: nothing may be */
};

static int same_id(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct occupied *c = arg;

	if (o->is_stand_in || (c->own.len > 0 && der.len == c->own.len && memcmp(der.at, c->own.at, der.len) == 0))
		return 0;
	if (c->renewed.len > 0 && der.len == c->renewed.len && memcmp(der.at, c->renewed.at, der.len) == 0)
		return 0;
	if (strcmp(o->id, c->id) != 0)
		return 0;
	c->is_there = true;
	return c->evicted != NULL && c->evicted->len == 0 ? buf_add(c->evicted, der.at, der.len, e) : 0;
}

/* Before the root signs: a certificate that could not be written beside its key is not issued. */
static int refuse_occupied(struct op *op, struct err *e)
{
	struct occupied c = { .id = op->key.place.cka_id, .renewed = buf_bytes(&op->renewed_der),
		.own = buf_bytes(&op->cert_der), .evicted = op->replace_key ? &op->evicted_der : NULL };

	if (op->key.id == 0)
		return 0;
	if (token_each_cert(op->card, same_id, &c, e) < 0)
		return -1;
	if (!c.is_there || op->replace_key)
		return 0;
	(void)err_set(e, ERR_POLICY, "the key of '%s' on token '%s' has a certificate already, which counts no more",
	    op->name, op->card_info.label);
	e->code = "id-taken";
	e->hint = "use another token, or give the client's new key a name of its own with --device";
	return -1;
}

/* A certificate that the ledger calls installed is looked for all the same: cards are emptied by other tools. */
static int install_look(struct op *op, enum step_state *out, struct err *e)
{
	bool own = false, root = true, above = true;

	if ((strcmp(op->cert.state, "issued") != 0 || op->replace_key) && refuse_occupied(op, e) < 0)
		return -1;
	if (strcmp(op->cert.state, "issued") != 0)
		return 0;
	if (install_is_there(&own, op->card, buf_bytes(&op->cert_der), e) < 0 ||
	    (has_chain(op) && install_is_there(&root, op->card, buf_bytes(&op->root.der), e) < 0) ||
	    (has_chain(op) && issuers_are_there(&above, op->card, buf_bytes(&op->root.issuers), e) < 0))
		return -1;
	*out = own && root && above && op->cert.installed_at != 0 ? STEP_DONE : STEP_TODO;
	return 0;
}

static int install_run(struct op *op, struct err *e)
{
	struct bytes old = buf_bytes(op->evicted_der.len > 0 ? &op->evicted_der : &op->renewed_der);

	if (op_card_login_to_fill(op, e) < 0 ||
	    install_cert_over(op->card, buf_bytes(&op->cert_der), old, op->key.place.cka_id,
		op->name, e) < 0)
		return -1;
	if (has_chain(op) &&
	    (install_cert(op->card, buf_bytes(&op->root.der), op->root.info.ski, op->root.row.name, e) < 0 ||
		install_issuers(op->card, buf_bytes(&op->root.issuers), e) < 0))
		return -1;
	if (ledger_cert_installed(op->pki->ledger, op->cert.id, &op->key.place, e) < 0)
		return -1;
	op->cert.installed_at = clock_now(&op->pki->clock);
	return 0;
}

const struct step step_install = { .name = "write the certificate to the token", .look = install_look,
	.run = install_run };
