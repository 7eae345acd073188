/* SPDX-License-Identifier: MIT */
/* certs.c - reads certificate objects, and writes a certificate and reads it back. */
#include <string.h>

#include "tokens/internal.h"

static int find_all(struct buf *handles, struct token *t, struct err *e)
{
	static const CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	struct attrs query = { .n = 0 };

	attrs_add(&query, CKA_CLASS, &class, sizeof(class));
	return objects_find(handles, t, &query, e);
}

static int certs_pair(struct object_info *o, struct token *t, struct err *e)
{
	AUTO_VALUE(buf) private = { 0 };
	AUTO_VALUE(buf) public = { 0 };

	o->has_cert = true;
	if (o->id[0] == '\0')
		return 0;
	if (objects_with_id(&private, t, CKO_PRIVATE_KEY, o->id, e) < 0 ||
	    objects_with_id(&public, t, CKO_PUBLIC_KEY, o->id, e) < 0)
		return -1;
	o->has_private = private.len > 0;
	o->has_public = public.len > 0;
	return 0;
}

int token_count_certs(unsigned *n, struct token *t, const char *id, struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };

	if (objects_with_id(&handles, t, CKO_CERTIFICATE, id, e) < 0)
		return err_while(e, "counting the certificates of key %s on token '%s'", id, t->info.label);
	*n = (unsigned)handles_count(&handles);
	return 0;
}

int token_each_cert(struct token *t, cert_fn *fn, void *arg, struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };

	if (find_all(&handles, t, e) < 0)
		return err_while(e, "listing the certificates of token '%s'", t->info.label);
	for (size_t i = 0; i < handles_count(&handles); i++) {
		AUTO_VALUE(buf) der = { 0 };
		struct object_info o;
		bool is_stated;

		if (object_describe(&o, t, handle_at(&handles, i), e) < 0 || certs_pair(&o, t, e) < 0 ||
		    cert_is_placeholder(&o.is_placeholder, t, handle_at(&handles, i), e) < 0 ||
		    attr_read(&der, &is_stated, t, handle_at(&handles, i), CKA_VALUE, e) < 0 ||
		    fn(&o, buf_bytes(&der), arg, e) < 0)
			return err_while(e, "going through the certificates of token '%s'", t->info.label);
	}
	return 0;
}

static bool is_bytes(const struct buf *der, struct bytes b)
{
	return b.len > 0 && der->len == b.len && memcmp(der->data, b.data, b.len) == 0;
}

/*
 * *same: number of certificates with the id that equal c->der; *others: number that are neither c->der nor
 * c->replaces; old (or NULL) receives the handles of c->replaces.
 */
static int certs_count(unsigned *same, unsigned *others, struct buf *old, struct token *t, const struct cert_object *c,
    struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };

	*same = *others = 0;
	if (objects_with_id(&handles, t, CKO_CERTIFICATE, c->id, e) < 0)
		return -1;
	for (size_t i = 0; i < handles_count(&handles); i++) {
		AUTO_VALUE(buf) der = { 0 };
		CK_OBJECT_HANDLE h = handle_at(&handles, i);
		bool is_stated, is_placeholder;

		if (cert_is_placeholder(&is_placeholder, t, h, e) < 0 ||
		    attr_read(&der, &is_stated, t, h, CKA_VALUE, e) < 0)
			return -1;
		if (is_placeholder)
			continue;
		if (!is_bytes(&der, c->replaces) || is_bytes(&der, c->der))
			++*(is_bytes(&der, c->der) ? same : others);
		else if (old != NULL && buf_add(old, &h, sizeof(h), e) < 0)
			return -1;
	}
	return 0;
}

static int certs_create(struct token *t, const struct cert_object *c, struct err *e)
{
	static const CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	static const CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_OBJECT_HANDLE object = CK_INVALID_HANDLE;
	struct attrs a = { .n = 0 };
	unsigned rung = 0;
	struct id id;
	CK_RV rv;

	if (id_parse(&id, c->id, e) < 0)
		return -1;
	attrs_add(&a, CKA_CLASS, &class, sizeof(class));
	attrs_add(&a, CKA_CERTIFICATE_TYPE, &type, sizeof(type));
	attrs_add_bool(&a, CKA_TOKEN, true);
	attrs_add_bool(&a, CKA_PRIVATE, false);
	attrs_add(&a, CKA_ID, id.data, id.len);
	attrs_add(&a, CKA_LABEL, c->label, strlen(c->label));
	attrs_add(&a, CKA_SUBJECT, c->subject.data, c->subject.len);
	attrs_add(&a, CKA_ISSUER, c->issuer.data, c->issuer.len);
	attrs_add(&a, CKA_SERIAL_NUMBER, c->serial.data, c->serial.len);
	attrs_add(&a, CKA_VALUE, c->der.data, c->der.len);
	do {
		rv = t->m->f->C_CreateObject(t->session, a.all, a.n, &object);
	} while (rv != CKR_OK && attrs_step_down(t->kind->cert_ladder, &rung, rv, &a, NULL));
	return rv == CKR_OK ? 0 : token_fail(e, rv, "the token did not take the certificate");
}

static int destroy_all(struct token *t, const struct buf *handles, struct err *e)
{
	for (size_t i = 0; i < handles_count(handles); i++) {
		CK_RV rv = t->m->f->C_DestroyObject(t->session, handle_at(handles, i));

		if (rv != CKR_OK)
			return token_fail(e, rv, "the certificate that was replaced cannot be removed from the token");
	}
	return 0;
}

static int write_and_see(struct token *t, const struct cert_object *c, struct err *e)
{
	AUTO_VALUE(buf) old = { 0 };
	unsigned same, others;

	if (certs_count(&same, &others, &old, t, c, e) < 0)
		return -1;
	if (others > 0) {
		(void)err_set(e, ERR_POLICY, "another certificate has the id already");
		e->code = "id-taken";
		e->hint = "see `p11ca token show` for what is there; nothing is overwritten";
		return -1;
	}
	if (same == 0 && (certs_create(t, c, e) < 0 || certs_count(&same, &others, NULL, t, c, e) < 0))
		return -1;
	if (same != 1 || others != 0)
		return err_set(e, ERR_TOKEN, "the token took the certificate, but what it holds now is not the same");
	return t->kind->is_replaced_in_place ? 0 : destroy_all(t, &old, e);
}

static int write_locked(struct token *t, const struct cert_object *c, struct err *e)
{
	AUTO_VALUE(lock) lock = LOCK_NONE; /* without the lock two processes could both write one */

	return token_take_lock(&lock, t, e) < 0 ? -1 : write_and_see(t, c, e);
}

/* No SO login if the certificate is stored already. */
static int write_as_so(struct token *t, const struct cert_object *c, struct err *e)
{
	unsigned same, others;

	if (certs_count(&same, &others, NULL, t, c, e) < 0)
		return -1;
	if (same == 1 && others == 0)
		return 0;
	return so_login(t, e) < 0 || write_locked(t, c, e) < 0 ? -1 : so_logout(t, e);
}

int token_write_cert(struct token *t, const struct cert_object *c, struct err *e)
{
	if (check_fillable(t, e) < 0 || (t->kind->is_filled_by_so ? write_as_so(t, c, e) : write_locked(t, c, e)) < 0)
		return err_while(e, "writing certificate %s to token '%s'", c->id, t->info.label);
	return 0;
}

bool token_has_chain_room(const struct token *t)
{
	return t->kind->has_chain_room;
}
