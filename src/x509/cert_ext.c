/* SPDX-License-Identifier: MIT */
/* cert_ext.c - see cert_ext.h. */
#include "x509/cert_ext.h"

#include <string.h>

#include "util/array.h"
#include "util/text.h"
#include "x509/ossl.h"
#include "x509/view.h"

static bool read_basic_constraints(struct cert_info *out, const struct ext_view *x)
{
	AUTO(BASIC_CONSTRAINTS) bc = der_to_item(x->value, ASN1_ITEM_rptr(BASIC_CONSTRAINTS));
	long path_len = bc != NULL && bc->pathlen != NULL ? ASN1_INTEGER_get(bc->pathlen) : -1;

	if (bc == NULL || (bc->pathlen != NULL && (path_len < 0 || path_len > 1000)))
		return false;
	out->has_basic_constraints = true;
	out->is_bc_critical = x->is_critical;
	out->is_ca = bc->ca != 0;
	out->path_len = (int)path_len;
	return true;
}

static bool read_key_usage(struct cert_info *out, const struct ext_view *x)
{
	AUTO(ASN1_BIT_STRING) bits = der_to_item(x->value, ASN1_ITEM_rptr(ASN1_BIT_STRING));
	const unsigned char *at = bits != NULL ? ASN1_STRING_get0_data(bits) : NULL;
	int len = bits != NULL ? ASN1_STRING_length(bits) : -1;

	if (len < 0 || len > 2)
		return false;
	out->has_key_usage = true;
	out->is_ku_critical = x->is_critical;
	out->key_usage = (len > 0 ? at[0] : 0U) | (len > 1 ? (unsigned)at[1] << 8 : 0U);
	return true;
}

static bool read_eku(struct cert_info *out, const struct ext_view *x)
{
	AUTO(EXTENDED_KEY_USAGE) eku = der_to_item(x->value, ASN1_ITEM_rptr(EXTENDED_KEY_USAGE));

	if (eku == NULL || sk_ASN1_OBJECT_num(eku) < 1)
		return false;
	out->is_eku_critical = x->is_critical;
	for (int i = 0; i < sk_ASN1_OBJECT_num(eku) && out->n_eku < EKU_MAX; i++)
		if (OBJ_obj2txt(out->eku[out->n_eku], sizeof(out->eku[0]), sk_ASN1_OBJECT_value(eku, i), 1) > 0)
			out->n_eku++;
	return true;
}

static void set_san(struct san *out, enum san_type type, const ASN1_STRING *text)
{
	out->type = type;
	(void)print_safe(out->text, sizeof(out->text), (const char *)ASN1_STRING_get0_data(text),
	    (size_t)ASN1_STRING_length(text));
}

static void set_other_san(struct san *out, GENERAL_NAME *name)
{
	AUTO(BIO) bio = BIO_new(BIO_s_mem());
	const char *at = NULL;
	long len = 0;

	out->type = SAN_OTHER;
	if (bio != NULL && GENERAL_NAME_print(bio, name) == 1)
		len = BIO_get_mem_data(bio, &at);
	(void)print_safe(out->text, sizeof(out->text), at, (size_t)len);
}

static void read_san(struct san *out, GENERAL_NAME *name)
{
	if (name->type == GEN_DNS)
		set_san(out, SAN_DNS, name->d.dNSName);
	else if (name->type == GEN_EMAIL)
		set_san(out, SAN_EMAIL, name->d.rfc822Name);
	else if (name->type == GEN_OTHERNAME && OBJ_obj2nid(name->d.otherName->type_id) == NID_ms_upn &&
	    name->d.otherName->value->type == V_ASN1_UTF8STRING)
		set_san(out, SAN_UPN, name->d.otherName->value->value.utf8string);
	else
		set_other_san(out, name);
}

static bool read_sans(struct cert_info *out, const struct ext_view *x)
{
	AUTO(GENERAL_NAMES) names = der_to_item(x->value, ASN1_ITEM_rptr(GENERAL_NAMES));

	if (names == NULL)
		return false;
	out->has_san = true;
	for (int i = 0; i < sk_GENERAL_NAME_num(names) && out->n_sans < SANS_MAX; i++)
		read_san(&out->sans[out->n_sans++], sk_GENERAL_NAME_value(names, i));
	return true;
}

static bool read_ski(struct cert_info *out, const struct ext_view *x)
{
	struct bytes in = x->value;
	struct der_item id;

	if (!der_take(&in, DER_OCTET_STRING, &id) || in.len != 0)
		return false;
	text_hex(out->ski, sizeof(out->ski), id.body);
	return true;
}

static bool read_aki(struct cert_info *out, const struct ext_view *x)
{
	AUTO(AUTHORITY_KEYID) aki = der_to_item(x->value, ASN1_ITEM_rptr(AUTHORITY_KEYID));

	if (aki == NULL)
		return false;
	if (aki->keyid != NULL)
		text_hex(out->aki, sizeof(out->aki),
		    (struct bytes){ ASN1_STRING_get0_data(aki->keyid), (size_t)ASN1_STRING_length(aki->keyid) });
	return true;
}

static const struct ext_reader {
	int nid;
	bool (*read)(struct cert_info *out, const struct ext_view *x);
} readers[] = {
	{ NID_basic_constraints, read_basic_constraints },
	{ NID_key_usage, read_key_usage },
	{ NID_ext_key_usage, read_eku },
	{ NID_subject_alt_name, read_sans },
	{ NID_subject_key_identifier, read_ski },
	{ NID_authority_key_identifier, read_aki },
};
#define N_READERS ARRAY_LEN(readers)

static bool cert_ext_is_in(struct bytes list, const unsigned char *end, const struct ext_view *x)
{
	struct ext_view other;

	while (list.data < end && ext_view_next(&list, &other))
		if (other.oid.all.len == x->oid.all.len &&
		    memcmp(other.oid.all.data, x->oid.all.data, x->oid.all.len) == 0)
			return true;
	return false;
}

static int cert_ext_read_one(struct cert_info *out, const struct ext_view *x, struct err *e)
{
	int nid = der_oid_nid(&x->oid);

	for (size_t i = 0; i < N_READERS; i++) {
		if (readers[i].nid != nid)
			continue;
		return readers[i].read(out, x) ? 0 : ossl_fail(e, ERR_INPUT, "its %s is malformed", OBJ_nid2ln(nid));
	}
	out->has_unknown_critical = out->has_unknown_critical || x->is_critical;
	return 0;
}

int cert_ext_read(struct cert_info *out, struct bytes list, struct err *e)
{
	struct bytes in = list;
	struct ext_view x;

	out->path_len = -1;
	for (const unsigned char *at = in.data; ext_view_next(&in, &x); at = in.data) {
		if (cert_ext_is_in(list, at, &x)) { /* the first is used, as by OpenSSL */
			out->has_duplicate_ext = true;
			continue;
		}
		if (cert_ext_read_one(out, &x, e) < 0)
			return -1;
	}
	return in.len == 0 ? 0 : err_set(e, ERR_INPUT, "its list of extensions is malformed");
}
