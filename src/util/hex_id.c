/* SPDX-License-Identifier: MIT */
/* hex_id.c - see hex_id.h. */
#include "util/array.h"
#include "util/hex_id.h"

#include <ctype.h>
#include <string.h>

#define TEXT_MAX    512
#define GROUPS_FROM 16 /* digits; a shorter text in groups may be a name */

static const struct {
	const char *bytes, *instead;
} replacements[] = {
	{ "\xc2\xa0", " " },
	{ "\xe2\x80\xaf", " " },
	{ "\xe2\x80\x89", " " }, /* no-break, narrow, thin space */
	{ "\t", " " },
	{ "\r", " " },
	{ "\n", " " },
	{ "\xe2\x80\x8b", "" },
	{ "\xe2\x80\x8c", "" },
	{ "\xe2\x80\x8d", "" },
	{ "\xe2\x80\x8e", "" },
	{ "\xe2\x80\x8f", "" },
	{ "\xe2\x80\xaa", "" },
	{ "\xe2\x80\xab", "" },
	{ "\xe2\x80\xac", "" },
	{ "\xe2\x80\xad", "" },
	{ "\xe2\x80\xae", "" },
	{ "\xe2\x81\xa0", "" },
	{ "\xe2\x81\xa6", "" },
	{ "\xe2\x81\xa7", "" },
	{ "\xe2\x81\xa8", "" },
	{ "\xe2\x81\xa9", "" },
	{ "\xef\xbb\xbf", "" },
};

/* Converts to lower case with ASCII spaces, and removes invisible characters. */
static bool hex_id_simplify(char out[TEXT_MAX], const char *text)
{
	size_t n = 0;

	while (*text != '\0') {
		size_t i = 0, len = 0;

		if (n + 2 > TEXT_MAX)
			return false;
		for (; i < ARRAY_LEN(replacements); i++) {
			len = strlen(replacements[i].bytes);
			if (strncmp(text, replacements[i].bytes, len) == 0)
				break;
		}
		if (i == ARRAY_LEN(replacements)) {
			out[n++] = (char)tolower((unsigned char)*text++);
			continue;
		}
		if (replacements[i].instead[0] != '\0')
			out[n++] = replacements[i].instead[0];
		text += len;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return true;
}

static bool hex_id_is_word(const char *word, size_t len)
{
	static const char *const words[] = { "sha", "sha1", "sha256", "1", "256", "fingerprint", "thumbprint", "serial",
		"serialnumber", "number", "cert", "certificate", "hash", "hex", "x509v3" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i]) == len && strncmp(words[i], word, len) == 0)
			return true;
	return false;
}

/* The number after a label such as "WORDS=" or "WORDS:", if all words are known words of labels. */
static const char *skip_label(const char *text)
{
	const char *at = text + strspn(text, " ");
	unsigned n = 0;

	text = at;
	for (size_t len; len = strcspn(at, " ()-_=:"), len > 0 && hex_id_is_word(at, len); n++) {
		at += len;
		at += strspn(at, " ()-_");
	}
	at = n > 0 && (*at == '=' || *at == ':') ? at + 1 : text;
	at += strspn(at, " ");
	return strncmp(at, "0x", 2) == 0 ? at + 2 : at;
}

/* Whether groups have the same size; the last may be shorter, as openssl and certutil print them. */
static bool is_group(size_t len, size_t first, bool is_last)
{
	return len == first || (is_last && len < first && len % 2 == 0);
}

bool hex_id_parse(char *out, size_t size, const char *text)
{
	char simple[TEXT_MAX];
	const char *at;
	char mark = '\0';
	size_t first = 0, n = 0;

	if (!hex_id_simplify(simple, text))
		return false;
	at = skip_label(simple);
	for (;;) {
		const size_t len = strspn(at, "0123456789abcdef");

		first = first == 0 ? len : first;
		if (len == 0 || n + len >= size || !is_group(len, first, at[len] == '\0'))
			return false;
		memcpy(out + n, at, len);
		n += len;
		at += len;
		if (*at == '\0')
			break;
		mark = mark == '\0' ? *at : mark;
		if (*at != mark || strchr(" :-", mark) == NULL || (first != 2 && first != 4 && first != 8))
			return false;
		at += mark == ' ' ? strspn(at, " ") : 1;
	}
	out[n] = '\0';
	return mark == '\0' || mark == ':' || n >= GROUPS_FROM;
}
