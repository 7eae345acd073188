/* SPDX-License-Identifier: MIT */
/* file_name.c - see file_name.h. */
#include "util/file_name.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "util/array.h"
#include "util/hash.h"

#define HASH_DIGITS 12
#define LOWER "abcdefghijklmnopqrstuvwxyz0123456789"
#define SAFE LOWER "ABCDEFGHIJKLMNOPQRSTUVWXYZ@._-"

static bool file_name_is_in(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Windows opens a device for these names, with any extension. */
static bool is_device(const char *name)
{
	static const char *const words[] = { "con", "prn", "aux", "nul" };
	const size_t len = strcspn(name, ".");

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (len == 3 && strncasecmp(name, words[i], 3) == 0)
			return true;
	return len == 4 && (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0) &&
	    file_name_is_in(name[3], "0123456789");
}

/* Whether text could be a name with an added hash. */
static bool ends_like_hash(const char *text, size_t len)
{
	return len > HASH_DIGITS && text[len - HASH_DIGITS - 1] == '-' &&
	    strspn(text + len - HASH_DIGITS, "0123456789abcdef") == HASH_DIGITS;
}

static bool is_own_name(const char *text, size_t size, bool any_case)
{
	const size_t len = strlen(text);

	return len > 0 && len < size && strspn(text, any_case ? SAFE : LOWER "@._-") == len &&
	    !file_name_is_in(text[0], "@._-") &&
	    text[len - 1] != '.' && !is_device(text) && !ends_like_hash(text, len);
}

/* Writes '_' for each character that is not safe, one '_' per UTF-8 character. */
static size_t copy_readable(char *out, size_t max, const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n < max; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			out[n++] = file_name_is_in(*text, SAFE) ? *text : '_';
	out[n] = '\0';
	if (n > 0 && (file_name_is_in(out[0], ".-@") || is_device(out)))
		out[0] = '_';
	return n;
}

int file_name_build(char *out, size_t size, const char *text, struct bytes identity, enum file_name_own own,
    struct err *e)
{
	char hash[SHA256_HEX];
	size_t n;

	if (own != OWN_NAME_NEVER && is_own_name(text, size, own == OWN_NAME_ANY_CASE)) {
		memcpy(out, text, strlen(text) + 1);
		return 0;
	}
	if (hash_sha256_hex(hash, identity, e) < 0)
		return -1;
	n = copy_readable(out, size - HASH_DIGITS - 2, text);
	out[n] = '-';
	memcpy(out + n + 1, hash, HASH_DIGITS);
	out[n + 1 + HASH_DIGITS] = '\0';
	if (n == 0)
		out[0] = '_';
	return 0;
}

static struct bytes file_name_bytes_of(const char *text, size_t len)
{
	return (struct bytes){ (const unsigned char *)text, len };
}

int file_name_of(char out[FILE_NAME_SIZE], const char *text, struct err *e)
{
	return file_name_build(
	    out, FILE_NAME_SIZE, text, file_name_bytes_of(text, strlen(text)), OWN_NAME_LOWER_CASE, e);
}

int file_name_of_client(char out[FILE_NAME_SIZE], const char *name, const char *device, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	AUTO_VALUE(buf) identity = { 0 };
	const size_t len = strlen(name);

	if (device[0] == '\0')
		return file_name_of(out, name, e);
	/* readable: NAME-DEVICE; the identity has a NUL between them, which neither can contain */
	if (buf_add(&identity, name, len + 1, e) < 0 || buf_add(&identity, device, strlen(device) + 1, e) < 0 ||
	    buf_add(&text, identity.data, identity.len, e) < 0)
		return -1;
	text.data[len] = '-';
	return file_name_build(out, FILE_NAME_SIZE, (const char *)text.data, buf_bytes(&identity), OWN_NAME_NEVER, e);
}
