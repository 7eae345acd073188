/* SPDX-License-Identifier: MIT */
/* unicode.c - see unicode.h.  Only this file, unicode_visible.c and screen.c know libunistring. */
#include "util/unicode.h"

#include <idn2.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "util/array.h"
#include "util/bytes.h"

#define IDEOGRAPHIC_FULL_STOP 0x3002 /* UTS #46 maps it to a dot */
#define MARKS_MAX 4 /* UTS #39, 5.4: no language writes more than four nonspacing marks */

/* UAX #31, table 5, recommended scripts; Common and Inherited characters belong to every script. */
static const char *const scripts[] = { "Common", "Inherited", "Arabic", "Armenian", "Bengali", "Bopomofo", "Cyrillic",
	"Devanagari", "Ethiopic", "Georgian", "Greek", "Gujarati", "Gurmukhi", "Han", "Hangul", "Hebrew", "Hiragana",
	"Kannada", "Katakana", "Khmer", "Lao", "Latin", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu",
	"Thaana", "Thai", "Tibetan" };

static bool is_script_in_use(ucs4_t c)
{
	const uc_script_t *script = uc_script(c);

	for (size_t i = 0; script != NULL && i < ARRAY_LEN(scripts); i++)
		if (strcmp(script->name, scripts[i]) == 0)
			return true;
	return false;
}

static bool is_mark(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Mn | UC_CATEGORY_MASK_Mc);
}

static bool unicode_is_readable(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

static bool unicode_is_allowed(ucs4_t c)
{
	if (c < 0x80)
		return c >= 0x20 && c < 0x7f;
	return (unicode_is_readable(c) || is_mark(c) || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_P)) &&
	    !uc_is_property_default_ignorable_code_point(c) && is_script_in_use(c);
}

/* Returns the character at *p and moves *p past it; 0 at the end. The text must be UTF-8. */
static ucs4_t unicode_next(const uint8_t **p)
{
	ucs4_t c;

	if (**p == 0)
		return 0;
	*p += u8_mbtouc_unsafe(&c, *p, strlen((const char *)*p));
	return c;
}

static bool is_utf8(const char *text)
{
	return u8_check((const uint8_t *)text, strlen(text)) == NULL;
}

/*
 * Whether the character is a wide @, dot or asterisk: name_key() maps it to the ASCII character, which has a meaning
 * in addresses, host names and patterns, while the certificate would contain the wide character.
 */
static bool is_punctuation_again(ucs4_t c)
{
	uint32_t plain[8];
	size_t len = ARRAY_LEN(plain);

	if (c < 0x80 || !uc_is_general_category_withtable(c, UC_CATEGORY_MASK_P))
		return false;
	if (c == IDEOGRAPHIC_FULL_STOP || u32_normalize(UNINORM_NFKC, &c, 1, plain, &len) != plain)
		return true;
	return len == 0 || plain[0] < 0x80 || plain[0] == IDEOGRAPHIC_FULL_STOP;
}

static enum name_flaw flaw_at(ucs4_t c, ucs4_t before, bool is_last)
{
	if (!unicode_is_allowed(c) || is_punctuation_again(c))
		return NAME_BAD_CHARACTER;
	if (c == ' ' && (before == 0 || before == ' ' || is_last))
		return NAME_BAD_SPACE;
	return NAME_OK;
}

/* Counts marks in NFD, where a letter with a mark is two characters. */
static ucs4_t bad_mark(const char *name)
{
	size_t len = 0;
	uint8_t *nfd = u8_normalize(UNINORM_NFD, (const uint8_t *)name, strlen(name) + 1, NULL, &len);
	ucs4_t c, before = 0, bad = 0;
	unsigned n = 0;

	if (nfd == NULL)
		return 0xfffd; /* out of memory: unchecked text is refused */
	for (const uint8_t *p = nfd; bad == 0 && (c = unicode_next(&p)) != 0; before = c) {
		n = is_mark(c) ? n + 1 : 0;
		if (n > MARKS_MAX || (n > 0 && (c == before || !(unicode_is_readable(before) || is_mark(before)))))
			bad = c;
	}
	free(nfd);
	return bad;
}

enum name_flaw name_flaw_find(uint32_t *character, const char *name)
{
	const uint8_t *p = (const uint8_t *)name;
	enum name_flaw flaw = NAME_OK;
	bool readable = false;
	ucs4_t c, before = 0;

	if (character != NULL)
		*character = 0;
	if (!is_utf8(name))
		return NAME_NOT_UTF8;
	for (; flaw == NAME_OK && (c = unicode_next(&p)) != 0; before = c) {
		flaw = flaw_at(c, before, *p == 0);
		readable = readable || unicode_is_readable(c);
	}
	if (flaw == NAME_OK && (before = bad_mark(name)) != 0)
		flaw = NAME_BAD_MARK;
	if (flaw == NAME_OK)
		return readable ? NAME_OK : NAME_NOTHING_TO_READ;
	if (character != NULL)
		*character = before;
	return flaw;
}

bool name_characters_allowed(const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	ucs4_t c;

	if (!is_utf8(text))
		return false;
	while ((c = unicode_next(&p)) != 0)
		if (!unicode_is_allowed(c))
			return false;
	return true;
}

void name_reveal(char *out, size_t size, const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t used = 0;
	ucs4_t c;

	out[0] = '\0';
	if (!is_utf8(text))
		return;
	for (const uint8_t *from = p; (c = unicode_next(&p)) != 0; from = p) {
		char one[16];
		const size_t len = unicode_is_allowed(c) ?
		    (size_t)snprintf(one, sizeof(one), "%.*s", (int)(p - from), (const char *)from) :
		    (size_t)snprintf(one, sizeof(one), "<U+%04X>", (unsigned)c);

		if (used + len + 1 > size)
			return;
		memcpy(out + used, one, len + 1);
		used += len;
	}
}

static bool is_space(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Z);
}

/* Invisible characters: names in older ledgers and in certificates of other programs can contain them. */
static bool is_ignorable(ucs4_t c)
{
	return uc_is_property_default_ignorable_code_point(c) ||
	    uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf);
}

static int unicode_add_character(struct buf *out, ucs4_t c, struct err *e)
{
	uint8_t bytes[6];
	const int n = u8_uctomb(bytes, c, sizeof(bytes));

	return n > 0 ? buf_add(out, bytes, (size_t)n, e) : 0;
}

/* Removes invisible characters, and turns runs of spaces into a single U+0020, none at the ends. */
static int add_visible(struct buf *out, const char *name, struct err *e)
{
	const uint8_t *p = (const uint8_t *)name;
	bool is_after_space = false;
	ucs4_t c;

	while ((c = unicode_next(&p)) != 0) {
		if (is_ignorable(c))
			continue;
		if (is_space(c)) {
			is_after_space = out->len > 0;
			continue;
		}
		if ((is_after_space && buf_add(out, " ", 1, e) < 0) || unicode_add_character(out, c, e) < 0)
			return -1;
		is_after_space = false;
	}
	return buf_add(out, "", 1, e);
}

/* NFKC before folding, because a mathematical A becomes a letter with case only by NFKC. */
static int unicode_fold(char out[NAME_KEY_MAX], const char *text, struct err *e)
{
	size_t n = 0, len = 0;
	uint8_t *plain = u8_normalize(UNINORM_NFKC, (const uint8_t *)text, strlen(text) + 1, NULL, &n);
	uint8_t *folded = plain != NULL ? u8_casefold(plain, n, NULL, UNINORM_NFKC, NULL, &len) : NULL;

	free(plain);
	if (folded == NULL)
		return err_oom(e);
	if (len <= NAME_KEY_MAX)
		memcpy(out, folded, len);
	free(folded);
	return len <= NAME_KEY_MAX ? 0 : err_set(e, ERR_INPUT, "a name is longer than %d bytes", NAME_KEY_MAX - 1);
}

/* The full stop and the hyphen of other keyboards: IDNA maps the first to a dot; the second looks like '-'. */
static void replace_marks(char *key)
{
	static const struct {
		const char *text;
		char instead;
	} marks[] = { { "\xe3\x80\x82", '.' }, { "\xe2\x80\x90", '-' } }; /* U+3002, U+2010 */

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const size_t len = strlen(marks[i].text);

		for (char *at = key; (at = strstr(at, marks[i].text)) != NULL;) {
			*at++ = marks[i].instead;
			memmove(at, at + len - 1, strlen(at + len - 1) + 1);
		}
	}
}

/* A host name, or the part after the @ of an address, with A-labels decoded. */
static int decode_labels(char key[NAME_KEY_MAX], struct err *e)
{
	char *at = strrchr(key, '@'), *domain = at != NULL ? at + 1 : key, *decoded = NULL;
	char whole[NAME_KEY_MAX];
	int n = -1;

	if (strstr(domain, "xn--") == NULL || strchr(domain, ' ') != NULL ||
	    idn2_to_unicode_8z8z(domain, &decoded, 0) != IDN2_OK)
		return 0;
	n = snprintf(whole, sizeof(whole), "%.*s%s", (int)(domain - key), key, decoded);
	idn2_free(decoded);
	return n < 0 || n >= NAME_KEY_MAX ? 0 : unicode_fold(key, whole, e);
}

/* Folds a name of ASCII letters, digits and signs. False: it has other characters, or spaces that are removed. */
static bool unicode_fold_ascii(char out[NAME_KEY_MAX], const char *name)
{
	size_t len = 0;

	for (; name[len] != '\0' && len < NAME_KEY_MAX - 1; len++) {
		const char c = name[len];

		if (c < ' ' || c > '~' || (c == ' ' && (len == 0 || name[len - 1] == ' ' || name[len + 1] == '\0')))
			return false;
		out[len] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	out[len] = '\0';
	return name[len] == '\0';
}

static int unicode_fold_text(char out[NAME_KEY_MAX], const char *name, struct err *e)
{
	AUTO_VALUE(buf) visible = { 0 };

	if (add_visible(&visible, name, e) < 0 || unicode_fold(out, (const char *)visible.data, e) < 0)
		return -1;
	replace_marks(out);
	return 0;
}

int name_key(char out[NAME_KEY_MAX], const char *name, struct err *e)
{
	size_t len;

	if (!is_utf8(name)) {
		(void)snprintf(out, NAME_KEY_MAX, "%s", name);
		return 0;
	}
	if (!unicode_fold_ascii(out, name) && unicode_fold_text(out, name, e) < 0)
		return -1;
	for (len = strlen(out); len > 1 && out[len - 1] == '.' && strchr(out, ' ') == NULL; len--)
		out[len - 1] = '\0';
	return decode_labels(out, e);
}

int name_is_same(bool *same, const char *a, const char *b, struct err *e)
{
	char key_a[NAME_KEY_MAX], key_b[NAME_KEY_MAX];

	if (name_key(key_a, a, e) < 0 || name_key(key_b, b, e) < 0)
		return -1;
	*same = strcmp(key_a, key_b) == 0;
	return 0;
}
