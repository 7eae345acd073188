/* SPDX-License-Identifier: MIT */
/* crl.c - see crl.h. */
#include "x509/crl.h"

#include <string.h>

#include "x509/alg.h"
#include "x509/der.h"
#include "x509/ext.h"
#include "x509/ossl.h"
#include "x509/tbs.h"
#include "x509/view.h"

#define SERIAL_MAX 20            /* bytes (RFC 5280, 5.1.2.6) */
#define REASON_MAX 10            /* aACompromise */

static const unsigned char version_2[] = { 0x02, 0x01, 0x01 }; /* INTEGER 1 (RFC 5280, 5.1.2.1) */

/* SEQUENCE { SEQUENCE { OID 2.5.29.21, OCTET STRING { ENUMERATED } } }: only the last byte differs. */
static int add_reason(struct buf *out, int reason, struct err *e)
{
	const unsigned char ext[] = { 0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01,
		(unsigned char)reason };

	return reason == 0 ? 0 : buf_add(out, ext, sizeof(ext), e);
}

static bool is_time(int64_t at)
{
	return at > 0 && at <= TBS_TIME_MAX;
}

int crl_add_entry(struct buf *entries, const struct crl_entry *entry, struct err *e)
{
	AUTO_VALUE(buf) body = { 0 };

	if (entry->serial.len == 0 || entry->serial.len > SERIAL_MAX)
		return err_set(e, ERR_INPUT, "a serial number has 1 to 20 bytes");
	if (!is_time(entry->revoked_at) || entry->reason < 0 || entry->reason > REASON_MAX || entry->reason == 7)
		return err_set(e, ERR_INPUT, "the date or the reason of a revocation is not valid");
	if (der_add_integer(&body, entry->serial, entry->is_negative, e) < 0 ||
	    der_add_time(&body, entry->revoked_at, e) < 0 || add_reason(&body, entry->reason, e) < 0)
		return -1;
	return der_add(entries, DER_SEQUENCE, buf_bytes(&body), e);
}

/* RFC 5280, 5.2.1: the key identifier method; included if the issuer has a subject key identifier. */
static int add_aki(struct buf *out, struct bytes ski, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };

	if (ext_authority_key_id(&value, ski, e) < 0)
		return -1;
	return ext_add(out, NID_authority_key_identifier, false, buf_bytes(&value), e);
}

static int add_number(struct buf *out, int64_t number, struct err *e)
{
	unsigned char bytes[sizeof(number)];
	AUTO_VALUE(buf) value = { 0 };

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)((uint64_t)number >> (8 * (sizeof(bytes) - 1 - i)));
	if (der_add_unsigned(&value, (struct bytes){ bytes, sizeof(bytes) }, e) < 0)
		return -1;
	return ext_add(out, NID_crl_number, false, buf_bytes(&value), e);
}

static int crl_add_extensions(struct buf *out, const struct crl_spec *s, struct bytes ski, struct err *e)
{
	AUTO_VALUE(buf) all = { 0 };
	AUTO_VALUE(buf) list = { 0 };

	if (add_aki(&all, ski, e) < 0 || add_number(&all, s->number, e) < 0 ||
	    der_add(&list, DER_SEQUENCE, buf_bytes(&all), e) < 0)
		return -1;
	return der_add(out, DER_CONTEXT_0, buf_bytes(&list), e);
}

/* RFC 5280, 5.1.2.6: an empty list is omitted. */
static int add_entries_head(struct buf *out, struct bytes entries, struct err *e)
{
	return entries.len == 0 ? 0 : der_add_head(out, DER_SEQUENCE, entries.len, e);
}

static int crl_check_spec(const struct crl_spec *s, struct cert_view *issuer, struct bytes *ski, struct err *e)
{
	if (!cert_view_cert(issuer, s->issuer_cert) || !cert_view_ski(ski, issuer))
		return err_set(e, ERR_INPUT, "the issuer's certificate is malformed");
	if (!is_time(s->this_update) || !is_time(s->next_update) || s->next_update <= s->this_update)
		return err_set(e, ERR_INPUT, "nextUpdate of the CRL is in the past, or after the year 9999");
	if (s->number <= 0)
		return err_set(e, ERR_INPUT, "a CRL number is above zero");
	return 0;
}

int crl_build(struct buf *out, const struct crl_spec *s, struct err *e)
{
	AUTO_VALUE(buf) front = { 0 };
	AUTO_VALUE(buf) back = { 0 };
	struct cert_view issuer;
	struct bytes ski;

	/* the order is that of RFC 5280, 5.1 */
	if (crl_check_spec(s, &issuer, &ski, e) < 0 || buf_add(&front, version_2, sizeof(version_2), e) < 0 ||
	    alg_encode(&front, s->alg, e) < 0 || buf_add(&front, issuer.subject.data, issuer.subject.len, e) < 0 ||
	    der_add_time(&front, s->this_update, e) < 0 || der_add_time(&front, s->next_update, e) < 0 ||
	    add_entries_head(&front, s->entries, e) < 0 || crl_add_extensions(&back, s, ski, e) < 0)
		return -1;
	/* assembled around the entries, which may have millions of bytes */
	if (der_add_head(out, DER_SEQUENCE, front.len + s->entries.len + back.len, e) < 0 ||
	    buf_add(out, front.data, front.len, e) < 0 || buf_add(out, s->entries.data, s->entries.len, e) < 0)
		return -1;
	return buf_add(out, back.data, back.len, e);
}

bool crl_tbs_alg(struct bytes *alg, struct bytes tbs)
{
	struct der_item all, version, item, name;

	if (!der_take(&tbs, DER_SEQUENCE, &all) || tbs.len != 0 || !der_take(&all.body, DER_INTEGER, &version) ||
	    version.all.len != sizeof(version_2) || memcmp(version.all.data, version_2, sizeof(version_2)) != 0 ||
	    !der_take(&all.body, DER_SEQUENCE, &item) || !der_take(&all.body, DER_SEQUENCE, &name))
		return false;
	*alg = item.all;
	return true;
}
