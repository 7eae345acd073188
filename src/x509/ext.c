/* SPDX-License-Identifier: MIT */
/* ext.c - see ext.h. */
#include "x509/ext.h"

#include <string.h>

#include "x509/der.h"
#include "x509/ossl.h"
#include "util/array.h"

/*
 * RFC 5280, 4.2.1.9: a root is a CA with pathlen 0, because Azure's chains have two certificates.
 * A client has no basicConstraints: without the extension it is not a CA, as in Azure's recipes.
 */
static int basic_constraints(struct buf *out, const struct ext_spec *s, struct err *e)
{
	AUTO(BASIC_CONSTRAINTS) bc = NULL;

	if (!s->template->is_root)
		return 0;
	bc = BASIC_CONSTRAINTS_new();
	if (bc != NULL) {
		bc->ca = 1;
		bc->pathlen = ASN1_INTEGER_new(); /* zero */
	}
	return der_add_item(out, bc, ASN1_ITEM_rptr(BASIC_CONSTRAINTS), e);
}

enum { BIT_DIGITAL_SIGNATURE = 0, BIT_KEY_CERT_SIGN = 5, BIT_CRL_SIGN = 6 }; /* RFC 5280, 4.2.1.3 */

static int key_usage(struct buf *out, const struct ext_spec *s, struct err *e)
{
	AUTO(ASN1_BIT_STRING) bits = ASN1_BIT_STRING_new();
	bool ok = bits != NULL && (s->template->is_root ? ASN1_BIT_STRING_set_bit(bits, BIT_KEY_CERT_SIGN, 1) == 1 &&
							      ASN1_BIT_STRING_set_bit(bits, BIT_CRL_SIGN, 1) == 1 :
						      ASN1_BIT_STRING_set_bit(bits, BIT_DIGITAL_SIGNATURE, 1) == 1);

	return der_add_item(out, ok ? bits : NULL, ASN1_ITEM_rptr(ASN1_BIT_STRING), e);
}

static int extended_key_usage(struct buf *out, const struct ext_spec *s, struct err *e)
{
	AUTO(EXTENDED_KEY_USAGE) eku = sk_ASN1_OBJECT_new_null();

	if (s->template->eku[0] == NULL)
		return 0;
	for (size_t i = 0; i < TEMPLATE_EKU_MAX && s->template->eku[i] != NULL; i++) {
		ASN1_OBJECT *oid = OBJ_txt2obj(s->template->eku[i], 1);

		if (eku == NULL || oid == NULL || sk_ASN1_OBJECT_push(eku, oid) <= 0) {
			ASN1_OBJECT_free(oid);
			return ossl_fail(e, ERR_INTERNAL, "cannot encode the key purpose %s", s->template->eku[i]);
		}
	}
	return der_add_item(out, eku, ASN1_ITEM_rptr(EXTENDED_KEY_USAGE), e);
}

static ASN1_STRING *new_string(int type, const char *text)
{
	ASN1_STRING *s = ASN1_STRING_type_new(type);

	if (s != NULL && ASN1_STRING_set(s, text, -1) != 1) {
		ASN1_STRING_free(s);
		s = NULL;
	}
	return s;
}

/* Adds an extension whose value the caller fills; NULL: no memory. */
static GENERAL_NAME *ext_add_name(GENERAL_NAMES *names)
{
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (names == NULL || name == NULL || sk_GENERAL_NAME_push(names, name) <= 0) {
		GENERAL_NAME_free(name);
		return NULL;
	}
	return name;
}

static bool add_ia5(GENERAL_NAMES *names, int type, const char *text)
{
	ASN1_STRING *value = new_string(V_ASN1_IA5STRING, text);
	GENERAL_NAME *name = value != NULL ? ext_add_name(names) : NULL;

	if (name == NULL) {
		ASN1_STRING_free(value);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, value);
	return true;
}

/* Microsoft's user principal name: otherName 1.3.6.1.4.1.311.20.2.3, a UTF8String. */
static bool add_upn(GENERAL_NAMES *names, const char *text)
{
	ASN1_STRING *string = new_string(V_ASN1_UTF8STRING, text);
	AUTO(ASN1_TYPE) value = ASN1_TYPE_new();
	GENERAL_NAME *name;

	if (string == NULL || value == NULL) {
		ASN1_STRING_free(string);
		return false;
	}
	ASN1_TYPE_set(value, V_ASN1_UTF8STRING, string);
	name = ext_add_name(names);
	return name != NULL && GENERAL_NAME_set0_othername(name, OBJ_nid2obj(NID_ms_upn), STEAL(value)) == 1;
}

static int subject_alt_name(struct buf *out, const struct ext_spec *s, struct err *e)
{
	AUTO(GENERAL_NAMES) names = GENERAL_NAMES_new();

	if (s->cn == NULL || s->cn_kind == CN_TEXT)
		return 0;
	if (!add_ia5(names, s->cn_kind == CN_HOST ? GEN_DNS : GEN_EMAIL, s->cn) ||
	    (s->template->has_upn && !add_upn(names, s->cn)))
		return ossl_fail(e, ERR_INTERNAL, "out of memory");
	return der_add_item(out, names, ASN1_ITEM_rptr(GENERAL_NAMES), e);
}

static int subject_key_identifier(struct buf *out, const struct ext_spec *s, struct err *e)
{
	return der_add(out, DER_OCTET_STRING, s->ski, e);
}

int ext_authority_key_id(struct buf *out, struct bytes key_id, struct err *e)
{
	AUTO(AUTHORITY_KEYID) aki = NULL;

	if (key_id.len == 0)
		return 0;
	aki = AUTHORITY_KEYID_new();
	if (aki == NULL || (aki->keyid = ASN1_OCTET_STRING_new()) == NULL ||
	    ASN1_OCTET_STRING_set(aki->keyid, key_id.data, (int)key_id.len) != 1)
		return ossl_fail(e, ERR_INTERNAL, "out of memory");
	return der_add_item(out, aki, ASN1_ITEM_rptr(AUTHORITY_KEYID), e);
}

static int authority_key_identifier(struct buf *out, const struct ext_spec *s, struct err *e)
{
	return ext_authority_key_id(out, s->aki, e);
}

/* In the order of the certificate. An extension with an empty value is omitted. */
static const struct ext_row {
	int nid;
	bool is_critical;
	int (*value)(struct buf *out, const struct ext_spec *s, struct err *e);
} ext_rows[] = {
	{ NID_basic_constraints, true, basic_constraints },
	{ NID_key_usage, true, key_usage },
	{ NID_ext_key_usage, false, extended_key_usage },
	{ NID_subject_alt_name, false, subject_alt_name },
	{ NID_subject_key_identifier, false, subject_key_identifier },
	{ NID_authority_key_identifier, false, authority_key_identifier },
};

int ext_add(struct buf *out, int nid, bool is_critical, struct bytes value, struct err *e)
{
	AUTO(ASN1_OCTET_STRING) octets = NULL;
	AUTO(X509_EXTENSION) x = NULL;

	if (value.len == 0)
		return 0;
	octets = ASN1_OCTET_STRING_new();
	if (octets != NULL && ASN1_OCTET_STRING_set(octets, value.data, (int)value.len) == 1)
		x = X509_EXTENSION_create_by_NID(NULL, nid, is_critical, octets);
	return der_add_item(out, x, ASN1_ITEM_rptr(X509_EXTENSION), e);
}

static int ext_add_one(struct buf *out, const struct ext_row *row, const struct ext_spec *s, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };

	if (row->value(&value, s, e) < 0)
		return err_while(e, "building extension %s", OBJ_nid2sn(row->nid));
	return ext_add(out, row->nid, row->is_critical, buf_bytes(&value), e);
}

int ext_add_all(struct buf *out, const struct ext_spec *s, struct err *e)
{
	AUTO_VALUE(buf) body = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(ext_rows); i++)
		if (ext_add_one(&body, &ext_rows[i], s, e) < 0)
			return -1;
	return der_add(out, DER_SEQUENCE, buf_bytes(&body), e);
}
