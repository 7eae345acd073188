/* SPDX-License-Identifier: MIT */
/* keys.c - private keys on a token: lists them, finds one by id, checks whether an id is free. */
#include <string.h>

#include "tokens/internal.h"

#include "util/array.h"

int key_read(struct key_ref *out, struct token *t, CK_OBJECT_HANDLE object, struct err *e)
{
	struct key_ref key = { .object = object };
	const struct key_mech *mech;
	enum tri always;
	CK_ULONG type;

	if (attr_read_id(key.id, t, object, e) < 0 || attr_read_label(key.label, t, object, e) < 0 ||
	    attr_read_ulong(&type, t, object, CKA_KEY_TYPE, e) < 0 ||
	    attr_read_tri(&key.sensitive, t, object, CKA_SENSITIVE, e) < 0 ||
	    attr_read_tri(&key.extractable, t, object, CKA_EXTRACTABLE, e) < 0 ||
	    attr_read_tri(&always, t, object, CKA_ALWAYS_AUTHENTICATE, e) < 0)
		return err_while(e, "reading a private key");
	mech = key_mech_of(type);
	(void)snprintf(key.type, sizeof(key.type), "%s", mech != NULL ? mech->name : "other");
	key.is_always_authenticate = always == TRI_YES;
	*out = key;
	return 0;
}

int token_each_key(struct token *t, key_fn *fn, void *arg, struct err *e)
{
	static const CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	struct attrs query = { .n = 0 };
	AUTO_VALUE(buf) handles = { 0 };

	attrs_add(&query, CKA_CLASS, &class, sizeof(class));
	if (objects_find(&handles, t, &query, e) < 0)
		return err_while(e, "listing the keys of token '%s'", t->info.label);
	for (size_t i = 0; i < handles_count(&handles); i++) {
		struct key_ref key;

		if (key_read(&key, t, handle_at(&handles, i), e) < 0 || fn(&key, arg, e) < 0)
			return err_while(e, "going through the keys of token '%s'", t->info.label);
	}
	return 0;
}

int key_refuse_count(struct err *e, size_t n, const char *half, const struct token *t, const char *id)
{
	static const char hint[] = "see `p11ca token show` for the keys that are there";

	if (n == 0) {
		(void)err_set(e, ERR_NOT_FOUND, "no %s key on token '%s' has the CKA_ID %s", half, t->info.label, id);
		return err_rule(e, "key-not-found", hint);
	}
	(void)err_set(e, ERR_NOT_FOUND, "several %s keys on token '%s' have the CKA_ID %s", half, t->info.label, id);
	return err_rule(e, "id-ambiguous", hint);
}

int token_find_key(struct key_ref *out, struct token *t, const char *id, struct err *e)
{
	AUTO_VALUE(buf) handles = { 0 };

	if (objects_with_id(&handles, t, CKO_PRIVATE_KEY, id, e) < 0)
		return err_while(e, "looking for key %s on token '%s'", id, t->info.label);
	if (handles_count(&handles) != 1)
		return key_refuse_count(e, handles_count(&handles), "private", t, id);
	return key_read(out, t, handle_at(&handles, 0), e);
}

int token_check_id_free(struct token *t, const char *id, struct err *e)
{
	static const struct {
		CK_OBJECT_CLASS class;
		const char *name;
	} taken[] = {
		{ CKO_PRIVATE_KEY, "private key" },
		{ CKO_PUBLIC_KEY, "public key" },
		{ CKO_CERTIFICATE, "certificate" },
	};

	for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
		AUTO_VALUE(buf) handles = { 0 };

		if (objects_with_id(&handles, t, taken[i].class, id, e) < 0)
			return err_while(e, "looking whether id %s is free on token '%s'", id, t->info.label);
		if (handles.len == 0)
			continue;
		(void)err_set(e, ERR_POLICY, "a %s on token '%s' has the id %s already", taken[i].name, t->info.label,
		    id);
		e->code = "id-taken";
		e->hint = "see `p11ca token show` for what is there; nothing is overwritten";
		return -1;
	}
	return 0;
}
