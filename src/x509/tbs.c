/* SPDX-License-Identifier: MIT */
/* tbs.c - see tbs.h. */
#include "x509/tbs.h"

#include "util/hash.h"
#include "x509/alg.h"
#include "x509/der.h"
#include "x509/ext.h"
#include "x509/key/spki.h"
#include "x509/templates.h"
#include "x509/view.h"

#define SERIAL_MAX 20 /* bytes (RFC 5280, 4.1.2.2) */

static int tbs_check_name(const struct tbs_spec *s, enum cn_kind *out, struct err *e)
{
	const struct cert_template *t = s->template;

	if (t->is_root != (s->cn == NULL))
		return err_set(e, ERR_INTERNAL, "template %s: a client certificate requires a name, a root has "
		    "none", t->name);
	return t->is_root ? 0 : template_check_cn(t, out, s->cn, e);
}

static int add_serial(struct buf *out, struct bytes serial, struct err *e)
{
	bool is_zero = true;

	if (serial.len == 0 || serial.len > SERIAL_MAX || serial.data[0] >= 0x80)
		return err_set(e, ERR_INPUT, "a serial number has 1 to 20 bytes, the first bit zero");
	for (size_t i = 0; i < serial.len; i++)
		is_zero = is_zero && serial.data[i] == 0;
	if (is_zero)
		return err_set(e, ERR_INPUT, "a serial number is not zero");
	return der_add_unsigned(out, serial, e);
}

static int add_validity(struct buf *out, int64_t from, int64_t to, struct err *e)
{
	AUTO_VALUE(buf) body = { 0 };

	if (from < 0 || to < from || to > TBS_TIME_MAX)
		return err_set(e, ERR_INPUT, "the certificate would end before it begins, or after the year 9999");
	if (der_add_time(&body, from, e) < 0 || der_add_time(&body, to, e) < 0)
		return err_while(e, "encoding the validity");
	return der_add(out, DER_SEQUENCE, buf_bytes(&body), e);
}

struct issuer {
	struct bytes name, ski;      /* ski.len 0 = no subject key identifier */
};

static int read_issuer(struct issuer *out, const struct tbs_spec *s, struct bytes own_ski, struct err *e)
{
	struct cert_view view;

	*out = (struct issuer){ s->subject, own_ski };
	if (s->issuer_cert.len == 0)
		return 0;
	if (!cert_view_cert(&view, s->issuer_cert))
		return err_set(e, ERR_INPUT, "the issuer's certificate is malformed");
	*out = (struct issuer){ view.subject, { 0 } };
	if (!cert_view_ski(&out->ski, &view))
		return err_set(e, ERR_INPUT, "the issuer's certificate has a malformed subject key identifier");
	return 0;
}

static int tbs_add_extensions(struct buf *out, const struct ext_spec *s, struct err *e)
{
	AUTO_VALUE(buf) list = { 0 };

	if (ext_add_all(&list, s, e) < 0)
		return -1;
	return der_add(out, DER_CONTEXT_3, buf_bytes(&list), e);
}

static int add_bytes(struct buf *out, struct bytes b, struct err *e)
{
	return buf_add(out, b.data, b.len, e);
}

static const unsigned char version_3[] = { 0xa0, 0x03, 0x02, 0x01, 0x02 }; /* [0] INTEGER 2 (RFC 5280, 4.1.2.1) */

/* The order is that of RFC 5280, 4.1. */
static int add_fields(struct buf *body, const struct tbs_spec *s, const struct ext_spec *ext, struct bytes issuer,
    struct err *e)
{
	if (buf_add(body, version_3, sizeof(version_3), e) < 0 || add_serial(body, s->serial, e) < 0 ||
	    alg_encode(body, s->alg, e) < 0 || add_bytes(body, issuer, e) < 0 ||
	    add_validity(body, s->not_before, s->not_after, e) < 0 || add_bytes(body, s->subject, e) < 0 ||
	    add_bytes(body, s->spki, e) < 0 || tbs_add_extensions(body, ext, e) < 0)
		return -1;
	return 0;
}

static int check_pieces(const struct tbs_spec *s, struct err *e)
{
	if (!der_is_one(s->subject, DER_SEQUENCE) || !der_is_strict(s->subject))
		return err_set(e, ERR_INPUT, "the subject is not a distinguished name");
	if (!der_is_strict(s->spki))
		return err_set(e, ERR_INPUT, "the public key is not strict DER");
	return 0;
}

int tbs_build(struct buf *out, const struct tbs_spec *s, struct err *e)
{
	AUTO_VALUE(buf) body = { 0 };
	struct ext_spec ext = { .template = s->template, .cn = s->cn, .ski = s->ski };
	unsigned char sha1[SHA1_LEN];
	struct spki_facts key;
	struct issuer issuer;

	if (spki_read(&key, s->spki, e) < 0 || check_pieces(s, e) < 0 ||
	    template_check_key(s->template, &key.key, key.name, e) < 0 || tbs_check_name(s, &ext.cn_kind, e) < 0)
		return -1;
	if (s->ski.len == 0) { /* RFC 5280, 4.2.1.2 (1) */
		if (hash_sha1(sha1, key.key_bits, e) < 0)
			return -1;
		ext.ski = (struct bytes){ sha1, sizeof(sha1) };
	}
	if (read_issuer(&issuer, s, ext.ski, e) < 0)
		return -1;
	ext.aki = issuer.ski;
	if (add_fields(&body, s, &ext, issuer.name, e) < 0)
		return -1;
	return der_add(out, DER_SEQUENCE, buf_bytes(&body), e);
}

static const unsigned char version_0[] = { 0x02, 0x01, 0x00 };    /* INTEGER 0 (RFC 2986, 4.1) */

int tbs_build_request(struct buf *out, struct bytes subject, struct bytes spki, struct err *e)
{
	AUTO_VALUE(buf) body = { 0 };

	if (!der_is_one(subject, DER_SEQUENCE) || !der_is_one(spki, DER_SEQUENCE))
		return err_set(e, ERR_INPUT, "the subject or the public key is malformed");
	if (buf_add(&body, version_0, sizeof(version_0), e) < 0 || add_bytes(&body, subject, e) < 0 ||
	    add_bytes(&body, spki, e) < 0 || der_add(&body, DER_CONTEXT_0, (struct bytes){ 0 }, e) < 0)
		return -1;
	return der_add(out, DER_SEQUENCE, buf_bytes(&body), e);
}
