/* SPDX-License-Identifier: MIT */
/*
 * falsify.c - lies about keys, in front of the fault proxy.  P11FAULT_LIES is a list of words:
 *
 *	says:private:0x1=no  reading this attribute (a number of pkcs11t.h) of private or public keys answers: no,
 *	                     yes, odd (the byte 2), none (CKR_ATTRIBUTE_TYPE_INVALID), refused
 *	                     (CKR_ATTRIBUTE_SENSITIVE), empty (no bytes) or told (32 bytes, or their length)
 *	makes:private:0x1=no C_GenerateKeyPair makes the key with this value instead of the requested one: no or yes
 *	rsa:exponent-3       C_GenerateKeyPair makes an RSA key with the exponent 3; rsa:1024: one of 1024 bits
 *	finds:session        a search for CKA_TOKEN = true finds session objects as well
 *	point:FORM           CKA_EC_POINT is compressed, hybrid, bare (without its OCTET STRING), long (a length of
 *	                     more bytes than it needs) or trailing (a byte behind it)
 *	number:zeros         CKA_MODULUS and CKA_PUBLIC_EXPONENT begin with zeros
 *
 * P11FAULT_KEY: a file with lines "0x120 HEX" (attribute, value): C_GenerateKeyPair returns this RSA key.
 */
#include "falsify.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_FUNCTION_LIST below; /* what stands behind this file */

/* The value of the word that begins with key, in out; false: there is none. */
static bool lie_about(char out[16], const char *key)
{
	const char *p = getenv("P11FAULT_LIES");
	const size_t len = strlen(key);

	for (; p != NULL && *p != '\0'; p += strspn(p, " ")) {
		const size_t word = strcspn(p, " ");

		if (word > len && word - len < 16 && strncmp(p, key, len) == 0) {
			(void)snprintf(out, 16, "%.*s", (int)(word - len), p + len);
			return true;
		}
		p += word;
	}
	return false;
}

static bool lie_about_attribute(char out[16], const char *verb, bool is_private, CK_ATTRIBUTE_TYPE type)
{
	char key[48];

	(void)snprintf(key, sizeof(key), "%s:%s:0x%lx=", verb, is_private ? "private" : "public", type);
	return lie_about(out, key);
}

static void set_value(CK_ATTRIBUTE *a, const unsigned char *value, size_t len, CK_RV *rv)
{
	if (a->pValue != NULL && a->ulValueLen < len) {
		a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
		*rv = CKR_BUFFER_TOO_SMALL;
		return;
	}
	if (a->pValue != NULL)
		memcpy(a->pValue, value, len);
	a->ulValueLen = len;
	*rv = CKR_OK;
}

static CK_RV say(CK_ATTRIBUTE *a, const char *lie)
{
	static const struct {
		const char *word;
		unsigned char value;
	} bools[] = { { "no", CK_FALSE }, { "yes", CK_TRUE }, { "odd", 2 } };
	static const unsigned char secret[32];
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < sizeof(bools) / sizeof(bools[0]); i++)
		if (strcmp(lie, bools[i].word) == 0) {
			set_value(a, &bools[i].value, 1, &rv);
			return rv;
		}
	if (strcmp(lie, "told") == 0 || strcmp(lie, "empty") == 0) {
		set_value(a, secret, lie[0] == 't' ? sizeof(secret) : 0, &rv);
		return rv;
	}
	a->ulValueLen = CK_UNAVAILABLE_INFORMATION;
	return strcmp(lie, "refused") == 0 ? CKR_ATTRIBUTE_SENSITIVE : CKR_ATTRIBUTE_TYPE_INVALID;
}

/* value holds DER: an OCTET STRING of less than 128 bytes with an uncompressed point.  The new length. */
static size_t reshape_point(unsigned char out[300], const unsigned char *der, size_t len, const char *form)
{
	const unsigned char *point = der + 2;
	const size_t n = len - 2, half = (n - 1) / 2;
	const unsigned char odd = point[n - 1] & 1;

	memcpy(out, der, len);
	if (strcmp(form, "bare") == 0) {
		memcpy(out, point, n);
		return n;
	}
	if (strcmp(form, "hybrid") == 0)
		out[2] = 6 | odd;
	if (strcmp(form, "compressed") == 0) {
		out[1] = (unsigned char)(1 + half);
		out[2] = 2 | odd;
		return 3 + half;
	}
	if (strcmp(form, "long") == 0) {
		out[1] = 0x81;
		out[2] = (unsigned char)n;
		memcpy(out + 3, point, n);
		return len + 1;
	}
	if (strcmp(form, "trailing") == 0)
		out[len++] = 0;
	return len;
}

/* Reads the true value and answers with another encoding of it; false: nothing changes. */
static bool recode(CK_RV *rv, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a)
{
	unsigned char truth[1024] = { 0 }, other[1100] = { 0 };
	CK_ATTRIBUTE ask = { a->type, truth, sizeof(truth) };
	const bool is_number = a->type == CKA_MODULUS || a->type == CKA_PUBLIC_EXPONENT;
	char form[16];
	size_t len;

	if (!(a->type == CKA_EC_POINT && lie_about(form, "point:")) && !(is_number && lie_about(form, "number:")))
		return false;
	*rv = below.C_GetAttributeValue(session, object, &ask, 1);
	if (*rv != CKR_OK || ask.ulValueLen == CK_UNAVAILABLE_INFORMATION || ask.ulValueLen < 3 ||
	    (!is_number && ask.ulValueLen > 200))
		return false;
	if (is_number) {
		memcpy(other + 2, truth, ask.ulValueLen);
		len = ask.ulValueLen + 2;
	} else {
		len = reshape_point(other, truth, ask.ulValueLen, form);
	}
	set_value(a, other, len, rv);
	return true;
}

static CK_RV lying_C_GetAttributeValue(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *templ,
    CK_ULONG count)
{
	CK_OBJECT_CLASS class = CK_UNAVAILABLE_INFORMATION;
	CK_ATTRIBUTE ask = { CKA_CLASS, &class, sizeof(class) };
	char lie[16];
	CK_RV rv;

	if (count != 1 || below.C_GetAttributeValue(session, object, &ask, 1) != CKR_OK ||
	    (class != CKO_PRIVATE_KEY && class != CKO_PUBLIC_KEY))
		return below.C_GetAttributeValue(session, object, templ, count);
	if (lie_about_attribute(lie, "says", class == CKO_PRIVATE_KEY, templ->type))
		return say(templ, lie);
	if (recode(&rv, session, object, templ))
		return rv;
	return below.C_GetAttributeValue(session, object, templ, count);
}

/* Of an RSA key that is made, size and exponent. */
static void remake_rsa(CK_ATTRIBUTE *a)
{
	static unsigned char three[] = { 3 };
	static CK_ULONG bits = 1024;
	char lie[16];

	if (!lie_about(lie, "rsa:"))
		return;
	if (a->type == CKA_PUBLIC_EXPONENT && strcmp(lie, "exponent-3") == 0)
		*a = (CK_ATTRIBUTE){ a->type, three, sizeof(three) };
	if (a->type == CKA_MODULUS_BITS && strcmp(lie, "1024") == 0)
		*a = (CK_ATTRIBUTE){ a->type, &bits, sizeof(bits) };
}

static void remake(CK_ATTRIBUTE *out, const CK_ATTRIBUTE *templ, CK_ULONG n, bool is_private)
{
	static CK_BBOOL no = CK_FALSE, yes = CK_TRUE;
	char lie[16];

	for (CK_ULONG i = 0; i < n; i++) {
		out[i] = templ[i];
		remake_rsa(&out[i]);
		if (!lie_about_attribute(lie, "makes", is_private, templ[i].type))
			continue;
		out[i].pValue = strcmp(lie, "yes") == 0 ? &yes : &no;
		out[i].ulValueLen = sizeof(CK_BBOOL);
	}
}

#define ATTRIBUTES_MAX 32
/* The attributes of one half in the file, behind those of the template that an import takes, too. */
static CK_ULONG read_key(CK_ATTRIBUTE *out, CK_ULONG n, unsigned char *store, size_t size, bool is_private)
{
	static CK_OBJECT_CLASS classes[] = { CKO_PUBLIC_KEY, CKO_PRIVATE_KEY };
	static CK_KEY_TYPE rsa = CKK_RSA;
	FILE *f = fopen(getenv("P11FAULT_KEY"), "r");
	unsigned long type, byte;
	char line[1200];

	out[n++] = (CK_ATTRIBUTE){ CKA_CLASS, &classes[is_private], sizeof(CK_OBJECT_CLASS) };
	out[n++] = (CK_ATTRIBUTE){ CKA_KEY_TYPE, &rsa, sizeof(rsa) };
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		char *p = line, digits[3] = "";
		size_t len = 0;

		type = strtoul(p, &p, 0);
		if (!is_private && type != CKA_MODULUS && type != CKA_PUBLIC_EXPONENT)
			continue;
		for (p++; p[0] > ' ' && p[1] > ' ' && len < size; p += 2) {
			memcpy(digits, p, 2);
			byte = strtoul(digits, NULL, 16);
			store[len++] = (unsigned char)byte;
		}
		out[n++] = (CK_ATTRIBUTE){ type, store, len };
		store += len;
		size -= len;
	}
	if (f != NULL)
		(void)fclose(f);
	return n;
}

static CK_RV import_half(CK_SESSION_HANDLE session, const CK_ATTRIBUTE *templ, CK_ULONG n, bool is_private,
    CK_OBJECT_HANDLE *out)
{
	CK_ATTRIBUTE a[2 * ATTRIBUTES_MAX];
	unsigned char store[4096];
	CK_ULONG kept = 0;

	for (CK_ULONG i = 0; i < n; i++)
		if (templ[i].type != CKA_MODULUS_BITS && templ[i].type != CKA_PUBLIC_EXPONENT)
			a[kept++] = templ[i];
	kept = read_key(a, kept, store, sizeof(store), is_private);
	return below.C_CreateObject(session, a, kept, out);
}

static CK_RV lying_C_GenerateKeyPair(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism, CK_ATTRIBUTE *public,
    CK_ULONG n_public, CK_ATTRIBUTE *private, CK_ULONG n_private, CK_OBJECT_HANDLE *public_key,
    CK_OBJECT_HANDLE *private_key)
{
	CK_ATTRIBUTE a[ATTRIBUTES_MAX], b[ATTRIBUTES_MAX];

	if (n_public > ATTRIBUTES_MAX || n_private > ATTRIBUTES_MAX)
		return CKR_GENERAL_ERROR;
	remake(a, public, n_public, false);
	remake(b, private, n_private, true);
	if (getenv("P11FAULT_KEY") != NULL) {
		CK_RV rv = import_half(session, a, n_public, false, public_key);

		return rv != CKR_OK ? rv : import_half(session, b, n_private, true, private_key);
	}
	return below.C_GenerateKeyPair(session, mechanism, a, n_public, b, n_private, public_key, private_key);
}

static CK_RV lying_C_FindObjectsInit(CK_SESSION_HANDLE session, CK_ATTRIBUTE *templ, CK_ULONG count)
{
	CK_ATTRIBUTE kept[ATTRIBUTES_MAX];
	CK_ULONG n = 0;
	char lie[16];

	if (!lie_about(lie, "finds:") || count > ATTRIBUTES_MAX)
		return below.C_FindObjectsInit(session, templ, count);
	for (CK_ULONG i = 0; i < count; i++)
		if (templ[i].type != CKA_TOKEN)
			kept[n++] = templ[i];
	return below.C_FindObjectsInit(session, kept, n);
}

void falsify_install(CK_FUNCTION_LIST *list)
{
	below = *list;
	list->C_GetAttributeValue = lying_C_GetAttributeValue;
	list->C_GenerateKeyPair = lying_C_GenerateKeyPair;
	list->C_FindObjectsInit = lying_C_FindObjectsInit;
}
