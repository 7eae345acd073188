/* SPDX-License-Identifier: MIT */
/* attr.c - PKCS#11 attributes: builds templates, reads attributes, converts ids to hex. */
#include <assert.h>
#include <string.h>

#include "tokens/internal.h"
#include "util/array.h"
#include "util/text.h"

/* CK_ATTRIBUTE is not const, although no call writes to a given template. */
static void *without_const(const void *p)
{
	void *q;

	memcpy(&q, &p, sizeof(q));
	return q;
}

void attrs_add(struct attrs *a, CK_ATTRIBUTE_TYPE type, const void *at, size_t len)
{
	assert(a->n < ARRAY_LEN(a->all));
	a->all[a->n++] = (CK_ATTRIBUTE){ type, without_const(at), (CK_ULONG)len };
}

void attrs_add_bool(struct attrs *a, CK_ATTRIBUTE_TYPE type, bool value)
{
	static const CK_BBOOL no = CK_FALSE, yes = CK_TRUE;

	attrs_add(a, type, value ? &yes : &no, sizeof(CK_BBOOL));
}

static bool attr_drop(struct attrs *a, CK_ATTRIBUTE_TYPE type)
{
	CK_ULONG kept = 0, was = a->n;

	for (CK_ULONG i = 0; i < was; i++)
		if (a->all[i].type != type)
			a->all[kept++] = a->all[i];
	a->n = kept;
	return kept < was;
}

static bool is_refusal_of_attribute(CK_RV rv)
{
	return rv == CKR_TEMPLATE_INCONSISTENT || rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_READ_ONLY ||
	    rv == CKR_ATTRIBUTE_VALUE_INVALID;
}

bool attrs_leave_out(CK_ATTRIBUTE_TYPE type, struct attrs *a, struct attrs *b)
{
	bool was_in_a = attr_drop(a, type);

	return (b != NULL && attr_drop(b, type)) || was_in_a;
}

bool attrs_step_down(const unsigned long *ladder, unsigned *rung, CK_RV rv, struct attrs *a, struct attrs *b)
{
	bool dropped = false;

	if (ladder == NULL || !is_refusal_of_attribute(rv))
		return false;
	while (!dropped && ladder[*rung] != 0)
		dropped = attrs_leave_out(ladder[(*rung)++], a, b);
	return dropped;
}

static bool is_not_stated(CK_RV rv, CK_ULONG len)
{
	return rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE ||
	    (rv == CKR_OK && len == CK_UNAVAILABLE_INFORMATION);
}

int attr_read(struct buf *out, bool *is_stated, struct token *t, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
    struct err *e)
{
	CK_ATTRIBUTE raw = { type, NULL, 0 };
	AUTO_VALUE(buf) value = { 0 };
	CK_RV rv = t->m->f->C_GetAttributeValue(t->session, object, &raw, 1);
	CK_ULONG size = raw.ulValueLen;

	*is_stated = false;
	if (is_not_stated(rv, size))
		return 0;
	if (rv != CKR_OK)
		return token_fail(e, rv, "cannot read attribute 0x%lx", type);
	if (size > VALUE_MAX)
		return err_set(e, ERR_TOKEN, "the token states %lu bytes for attribute 0x%lx", size, type);
	if (buf_add_zeros(&value, size, e) < 0)
		return -1;
	raw.pValue = value.data;
	if (size > 0)
		rv = t->m->f->C_GetAttributeValue(t->session, object, &raw, 1);
	if (is_not_stated(rv, raw.ulValueLen))
		return 0;
	if (rv != CKR_OK)
		return token_fail(e, rv, "cannot read attribute 0x%lx", type);
	if (raw.ulValueLen > size)
		return err_set(e, ERR_TOKEN, "attribute 0x%lx became longer while it was read", type);
	*is_stated = true;
	return buf_add(out, value.data, raw.ulValueLen, e);
}

int attr_read_ulong(CK_ULONG *out, struct token *t, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };
	bool is_stated;

	if (attr_read(&value, &is_stated, t, object, type, e) < 0)
		return -1;
	*out = CK_UNAVAILABLE_INFORMATION;
	if (is_stated && value.len == sizeof(*out))
		memcpy(out, value.data, sizeof(*out));
	return 0;
}

int attr_read_tri(enum tri *out, struct token *t, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };
	bool is_stated;

	if (attr_read(&value, &is_stated, t, object, type, e) < 0)
		return -1;
	*out = !is_stated || value.len != sizeof(CK_BBOOL) ? TRI_NOT_STATED :
	    value.data[0] != CK_FALSE ? TRI_YES : TRI_NO;
	return 0;
}

/* An id that is too long counts as none: a shortened id could name another object. */
int attr_read_id(char out[129], struct token *t, CK_OBJECT_HANDLE object, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };
	bool is_stated;

	if (attr_read(&value, &is_stated, t, object, CKA_ID, e) < 0)
		return -1;
	text_hex(out, 129, value.len <= ID_MAX ? buf_bytes(&value) : (struct bytes){ 0 });
	return 0;
}

int attr_read_label(char out[129], struct token *t, CK_OBJECT_HANDLE object, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };
	bool is_stated;

	if (attr_read(&value, &is_stated, t, object, CKA_LABEL, e) < 0)
		return -1;
	out[0] = '\0';
	if (value.len > 0)
		text_from_padded(out, 129, value.data, value.len);
	return 0;
}

int id_parse(struct id *out, const char *hex, struct err *e)
{
	size_t len = strlen(hex);
	struct id id = { .len = len / 2 };

	if (len == 0 || len % 2 != 0 || len > sizeof(id.data) * 2)
		return err_set(e, ERR_INPUT, "the id of an object has 1 to %d bytes in hex", ID_MAX);
	if (strpbrk(hex, "ABCDEF") != NULL || text_from_hex(id.data, sizeof(id.data), hex) == 0)
		return err_set(e, ERR_INPUT, "the id of an object is written in lower-case hex");
	*out = id;
	return 0;
}
