/* SPDX-License-Identifier: MIT */
/* recipe.c - see recipe.h. */
#include "out/recipe.h"

#include <stdint.h>
#include <string.h>

#include "util/text.h"

static int recipe_add(struct buf *out, const char *text, struct err *e)
{
	return buf_add(out, text, strlen(text), e);
}

int shell_quote(struct buf *out, struct bytes text, struct err *e)
{
	if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL)
		return err_set(e, ERR_INPUT, "a shell script cannot contain a NUL character");
	if (recipe_add(out, "'", e) < 0)
		return -1;
	for (size_t i = 0; i < text.len; i++)
		if ((text.data[i] == '\'' ? recipe_add(out, "'\\''", e) : buf_add(out, text.data + i, 1, e)) < 0)
			return -1;
	return recipe_add(out, "'", e);
}

static int refuse_harmful(struct bytes text, struct err *e)
{
	if (text.len == 0 || text_is_harmless((const char *)text.data, text.len))
		return 0;
	return err_set(e, ERR_INPUT, "a value contains a character that this file cannot contain");
}

/* Copies text and puts `before` in front of each byte of `special`; before NULL: the byte itself. */
static int add_escaped(struct buf *out, struct bytes text, const char *special, const char *before, struct err *e)
{
	for (size_t i = 0; i < text.len; i++) {
		const char itself[] = { (char)text.data[i], '\0' };
		bool is_special = itself[0] != '\0' && strchr(special, itself[0]) != NULL;

		if ((is_special && recipe_add(out, before != NULL ? before : itself, e) < 0) ||
		    buf_add(out, text.data + i, 1, e) < 0)
			return -1;
	}
	return 0;
}

int openssl_subject(struct buf *out, const char *cn, struct err *e)
{
	struct bytes text = { (const unsigned char *)cn, strlen(cn) };

	return refuse_harmful(text, e) < 0 || recipe_add(out, "/CN=", e) < 0 ||
		       add_escaped(out, text, "/+\\=,", "\\", e) < 0
		   ? -1
		   : 0;
}

int inf_quote(struct buf *out, struct bytes text, struct err *e)
{
	return refuse_harmful(text, e) < 0 || recipe_add(out, "\"", e) < 0 || add_escaped(out, text, "\"%", NULL, e) < 0
		   ? -1
		   : recipe_add(out, "\"", e);
}

int inf_subject(struct buf *out, struct bytes cn, struct err *e)
{
	AUTO_VALUE(buf) name = { 0 };

	if (recipe_add(&name, "CN=\"", e) < 0 || add_escaped(&name, cn, "\"", NULL, e) < 0 ||
	    recipe_add(&name, "\"", e) < 0)
		return -1;
	return inf_quote(out, buf_bytes(&name), e);
}

static int add_unit(struct buf *out, uint32_t unit, struct err *e)
{
	const unsigned char two[] = { (unsigned char)(unit & 0xff), (unsigned char)(unit >> 8) };

	return buf_add(out, two, sizeof(two), e);
}

static int add_point(struct buf *out, uint32_t point, bool is_wide, struct err *e)
{
	const unsigned char narrow = (unsigned char)point;

	if (!is_wide)
		return buf_add(out, &narrow, 1, e);
	if (point < 0x10000)
		return add_unit(out, point, e);
	point -= 0x10000;
	return add_unit(out, 0xd800 | point >> 10, e) < 0 ? -1 : add_unit(out, 0xdc00 | (point & 0x3ff), e);
}

static bool recipe_is_ascii(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 0x80)
			return false;
	return true;
}

int inf_encode(struct buf *out, struct bytes text, struct err *e)
{
	bool is_wide = !recipe_is_ascii(text);
	const char *at = (const char *)text.data, *end = at + text.len;
	uint32_t point;

	if (!text_is_utf8((const char *)text.data, text.len))
		return err_set(e, ERR_INPUT, "text that is not UTF-8 cannot be written there");
	if (is_wide && add_unit(out, 0xfeff, e) < 0)
		return -1;
	while (at < end) {
		at += text_next(&point, at, (size_t)(end - at));
		if ((point == '\n' && add_point(out, '\r', is_wide, e) < 0) || add_point(out, point, is_wide, e) < 0)
			return -1;
	}
	return 0;
}
