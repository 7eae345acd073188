/* SPDX-License-Identifier: MIT */
/* ovpn.c - see ovpn.h; reads the lines of vpnconfig.ovpn, and contains the table of allowed options. */
#include "azure/ovpn.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "azure/net.h"
#include "azure/input_error.h"
#include "util/array.h"
#include "util/text.h"

static const char a_host[] = "host name", a_number[] = "number"; /* any other argument must be the given word */
#define ARGS_MAX 2

/* Every option of Azure's file with its arguments. */
static const struct option_row {
	const char *name, *args[ARGS_MAX];
	bool is_needed;              /* a profile uses a value of the option */
	unsigned min, max;           /* range of a number */
} options[] = {
	{ "client", { NULL }, false, 0, 0 },
	{ "remote", { a_host, "443" }, true, 0, 0 },
	{ "verify-x509-name", { a_host, "name" }, true, 0, 0 },
	{ "remote-cert-tls", { "server" }, false, 0, 0 },
	{ "dev", { "tun" }, false, 0, 0 },
	{ "proto", { "tcp" }, false, 0, 0 },
	{ "resolv-retry", { "infinite" }, false, 0, 0 },
	{ "nobind", { NULL }, false, 0, 0 },
	{ "auth", { "SHA256" }, false, 0, 0 },
	{ "cipher", { "AES-256-GCM" }, false, 0, 0 },
	{ "persist-key", { NULL }, false, 0, 0 },
	{ "persist-tun", { NULL }, false, 0, 0 },
	{ "tls-timeout", { a_number }, false, 1, 3600 }, /* seconds */
	{ "tls-version-min", { "1.2" }, false, 0, 0 },
	{ "key-direction", { "1" }, false, 0, 0 },
	{ "log", { "openvpn.log" }, false, 0, 0 },
	{ "verb", { a_number }, false, 0, 11 },
};
#define N_OPTIONS ARRAY_LEN(options)

static bool ovpn_is_blank(unsigned char c)
{
	return c == ' ' || c == '\t';
}

static struct bytes ovpn_trim(struct bytes b)
{
	while (b.len > 0 && ovpn_is_blank(b.data[0]))
		b = (struct bytes){ b.data + 1, b.len - 1 };
	while (b.len > 0 && ovpn_is_blank(b.data[b.len - 1]))
		b.len--;
	return b;
}

/* Splits the next word off text. False: no word left. */
static bool next_word(struct bytes *word, struct bytes *text)
{
	size_t len = 0;

	*text = ovpn_trim(*text);
	while (len < text->len && !ovpn_is_blank(text->data[len]))
		len++;
	*word = (struct bytes){ text->data, len };
	*text = (struct bytes){ text->data + len, text->len - len };
	return len > 0;
}

static bool ovpn_is_word(struct bytes word, const char *want)
{
	return word.len == strlen(want) && memcmp(word.data, want, word.len) == 0;
}

/* A decimal number without leading zeros. */
static bool ovpn_is_number(struct bytes word, const struct option_row *row, unsigned *out)
{
	char text[12];

	if (word.len == 0 || word.len >= sizeof(text) || (word.data[0] == '0' && word.len > 1))
		return false;
	(void)snprintf(text, sizeof(text), "%.*s", (int)word.len, (const char *)word.data);
	return text_to_unsigned(text, out) && *out >= row->min && *out <= row->max;
}

static bool is_argument(struct bytes word, const struct option_row *row, size_t i, unsigned *number)
{
	if (row->args[i] == a_number)
		return ovpn_is_number(word, row, number);
	return row->args[i] == a_host ? host_is_name(word) : ovpn_is_word(word, row->args[i]);
}

static const struct option_row *ovpn_row_of(struct bytes name)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (ovpn_is_word(name, options[i].name))
			return &options[i];
	return NULL;
}

static int ovpn_take(
    struct reading *r, const struct option_row *row, struct bytes first, unsigned number, struct err *e)
{
	struct package_ovpn *o = &r->out->ovpn;

	if (strcmp(row->name, "remote") == 0) {
		if (o->server[0] == '\0')
			(void)snprintf(o->server, sizeof(o->server), "%.*s", (int)first.len, (const char *)first.data);
		return package_reader_set_server(r, row->name, first, e);
	}
	if (strcmp(row->name, "verify-x509-name") == 0)
		(void)snprintf(
		    o->server_name, sizeof(o->server_name), "%.*s", (int)first.len, (const char *)first.data);
	if (strcmp(row->name, "proto") == 0)
		return package_reader_state(r, STATED_TRANSPORT, "tcp", e);
	if (strcmp(row->name, "tls-timeout") == 0)
		o->tls_timeout = number;
	if (strcmp(row->name, "verb") == 0)
		o->verb = number;
	return 0;
}

/* Whether the words are exactly the arguments of the row. */
static bool has_arguments(const struct option_row *row, struct bytes rest, struct bytes *first, unsigned *number)
{
	struct bytes word;

	for (size_t i = 0; i < ARGS_MAX && row->args[i] != NULL; i++) {
		if (!next_word(&word, &rest) || !is_argument(word, row, i, number))
			return false;
		if (i == 0)
			*first = word;
	}
	return !next_word(&word, &rest);
}

int ovpn_option(struct reading *r, unsigned line, struct bytes text, unsigned *seen, struct err *e)
{
	struct package_ovpn *o = &r->out->ovpn;
	struct bytes name, first = { 0 }, rest = text;
	const struct option_row *row = next_word(&name, &rest) ? ovpn_row_of(name) : NULL;
	unsigned number = 0, bit;

	if (row == NULL) {
		ovpn_fault(o, OVPN_OPTION, line, "Azure writes no option '%.*s'", (int)(name.len < 80 ? name.len : 80),
		    (const char *)name.data);
		return 0;
	}
	if (!has_arguments(row, rest, &first, &number)) {
		rest = ovpn_trim(rest);
		ovpn_fault(o, OVPN_OPTION, line, "Azure does not write '%s' with '%.*s'", row->name,
		    (int)(rest.len < 80 ? rest.len : 80), (const char *)rest.data);
		return 0;
	}
	bit = 1U << (row - options);
	if ((*seen & bit) != 0)
		ovpn_fault(o, OVPN_INCOMPLETE, line, "the option '%s' occurs twice", row->name);
	*seen |= bit;
	return ovpn_take(r, row, first, number, e);
}

void ovpn_options_missing(struct package_ovpn *o, unsigned seen)
{
	for (size_t i = 0; i < N_OPTIONS; i++)
		if (options[i].is_needed && (seen & 1U << i) == 0)
			ovpn_fault(o, OVPN_INCOMPLETE, 0, "the option '%s' is missing", options[i].name);
}

/* Splits the next line off rest, without its line end; *whole receives the length with the line end. */
static bool next_line(struct bytes *rest, struct bytes *line, size_t *whole)
{
	const unsigned char *end;

	if (rest->len == 0)
		return false;
	end = memchr(rest->data, '\n', rest->len);
	*line = (struct bytes){ rest->data, end != NULL ? (size_t)(end - rest->data) : rest->len };
	*whole = line->len + (end != NULL);
	*rest = (struct bytes){ rest->data + *whole, rest->len - *whole };
	if (line->len > 0 && line->data[line->len - 1] == '\r')
		line->len--;
	return true;
}

static bool has_control(struct bytes line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((line.data[i] < 0x20 && line.data[i] != '\t') || line.data[i] == 0x7f)
			return true;
	return false;
}

static int take_line(struct reading *r, struct ovpn_block *b, unsigned number, struct bytes line, unsigned *seen,
    struct err *e)
{
	struct bytes text = ovpn_trim(line);

	if (b->end[0] != '\0')
		return ovpn_block_line(b, r, number, text, e);
	if (text.len == 0 || text.data[0] == '#' || text.data[0] == ';')
		return 0;
	if (text.data[0] != '<')
		return ovpn_option(r, number, text, seen, e);
	ovpn_block_open(b, &r->out->ovpn, number, text);
	return 0;
}

static void skip_mark(struct bytes *text)
{
	if (text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0)
		*text = (struct bytes){ text->data + 3, text->len - 3 };
}

int ovpn_read(struct reading *r, struct bytes text, struct err *e)
{
	struct package_ovpn *o = &r->out->ovpn;
	struct ovpn_block block = { .form = NULL };
	struct bytes rest = text, line;
	unsigned number = 0, seen = 0;
	size_t whole;
	int result = 0;

	if (package_reader_check_text(text, e) < 0)
		return -1;
	skip_mark(&rest);
	o->is_there = true;
	o->tls_timeout = 30; /* the line that Azure writes, for a missing option */
	o->verb = 3;
	while (result == 0 && next_line(&rest, &line, &whole)) {
		number++;
		if (whole > OVPN_LINE_MAX)
			ovpn_fault(o, OVPN_OPTION, number, "the line is longer than OpenVPN reads");
		else if (has_control(line))
			ovpn_fault(o, OVPN_OPTION, number, "the line has a control character");
		else
			result = take_line(r, &block, number, line, &seen, e);
	}
	ovpn_options_missing(o, seen);
	ovpn_blocks_missing(&block, o);
	buf_clear(&block.pem);
	explicit_bzero(&block, sizeof(block));
	return result;
}
