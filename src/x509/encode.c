/* SPDX-License-Identifier: MIT */
/* encode.c - see encode.h. */
#include "x509/encode.h"

#include <limits.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/base64.h"
#include "util/hash.h"
#include "util/hex_id.h"
#include "util/text_decode.h"
#include "x509/cms.h"
#include "x509/der.h"
#include "x509/ossl.h"

static const char begin[] = "-----BEGIN ";
static const char white[] = " \t\r\n";

static const struct label_row {
	const char *label;           /* labels of RFC 7468, 5, 7 and 9, and of older software */
	enum der_kind kind;
} labels[] = {
	{ PEM_STRING_X509, DER_CERT },
	{ PEM_STRING_X509_OLD, DER_CERT },
	{ PEM_STRING_X509_REQ, DER_REQUEST },
	{ PEM_STRING_X509_REQ_OLD, DER_REQUEST },
	{ PEM_STRING_CMS, DER_CMS },
	{ PEM_STRING_PKCS7, DER_CMS },
	{ PEM_STRING_PKCS7_SIGNED, DER_CMS },
	{ PEM_STRING_X509_CRL, DER_CRL },
};

static const struct {
	const char *text, *label;    /* text for messages; label for writing */
} kinds[] = {
	[DER_CERT] = { "a certificate", PEM_STRING_X509 },
	[DER_REQUEST] = { "a certificate request", PEM_STRING_X509_REQ },
	[DER_CMS] = { "a CMS message", PEM_STRING_CMS },
	[DER_CRL] = { "a certificate revocation list", PEM_STRING_X509_CRL },
	[DER_CERTS] = { "a certificate or PKCS#7 message", PEM_STRING_X509 },
};

static bool is_label_of(const char *label, enum der_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(labels); i++)
		if (strcmp(labels[i].label, label) == 0)
			return labels[i].kind == kind ||
			    (kind == DER_CERTS && (labels[i].kind == DER_CERT || labels[i].kind == DER_CMS));
	return false;
}

static bool encode_has(struct bytes b, const char *text)
{
	return b.len > 0 && memmem(b.data, b.len, text, strlen(text)) != NULL;
}

static bool is_white(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (memchr(white, b.data[i], sizeof(white) - 1) == NULL)
			return false;
	return true;
}

static int refuse_label(const char *label, enum der_kind kind, struct err *e)
{
	(void)err_set(e, ERR_INPUT, "the file contains '%.60s', not %s", label, kinds[kind].text);
	e->hint = "give the file with the object that is wanted";
	if (is_label_of(label, DER_REQUEST))
		e->hint = "give a certificate; `p11ca client issue` takes requests";
	if (kind == DER_REQUEST)
		e->hint = "give the request that the client's software wrote, often *.csr";
	return -1;
}

/* Reads the next PEM object. *found false: no object left. */
static int take_pem(BIO *bio, enum der_kind kind, bool *found, struct buf *out, struct err *e)
{
	char *label = NULL, *header = NULL;
	unsigned char *der = NULL;
	long len = 0;
	int result = 0;

	*found = PEM_read_bio(bio, &label, &header, &der, &len) == 1;
	if (*found && !is_label_of(label, kind))
		result = refuse_label(label, kind, e);
	else if (*found && header[0] != '\0')
		result = err_set(e, ERR_INPUT, "the PEM text contains headers, as in encrypted keys");
	else if (*found)
		result = buf_add(out, der, (size_t)len, e);
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_free(der);
	return result;
}

static struct bytes rest_of(BIO *bio)
{
	const char *at;
	long len = BIO_get_mem_data(bio, &at);

	return (struct bytes){ (const unsigned char *)at, (size_t)len };
}

static int add_one_der(struct buf *out, struct bytes der, enum der_kind kind, struct err *e)
{
	struct der_item item;
	struct bytes rest = der;

	if (der_is_one(der, DER_SEQUENCE))
		return buf_add(out, der.data, der.len, e);
	if (der.len > 0 && der.data[0] != DER_SEQUENCE)
		return err_set(e, ERR_INPUT, "the content is not %s: it is not DER", kinds[kind].text);
	if (der_next(&rest, &item))
		return err_set(e, ERR_INPUT, "%zu bytes follow %s", rest.len, kinds[kind].text);
	return err_set(e, ERR_INPUT, "the DER of %s is damaged or cut off", kinds[kind].text);
}

static int from_pem(struct buf *out, struct bytes file, enum der_kind kind, struct err *e)
{
	AUTO(BIO) bio = BIO_new_mem_buf(file.data, (int)file.len);
	AUTO_VALUE(buf) der = { 0 };
	bool found = false;

	if (bio == NULL)
		return err_oom(e);
	if (take_pem(bio, kind, &found, &der, e) < 0)
		return -1;
	if (!found)
		return ossl_fail(e, ERR_INPUT, "the PEM text is damaged");
	if (encode_has(rest_of(bio), begin))
		return err_set(e, ERR_INPUT, "more than one object in the file, where %s is wanted", kinds[kind].text);
	if (!is_white(rest_of(bio))) {
		(void)err_set(e, ERR_INPUT, "something follows %s", kinds[kind].text);
		e->hint = "remove the text below the line -----END; text above -----BEGIN is accepted";
		return -1;
	}
	return add_one_der(out, buf_bytes(&der), kind, e);
}

static bool encode_is_base64(struct bytes file)
{
	static const char alphabet[] = BASE64_CHARACTERS "\r\n";

	for (size_t i = 0; i < file.len; i++)
		if (memchr(alphabet, file.data[i], sizeof(alphabet) - 1) == NULL)
			return false;
	return file.len > 0;
}

static bool encode_is_text(struct bytes decoded)
{
	return encode_has(decoded, begin) || text_is_utf16(decoded);
}

/* The most frequent mistake of uploads: az and ARM want the base64 of DER, but the whole PEM file was encoded. */
static int refuse_twice(struct err *e)
{
	(void)err_set(e, ERR_INPUT, "the text is the base64 of a PEM file: it is encoded twice");
	e->hint = "decode the file once, with `openssl base64 -d -A -in FILE`, and give the result";
	return -1;
}

static int from_base64(struct buf *out, struct bytes file, enum der_kind kind, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };

	if (base64_decode(&der, file, e) < 0)
		return -1;
	if (encode_is_text(buf_bytes(&der)))
		return refuse_twice(e);
	return add_one_der(out, buf_bytes(&der), kind, e);
}

/* Removes the byte order mark, decodes UTF-16 into store, and refuses bytes that no reader below should see. */
static int encode_prepare(struct bytes *file, struct buf *store, struct err *e)
{
	if (text_decode(file, store, *file, e) < 0)
		return -1;
	if (file->len > INT_MAX / 2)
		return err_set(e, ERR_INPUT, "the file is too large");
	if (encode_has(*file, "PRIVATE KEY-----")) {
		(void)err_set(e, ERR_INPUT, "the file contains a private key, which p11ca does not read");
		e->hint = "give a file with the public part only; anyone who can read this file has the key";
		return -1;
	}
	return 0;
}

/* A text may begin with '0', the tag of a SEQUENCE, but has no small tags and lengths as a SEQUENCE has. */
static bool is_der(struct bytes file)
{
	if (file.len == 0 || file.data[0] != DER_SEQUENCE)
		return false;
	for (size_t i = 1; i < file.len; i++)
		if (file.data[i] < ' ' && memchr(white, file.data[i], sizeof(white) - 1) == NULL)
			return true;
	return false;
}

static bool has_only(struct bytes b, const char *set)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.data[i] == '\0' || strchr(set, b.data[i]) == NULL)
			return false;
	return b.len > 0;
}

/* Hex digits are also base64 digits, so hex is checked first. */
static bool is_thumbprint(struct bytes file)
{
	char number[SHA256_HEX], text[256];

	if (file.len >= sizeof(text))
		return false;
	(void)snprintf(text, sizeof(text), "%.*s", (int)file.len, (const char *)file.data);
	return hex_id_parse(number, sizeof(number), text) &&
	    (strlen(number) == SHA1_HEX - 1 || strlen(number) == SHA256_HEX - 1);
}

/* Describes a text that is neither PEM nor DER nor base64, for the message: static text. */
static const char *text_form(struct bytes file)
{
	static const char base64[] = BASE64_CHARACTERS "\r\n";
	char with_more[sizeof(base64) + 4];

	if (is_white(file))
		return "there is nothing in it";
	if (is_thumbprint(file))
		return "it is a thumbprint";
	(void)snprintf(with_more, sizeof(with_more), "%s \t", base64);
	if (has_only(file, with_more))
		return "there are blanks between its base64 characters";
	(void)snprintf(with_more, sizeof(with_more), "%s-_", base64);
	if (has_only(file, with_more))
		return "it is base64url, with - and _ for + and /";
	(void)snprintf(with_more, sizeof(with_more), "%s\"'", base64);
	if (has_only(file, with_more))
		return "there are quotation marks around it";
	for (size_t i = 0; i < file.len; i++)
		if (file.data[i] >= 0x80)
			return "it has characters that are not ASCII, which may be invisible";
	return "neither PEM nor DER nor base64";
}

static int by_what_it_is(struct buf *out, struct bytes file, enum der_kind kind, struct err *e)
{
	if (is_der(file))
		return add_one_der(out, file, kind, e);
	if (encode_has(file, begin))
		return from_pem(out, file, kind, e);
	if (encode_is_base64(file) && !is_thumbprint(file))
		return from_base64(out, file, kind, e);
	return err_set(e, ERR_INPUT, "not %s: %s", kinds[kind].text, text_form(file));
}

static int hint_of_form(struct err *e)
{
	if (e->status == ERR_INPUT && e->hint == NULL)
		e->hint = "give the file as its maker wrote it: PEM, DER, or the base64 of DER";
	return -1;
}

int der_from_file(struct buf *out, struct bytes file, enum der_kind kind, struct err *e)
{
	AUTO_VALUE(buf) store = { 0 };

	return encode_prepare(&file, &store, e) < 0 || by_what_it_is(out, file, kind, e) < 0 ? hint_of_form(e) : 0;
}

/* By structure: in the TBS of a request, at most three SEQUENCEs follow the INTEGER (RFC 2986, 4.1). */
static enum der_kind kind_of_der(struct bytes der)
{
	struct der_item all, tbs, item;
	unsigned n = 0;

	if (x509_is_cms(der))
		return DER_CMS;
	if (!der_take(&der, DER_SEQUENCE, &all) || !der_take(&all.body, DER_SEQUENCE, &tbs))
		return DER_CERT;
	if (der_take(&tbs.body, DER_CONTEXT_0, &item))
		return DER_CERT;
	if (!der_take(&tbs.body, DER_INTEGER, &item))
		return DER_CRL;
	while (der_take(&tbs.body, DER_SEQUENCE, &item))
		n++;
	if (n < 3 && (der_take(&tbs.body, DER_UTC_TIME, &item) || der_take(&tbs.body, DER_GENERALIZED_TIME, &item)))
		return DER_CRL;
	return n < 3 ? DER_REQUEST : DER_CERT;
}

/* By the label of the first PEM object; the reader checks the content. */
static enum der_kind kind_of_pem(struct bytes file)
{
	const struct bytes at = { memmem(file.data, file.len, begin, strlen(begin)), 0 };
	const char *label = (const char *)at.data + strlen(begin);
	const size_t left = file.len - (size_t)((const unsigned char *)label - file.data);

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		const size_t len = strlen(labels[i].label);

		if (left > len && strncmp(label, labels[i].label, len) == 0 && label[len] == '-')
			return labels[i].kind;
	}
	return DER_CERT;
}

enum der_kind der_kind_of_file(struct bytes file)
{
	AUTO_VALUE(buf) store = { 0 };
	AUTO_VALUE(buf) der = { 0 };
	struct err ignored;

	if (encode_prepare(&file, &store, &ignored) < 0)
		return DER_CERT;
	if (!is_der(file) && encode_has(file, begin))
		return kind_of_pem(file);
	if (!is_der(file) && (!encode_is_base64(file) || from_base64(&der, file, DER_CERT, &ignored) < 0))
		return DER_CERT;
	return kind_of_der(is_der(file) ? file : buf_bytes(&der));
}

struct taking {
	size_t n, max;
	der_fn *fn;
	void *arg;
};

static int take_one(struct bytes der, void *arg, struct err *e)
{
	struct taking *t = arg;

	if (t->n == t->max)
		return err_set(e, ERR_INPUT, "more than %zu certificates in the file", t->max);
	if (!der_is_one(der, DER_SEQUENCE))
		return err_set(e, ERR_INPUT, "object %zu of the file is not a certificate", t->n + 1);
	t->n++;
	return t->fn(der, t->arg, e);
}

/* By content, because AD CS writes PKCS#7 under the label of a certificate. */
static int take_certs(struct bytes der, struct taking *t, struct err *e)
{
	return x509_is_cms(der) ? x509_cms_certs(der, take_one, t, e) : take_one(der, t, e);
}

static int each_pem(struct bytes file, struct taking *t, struct err *e)
{
	AUTO(BIO) bio = BIO_new_mem_buf(file.data, (int)file.len);

	if (bio == NULL)
		return err_oom(e);
	while (encode_has(rest_of(bio), begin)) {
		AUTO_VALUE(buf) der = { 0 };
		bool found = false;

		if (take_pem(bio, DER_CERTS, &found, &der, e) < 0)
			return -1;
		if (!found)
			return ossl_fail(e, ERR_INPUT, "the PEM text is damaged after %zu certificates", t->n);
		if (take_certs(buf_bytes(&der), t, e) < 0)
			return -1;
	}
	return 0;
}

int der_each_cert(struct bytes file, size_t max, der_fn *fn, void *arg, struct err *e)
{
	struct taking t = { .max = max, .fn = fn, .arg = arg };
	AUTO_VALUE(buf) store = { 0 };
	AUTO_VALUE(buf) der = { 0 };

	if (encode_prepare(&file, &store, e) < 0)
		return -1;
	if (!is_der(file) && encode_has(file, begin))
		return each_pem(file, &t, e);
	if (der_from_file(&der, file, DER_CERTS, e) < 0)
		return -1;
	return take_certs(buf_bytes(&der), &t, e);
}

static int to_der(struct buf *out, struct bytes der, enum der_kind kind, struct err *e)
{
	(void)kind;
	return buf_add(out, der.data, der.len, e);
}

static int to_base64(struct buf *out, struct bytes der, enum der_kind kind, struct err *e)
{
	(void)kind;
	return base64_encode(out, der, 0, "", e);
}

static int to_pem(struct buf *out, struct bytes der, enum der_kind kind, struct err *e)
{
	return pem_encode(out, kinds[kind].label, der, e);
}

/* Windows' "Base-64 encoded X.509 (.CER)", the format for Azure's portal: PEM with CRLF. */
static int to_cer(struct buf *out, struct bytes der, enum der_kind kind, struct err *e)
{
	AUTO_VALUE(buf) pem = { 0 };

	if (to_pem(&pem, der, kind, e) < 0)
		return -1;
	for (size_t i = 0; i < pem.len; i++)
		if ((pem.data[i] == '\n' && buf_add(out, "\r", 1, e) < 0) || buf_add(out, &pem.data[i], 1, e) < 0)
			return -1;
	return 0;
}

static const struct format_row {
	const char *name;
	int (*encode)(struct buf *out, struct bytes der, enum der_kind kind, struct err *e);
} formats[] = {
	{ "base64", to_base64 },
	{ "cer", to_cer },
	{ "pem", to_pem },
	{ "der", to_der },
};
#define N_FORMATS ARRAY_LEN(formats)

const char *der_format_at(size_t i)
{
	return i < N_FORMATS ? formats[i].name : NULL;
}

int der_encode(struct buf *out, struct bytes der, enum der_kind kind, const char *format, struct err *e)
{
	if (der.len > INT_MAX / 2)
		return err_set(e, ERR_INTERNAL, "too large for an encoding");
	for (size_t i = 0; i < N_FORMATS; i++)
		if (strcmp(formats[i].name, format) == 0)
			return formats[i].encode(out, der, kind, e);
	(void)err_set(e, ERR_USAGE, "no certificate format is called '%s'", format);
	e->hint = "the formats are: base64 cer pem der";
	return -1;
}
