/* SPDX-License-Identifier: MIT */
/*
 * uri.c - see uri.h.
 *
 * p11-kit's parser uses the last of two equal attributes, skips spaces, lets slot-id overflow and accepts older
 * names;
 * such URIs are refused before the parser is called.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <p11-kit/uri.h>

#include "tokens/internal.h"
#include "util/array.h"
#include "util/text.h"

#define SCHEME "pkcs11:"
#define URI_MAX 4096

struct token_uri {
	P11KitUri *uri;
	char *text;                  /* safe to print, without query */
	char id[2 * ID_MAX + 1];
	bool has_id, has_slot;
};

static const struct uri_attribute {
	const char *name;
	bool is_query;
	bool is_binary;              /* may hold a NUL */
} attributes[] = {
	{ "token", false, false },
	{ "manufacturer", false, false },
	{ "serial", false, false },
	{ "model", false, false },
	{ "library-manufacturer", false, false },
	{ "library-description", false, false },
	{ "library-version", false, false },
	{ "slot-manufacturer", false, false },
	{ "slot-description", false, false },
	{ "slot-id", false, false },
	{ "object", false, false },
	{ "type", false, false },
	{ "id", false, true },
	{ "pin-source", true, false },
	{ "pin-value", true, false },
	{ "module-name", true, false },
	{ "module-path", true, false },
};
#define N_ATTRIBUTES ARRAY_LEN(attributes)

static int uri_refuse(struct err *e, const char *why)
{
	(void)err_set(e, ERR_USAGE, "this PKCS#11 URI is refused: %s", why);
	e->hint = "see `p11ca token list` for URIs to paste";
	return -1;
}

static const struct uri_attribute *attribute_find(const char *name, size_t len, bool is_query)
{
	for (size_t i = 0; i < N_ATTRIBUTES; i++)
		if (attributes[i].is_query == is_query && strlen(attributes[i].name) == len &&
		    strncmp(attributes[i].name, name, len) == 0)
			return &attributes[i];
	return NULL;
}

/* RFC 3986, 2.1; RFC 7512, 2.3: every character outside its pchar set is percent-encoded. */
static int check_value(const char *at, size_t len, bool is_binary, struct err *e)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)at[i];

		if (c <= 0x20 || c >= 0x7f || strchr("\"<>\\^`{}#", c) != NULL)
			return uri_refuse(e, "a character in it must be percent-encoded");
		if (c != '%')
			continue;
		if (len - i < 3 || !isxdigit((unsigned char)at[i + 1]) || !isxdigit((unsigned char)at[i + 2]))
			return uri_refuse(e, "its percent-encoding is broken");
		if (!is_binary && at[i + 1] == '0' && at[i + 2] == '0')
			return uri_refuse(e, "it hides a NUL");
	}
	return 0;
}

static int refuse_pin(struct err *e)
{
	(void)uri_refuse(e, "it has a PIN in it (pin-value), which others can read");
	e->hint = "name a source instead: --pin-source, or pin-source= in the URI";
	return -1;
}

static int uri_check_one(const char *at, size_t len, bool is_query, unsigned *seen, struct err *e)
{
	const char *equals = memchr(at, '=', len);
	const struct uri_attribute *a;
	size_t name_len;

	if (equals == NULL)
		return uri_refuse(e, "one of its parts is no attribute with a value");
	name_len = (size_t)(equals - at);
	a = attribute_find(at, name_len, is_query);
	if (a == NULL && (a = attribute_find(at, name_len, true)) != NULL && strcmp(a->name, "pin-value") == 0)
		return refuse_pin(e); /* many published commands put it before the '?' */
	if (a != NULL && a->is_query != is_query) {
		(void)err_set(e, ERR_USAGE, "this PKCS#11 URI is refused: %s belongs behind a '?'", a->name);
		e->hint = "write pkcs11:token=LABEL?ATTRIBUTE=VALUE (RFC 7512)";
		return -1;
	}
	if (a == NULL)
		return uri_refuse(e, "it has an attribute that p11ca does not know");
	if (*seen & 1U << (a - attributes))
		return uri_refuse(e, "it has an attribute twice");
	*seen |= 1U << (a - attributes);
	if (strcmp(a->name, "pin-value") == 0)
		return refuse_pin(e);
	if (strcmp(a->name, "slot-id") == 0) {
		char digits[11] = "";
		unsigned unused;

		if (len - name_len - 1 < sizeof(digits))
			memcpy(digits, equals + 1, len - name_len - 1);
		if (!text_to_unsigned(digits, &unused))
			return uri_refuse(e, "its slot-id is no slot number");
	}
	return check_value(equals + 1, len - name_len - 1, a->is_binary, e);
}

static int uri_check_list(const char *at, size_t len, bool is_query, unsigned *seen, struct err *e)
{
	while (len > 0) {
		const char *end = memchr(at, is_query ? '&' : ';', len);
		size_t one = end != NULL ? (size_t)(end - at) : len;

		if (uri_check_one(at, one, is_query, seen, e) < 0)
			return -1;
		if (end != NULL && one + 1 == len)
			return uri_refuse(e, "it ends in the middle");
		at += end != NULL ? one + 1 : one;
		len -= end != NULL ? one + 1 : one;
	}
	return 0;
}

static int uri_check(const char *text, struct err *e)
{
	const char *path = text + strlen(SCHEME);
	size_t path_len = strcspn(path, "?");
	unsigned seen = 0;

	if (strncmp(text, SCHEME, strlen(SCHEME)) != 0)
		return uri_refuse(e, "the scheme is written in small letters");
	if (uri_check_list(path, path_len, false, &seen, e) < 0)
		return -1;
	if (path[path_len] == '\0')
		return 0;
	if (path[path_len + 1] == '\0')
		return uri_refuse(e, "it ends in the middle");
	return uri_check_list(path + path_len + 1, strlen(path + path_len + 1), true, &seen, e);
}

static int take_id(struct token_uri *u, struct err *e)
{
	CK_ATTRIBUTE *id = p11_kit_uri_get_attribute(u->uri, CKA_ID);

	if (id == NULL)
		return 0;
	if (id->ulValueLen == 0 || id->ulValueLen > ID_MAX)
		return uri_refuse(e, "its id is empty or longer than 64 bytes");
	text_hex(u->id, sizeof(u->id), (struct bytes){ id->pValue, id->ulValueLen });
	u->has_id = true;
	return 0;
}

static int uri_parse_uri(struct token_uri *u, const char *text, struct err *e)
{
	int result;

	if (uri_check(text, e) < 0)
		return -1;
	result = p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, u->uri);
	if (result == P11_KIT_URI_NO_MEMORY)
		return err_oom(e);
	if (result != P11_KIT_URI_OK || p11_kit_uri_any_unrecognized(u->uri))
		return uri_refuse(e, "one of its values is malformed or too long");
	u->has_slot = p11_kit_uri_get_slot_id(u->uri) != (CK_SLOT_ID)-1;
	return take_id(u, e);
}

/* PKCS#11 fields are padded with spaces; a field that begins with NUL was not given. */
static void fill_field(unsigned char *field, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len == 0)
		return;
	memset(field, ' ', size);
	memcpy(field, text, len < size ? len : size);
}

static int parse_label(struct token_uri *u, const char *text, struct err *e)
{
	CK_TOKEN_INFO *info = p11_kit_uri_get_token_info(u->uri);

	if (text[0] == '\0' || strlen(text) > sizeof(info->label)) {
		(void)err_set(e, ERR_USAGE, "a token label has 1 to %zu bytes", sizeof(info->label));
		e->hint = "see `p11ca token list` for the tokens that are there";
		return -1;
	}
	fill_field(info->label, sizeof(info->label), text);
	return 0;
}

static char *safe_copy(const char *text, size_t len)
{
	size_t size = 4 * len + 1; /* \xNN for every byte */
	char *out = malloc(size);

	if (out != NULL)
		(void)print_safe(out, size, text, len);
	return out;
}

int uri_parse(struct token_uri **out, const char *text, struct err *e)
{
	AUTO_STRUCT(token_uri) u = NULL;
	bool is_uri = strncasecmp(text, SCHEME, strlen(SCHEME)) == 0;

	if (strnlen(text, URI_MAX + 1) > URI_MAX)
		return uri_refuse(e, "it is longer than 4 KiB");
	if (strcasestr(text, "pin-value") != NULL) /* in a label or another value, too, because those are printed */
		return refuse_pin(e);
	u = calloc(1, sizeof(*u));
	if (u == NULL || (u->uri = p11_kit_uri_new()) == NULL ||
	    (u->text = safe_copy(text, is_uri ? strcspn(text, "?") : strlen(text))) == NULL)
		return err_oom(e);
	if ((is_uri ? uri_parse_uri(u, text, e) : parse_label(u, text, e)) < 0)
		return -1;
	*out = STEAL(u);
	return 0;
}

void uri_free(struct token_uri *u)
{
	if (u == NULL)
		return;
	if (u->uri != NULL)
		p11_kit_uri_free(u->uri);
	free(u->text);
	free(u);
}

const char *uri_module_path(const struct token_uri *u)
{
	return p11_kit_uri_get_module_path(u->uri);
}

const char *uri_pin_source(const struct token_uri *u)
{
	return p11_kit_uri_get_pin_source(u->uri);
}

const char *uri_id_hex(const struct token_uri *u)
{
	return u->has_id ? u->id : NULL;
}

const char *uri_text(const struct token_uri *u)
{
	return u->text;
}

bool module_name_fits(const char *name, const char *path)
{
	const char *base = strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path;
	const char *stem = strncmp(base, "lib", 3) == 0 && strncmp(name, "lib", 3) != 0 ? base + 3 : base;
	size_t len = strlen(name);

	return strncmp(stem, name, len) == 0 && (stem[len] == '\0' || strncmp(stem + len, ".so", 3) == 0);
}

/* p11-kit compares with spaces after the text, as the standard requires; tpm2-pkcs11 1.9 has NULs there. */
static void uri_pad(unsigned char *field, size_t size)
{
	size_t len = strnlen((const char *)field, size);

	memset(field + len, ' ', size - len);
}

static bool uri_fits(P11KitUri *uri, CK_INFO module, CK_SLOT_INFO slot, CK_TOKEN_INFO token)
{
	const struct {
		unsigned char *at;
		size_t size;
	} fields[] = {
		{ module.manufacturerID, sizeof(module.manufacturerID) },
		{ module.libraryDescription, sizeof(module.libraryDescription) },
		{ slot.manufacturerID, sizeof(slot.manufacturerID) },
		{ slot.slotDescription, sizeof(slot.slotDescription) },
		{ token.label, sizeof(token.label) },
		{ token.manufacturerID, sizeof(token.manufacturerID) },
		{ token.model, sizeof(token.model) },
		{ token.serialNumber, sizeof(token.serialNumber) },
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		uri_pad(fields[i].at, fields[i].size);
	return p11_kit_uri_match_module_info(uri, &module) && p11_kit_uri_match_slot_info(uri, &slot) &&
	    p11_kit_uri_match_token_info(uri, &token);
}

bool uri_matches(const struct token_uri *u, const struct module *m, CK_SLOT_ID slot, const CK_SLOT_INFO *slot_info,
    const CK_TOKEN_INFO *token_info)
{
	const char *name = p11_kit_uri_get_module_name(u->uri);

	if (name != NULL && !module_name_fits(name, m->info.path))
		return false;
	if (u->has_slot && p11_kit_uri_get_slot_id(u->uri) != slot)
		return false;
	return uri_fits(u->uri, m->raw, *slot_info, *token_info);
}

static int set_object(P11KitUri *uri, const char *class_name, const char *id_hex, struct err *e)
{
	static const struct {
		const char *name;
		CK_OBJECT_CLASS class;
	} classes[] = {
		{ "private", CKO_PRIVATE_KEY }, { "public", CKO_PUBLIC_KEY }, { "cert", CKO_CERTIFICATE },
		{ "data", CKO_DATA }, { "secret-key", CKO_SECRET_KEY },
	};
	struct attrs a = { .n = 0 };
	struct id id;

	if (id_hex[0] != '\0') {
		if (id_parse(&id, id_hex, e) < 0)
			return -1;
		attrs_add(&a, CKA_ID, id.data, id.len);
	}
	for (size_t i = 0; class_name != NULL && i < ARRAY_LEN(classes); i++)
		if (strcmp(classes[i].name, class_name) == 0)
			attrs_add(&a, CKA_CLASS, &classes[i].class, sizeof(classes[i].class));
	for (CK_ULONG i = 0; i < a.n; i++)
		if (p11_kit_uri_set_attribute(uri, &a.all[i]) != P11_KIT_URI_OK)
			return err_oom(e);
	return 0;
}

int uri_format_object(char *out, size_t size, const struct token_info *info, const char *class_name, const char *id_hex,
    struct err *e)
{
	AUTO_STRUCT(token_uri) u = calloc(1, sizeof(*u)); /* for uri_free() */
	CK_TOKEN_INFO *raw;
	char *text = NULL;
	size_t len;

	if (u == NULL || (u->uri = p11_kit_uri_new()) == NULL)
		return err_oom(e);
	raw = p11_kit_uri_get_token_info(u->uri);
	fill_field(raw->label, sizeof(raw->label), info->label);
	fill_field(raw->manufacturerID, sizeof(raw->manufacturerID), info->manufacturer);
	fill_field(raw->model, sizeof(raw->model), info->model);
	fill_field(raw->serialNumber, sizeof(raw->serialNumber), info->serial);
	if (set_object(u->uri, class_name, id_hex, e) < 0)
		return -1;
	if (p11_kit_uri_format(u->uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN, &text) != P11_KIT_URI_OK)
		return err_set(e, ERR_INTERNAL, "cannot write a PKCS#11 URI");
	len = strlen(text);
	if (len < size)
		memcpy(out, text, len + 1);
	free(text);
	return len < size ? 0 : err_set(e, ERR_INTERNAL, "a PKCS#11 URI of %zu bytes does not fit", len);
}

int uri_format_token(char *out, size_t size, const struct token_info *info, struct err *e)
{
	return uri_format_object(out, size, info, NULL, "", e);
}
