/* SPDX-License-Identifier: MIT */
/* dn.c - see dn.h; also implements the distinguished names of name.h. */
#include "x509/dn.h"

#include <openssl/err.h>
#include <string.h>

#include "util/array.h"
#include "util/text.h"
#include "util/unicode.h"
#include "x509/der.h"
#include "x509/name.h"
#include "x509/ossl.h"

#define VALUE_MAX 256 /* bytes; the longest upper bound in the table is 255 characters of ASCII */

/*
 * RFC 4514, 3, and Active Directory's additions; OpenSSL knows the string type and upper bound of each (RFC 5280,
 * A.1).
 */
static const struct attribute_row {
	const char *name;
	int nid;
	bool may_repeat;             /* may be repeated: DC=contoso,DC=com; OU of an OU */
} attributes[] = {
	{ "CN", NID_commonName, false },
	{ "O", NID_organizationName, false },
	{ "OU", NID_organizationalUnitName, true },
	{ "C", NID_countryName, false },
	{ "ST", NID_stateOrProvinceName, false },
	{ "L", NID_localityName, false },
	{ "STREET", NID_streetAddress, false },
	{ "DC", NID_domainComponent, true },
	{ "UID", NID_userId, false },
	{ "serialNumber", NID_serialNumber, false },
	{ "emailAddress", NID_pkcs9_emailAddress, false },
};
#define N_ATTRIBUTES ARRAY_LEN(attributes)

static int not_a_dn(struct err *e, const char *text, const char *why)
{
	(void)err_set(e, ERR_USAGE, "'%s' is not a distinguished name: %s", text, why);
	e->hint = "write it as in RFC 4514: CN=Contoso P2S Root,O=Contoso; a comma inside a value is \\,";
	return -1;
}

static const struct attribute_row *find_attribute(const char *name, size_t len)
{
	for (size_t i = 0; i < N_ATTRIBUTES; i++)
		if (strlen(attributes[i].name) == len && strncasecmp(attributes[i].name, name, len) == 0)
			return &attributes[i];
	return NULL;
}

/* Decodes the character after a backslash (RFC 4514, 2.4): a special character, or two hex digits. -1: neither. */
static int dn_escaped(const char **p)
{
	int high = text_hex_digit(**p), low = high >= 0 ? text_hex_digit((*p)[1]) : -1;

	if (low >= 0) {
		*p += 2;
		return high * 16 + low;
	}
	if (**p == '\0' || strchr(" \"#+,;<=>\\", **p) == NULL)
		return -1;
	return *(*p)++;
}

/*
 * Reads a value up to the next unescaped comma or the end, and moves *p there. Returns NULL, or the text of an error.
 */
static const char *take_value(char value[VALUE_MAX], size_t *out_len, const char **p)
{
	size_t len = 0, kept = 0; /* up to the last character that is not an unescaped trailing space */

	*p += strspn(*p, " ");
	if (**p == '#')
		return "values in hex are not taken";
	while (**p != '\0' && **p != ',') {
		bool bare = **p != '\\';
		int c = bare ? *(*p)++ : ((*p)++, dn_escaped(p));

		if (c == -1 && !bare)
			return "a backslash stands before something that needs none";
		if (bare && strchr("+;<>\"", c) != NULL)
			return "put a backslash before + ; < > and \" (an RDN with several values is not accepted)";
		if (len >= VALUE_MAX - 1)
			return "a value is too long";
		value[len++] = (char)c;
		if (!bare || c != ' ')
			kept = len;
	}
	*out_len = kept;
	if (kept == 0)
		return "a value is empty";
	value[kept] = '\0';
	return memchr(value, '\0', kept) == NULL && name_characters_allowed(value) ?
	    NULL :
	    "a value is not UTF-8, or contains an invisible character or one of a script that is no longer in use";
}

static int take_attribute(X509_NAME *name, const char **p, const char *text, struct err *e)
{
	char value[VALUE_MAX];
	const struct attribute_row *row;
	const char *why;
	size_t len;

	*p += strspn(*p, " ");
	len = strcspn(*p, "=,");
	if ((*p)[len] != '=')
		return not_a_dn(e, text, "an attribute has no =");
	row = find_attribute(*p, len);
	if (row == NULL)
		return not_a_dn(e, text,
		    "use the attributes CN, O, OU, C, ST, L, STREET, DC, UID, serialNumber and emailAddress");
	if (!row->may_repeat && X509_NAME_get_index_by_NID(name, row->nid, -1) >= 0)
		return not_a_dn(e, text, "an attribute is repeated");
	*p += len + 1;
	why = take_value(value, &len, p);
	if (why != NULL)
		return not_a_dn(e, text, why);
	/* RFC 4514, 2.1: the text begins with the last element of the sequence. */
	if (X509_NAME_add_entry_by_NID(name, row->nid, MBSTRING_UTF8, (const unsigned char *)value, (int)len, 0, 0) !=
	    1)
		return ossl_fail(e, ERR_USAGE, "the value in '%s' is not valid for %s", text, row->name);
	return 0;
}

int name_parse(struct buf *der, const char *text, struct err *e)
{
	AUTO(X509_NAME) name = X509_NAME_new();
	const char *p = text;

	if (name == NULL)
		return err_oom(e);
	for (;; p++) {
		if (take_attribute(name, &p, text, e) < 0)
			return -1;
		if (*p == '\0')
			break;
	}
	if (X509_NAME_get_index_by_NID(name, NID_commonName, -1) < 0)
		return not_a_dn(e, text, "it has no CN");
	return der_add_item(der, name, ASN1_ITEM_rptr(X509_NAME), e);
}

static bool dn_add_text(X509_NAME *name, int nid, const char *value)
{
	return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)value, -1, -1, 0) == 1;
}

bool name_is_test(const char *subject)
{
	static const char mark[] = "O=TEST";

	for (const char *at = strstr(subject, mark); at != NULL; at = strstr(at + 1, mark)) {
		char after = at[sizeof(mark) - 1];

		if (after != '\0' && after != ',' && after != '+')
			continue;
		/* the comma of a value is escaped: CN=x\,O=TEST is one attribute */
		if (at == subject || ((at[-1] == ',' || at[-1] == '+') && (at - subject < 2 || at[-2] != '\\')))
			return true;
	}
	return false;
}

int name_from_cn(struct buf *der, const char *cn, bool is_test, struct err *e)
{
	AUTO(X509_NAME) name = X509_NAME_new();

	if (name == NULL || (is_test && !dn_add_text(name, NID_organizationName, "TEST")) ||
	    !dn_add_text(name, NID_commonName, cn))
		return ossl_fail(e, ERR_INPUT, "'%s' cannot be a commonName", cn);
	return der_add_item(der, name, ASN1_ITEM_rptr(X509_NAME), e);
}

static bool is_text_type(int type)
{
	static const int types[] = { V_ASN1_UTF8STRING, V_ASN1_PRINTABLESTRING, V_ASN1_IA5STRING, V_ASN1_BMPSTRING,
		V_ASN1_UNIVERSALSTRING, V_ASN1_T61STRING, V_ASN1_NUMERICSTRING };

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i] == type)
			return true;
	return false;
}

static void dn_read_entry(struct dn_facts *out, const X509_NAME_ENTRY *entry)
{
	const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
	bool is_cn = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) == NID_commonName;
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, value);
	const char *text = (const char *)utf8;

	if (len < 0 || !is_text_type(ASN1_STRING_type(value)) || !text_is_harmless(text, (size_t)len))
		out->is_text_bad = true;
	/* the last CN is the client's: names of Active Directory have the CNs of folders before it */
	if (is_cn && ++out->n_cn > 0 && len >= 0) {
		out->is_text_bad = out->is_text_bad || (size_t)len >= sizeof(out->cn) || !name_characters_allowed(text);
		(void)text_escape(out->cn, sizeof(out->cn), text, (size_t)len);
	}
	OPENSSL_free(utf8);
}

static void dn_format(char *out, size_t size, const X509_NAME *name)
{
	AUTO(BIO) bio = BIO_new(BIO_s_mem());
	int len;

	(void)snprintf(out, size, "(a name that is not text)");
	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) < 0)
		return;
	len = BIO_read(bio, out, (int)size - 1);
	out[len > 0 ? len : 0] = '\0'; /* an empty name prints nothing */
}

int dn_read(struct dn_facts *out, char *text, size_t size, struct bytes der, struct err *e)
{
	AUTO(X509_NAME) name = der_to_item(der, ASN1_ITEM_rptr(X509_NAME));

	if (name == NULL)
		return ossl_fail(e, ERR_INPUT, "a distinguished name is malformed");
	*out = (struct dn_facts){ 0 };
	for (int i = 0; i < X509_NAME_entry_count(name); i++)
		dn_read_entry(out, X509_NAME_get_entry(name, i));
	dn_format(text, size, name);
	ERR_clear_error(); /* errors about unconvertible texts: is_text_bad reports them */
	return 0;
}

void name_format(char *out, size_t size, struct bytes der)
{
	struct dn_facts facts;
	struct err e = ERR_INIT;

	if (dn_read(&facts, out, size, der, &e) < 0)
		(void)snprintf(out, size, "(not a name)");
}
