/* SPDX-License-Identifier: MIT */
/* ical.c - see ical.h. */
#include "out/ical.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/text.h"

#define LINE_MAX_BYTES 75

static bool is_inside_character(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

int ical_line(struct buf *out, const char *name, const char *value, struct err *e)
{
	const size_t n_name = strlen(name);
	size_t room = LINE_MAX_BYTES - n_name - 1, left = strlen(value);

	if (buf_add(out, name, n_name, e) < 0 || buf_add(out, ":", 1, e) < 0)
		return -1;
	while (left > room) {
		size_t n = room;

		while (n > 0 && is_inside_character(value[n]))
			n--;
		n = n > 0 ? n : room; /* not UTF-8: cut anywhere, because lines must be short */
		if (buf_add(out, value, n, e) < 0 || buf_add(out, "\r\n ", 3, e) < 0)
			return -1;
		value += n;
		left -= n;
		room = LINE_MAX_BYTES - 1;
	}
	return buf_add(out, value, left, e) < 0 ? -1 : buf_add(out, "\r\n", 2, e);
}

/* Appends one line of text, escaped. print_safe() writes at most four characters for each byte. */
static int ical_add_escaped(struct buf *out, const char *text, size_t len, struct err *e)
{
	const size_t size = ESCAPE_GROWTH * len + 1;
	AUTO(char) safe = malloc(size);

	if (safe == NULL)
		return err_oom(e);
	(void)print_safe(safe, size, text, len);
	for (const char *p = safe; *p != '\0'; p++)
		if ((strchr("\\,;", *p) != NULL && buf_add(out, "\\", 1, e) < 0) || buf_add(out, p, 1, e) < 0)
			return -1;
	return 0;
}

/* Escapes newlines before print_safe(), which would write \xNN; the backslash of its \xNN is doubled here. */
int ical_text(struct buf *out, const char *name, const char *text, struct err *e)
{
	AUTO_VALUE(buf) value = { 0 };

	for (;;) {
		const size_t len = strcspn(text, "\n");

		if (ical_add_escaped(&value, text, len, e) < 0)
			return -1;
		if (text[len] == '\0')
			break;
		if (buf_add(&value, "\\n", 2, e) < 0)
			return -1;
		text += len + 1;
	}
	return buf_add(&value, "", 1, e) < 0 ? -1 : ical_line(out, name, (const char *)value.data, e);
}

int ical_time(struct buf *out, const char *name, int64_t at, struct err *e)
{
	const time_t when = (time_t)at;
	struct tm tm;
	char text[TEXT_TIME];

	text_time(text, at);
	if (text[0] == '\0' || gmtime_r(&when, &tm) == NULL)
		return err_set(e, ERR_INPUT, "a calendar has no such time");
	(void)strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm);
	return ical_line(out, name, text, e);
}
