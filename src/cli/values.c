/* SPDX-License-Identifier: MIT */
/* values.c - parses each kind of option value, and names it for help and completion. */
#include <string.h>

#include "cli/opts.h"
#include "util/clock.h"
#include "util/text.h"

#define DAYS_MAX 36500 /* a century: a larger number is a typing error */

/* "|rsa:2048|rsa:3072" and so on: each name of key_specs.def after a bar; the first bar is skipped by the use. */
#define KEY_SPEC(name, type, bits, alg) "|" name
static const char key_specs_joined[] =
#include "model/key_specs.def"
    ;
#undef KEY_SPEC
#define key_spec_words (key_specs_joined + 1)

static int parse_flag(const struct opt *o, const char *text, void *at, struct err *e)
{
	(void)o;
	(void)text;
	(void)e;
	*(bool *)at = true;
	return 0;
}

static int parse_count(const struct opt *o, const char *text, void *at, struct err *e)
{
	unsigned n;

	if (!text_to_unsigned(text, &n) || n < 1)
		return err_set(e, ERR_USAGE, "--%s needs a number from 1 on, not '%s'", o->name, text);
	*(unsigned *)at = n;
	return 0;
}

static int parse_days(const struct opt *o, const char *text, void *at, struct err *e)
{
	unsigned days;

	if (!text_to_unsigned(text, &days) || days < 1 || days > DAYS_MAX)
		return err_set(e, ERR_USAGE, "--%s needs a number of days from 1 to %d, not '%s'", o->name, DAYS_MAX,
		    text);
	*(unsigned *)at = days;
	return 0;
}

static int parse_text(const struct opt *o, const char *text, void *at, struct err *e)
{
	if (text[0] == '\0')
		return err_set(e, ERR_USAGE, "--%s is empty", o->name);
	*(const char **)at = text;
	return 0;
}

static int values_parse_uri(const struct opt *o, const char *text, void *at, struct err *e)
{
	/* The message does not show the text, which may contain a pin-value. */
	if (strncmp(text, "pkcs11:", 7) != 0)
		return err_set(e, ERR_USAGE, "--%s needs a URI that begins with pkcs11:", o->name);
	*(const char **)at = text;
	return 0;
}

static int parse_hex(const struct opt *o, const char *text, void *at, struct err *e)
{
	size_t len = strlen(text);

	if (len == 0 || len % 2 != 0 || strspn(text, "0123456789abcdef") != len)
		return err_set(e, ERR_USAGE, "--%s needs lower-case hex digits, not '%s'", o->name, text);
	*(const char **)at = text;
	return 0;
}

static int parse_pin_source(const struct opt *o, const char *text, void *at, struct err *e)
{
	unsigned fd;
	bool is_named = (strncmp(text, "env:", 4) == 0 && text[4] != '\0') ||
	    (strncmp(text, "file:", 5) == 0 && text[5] != '\0');

	/* The message does not show the text, which may be the PIN itself, given by mistake. */
	if (!is_named && strcmp(text, "tty") != 0 && !(strncmp(text, "fd:", 3) == 0 && text_to_unsigned(text + 3, &fd)))
		return err_set(e, ERR_USAGE, "--%s must be %s", o->name, opt_metavar(o));
	*(const char **)at = text;
	return 0;
}

static int parse_key_spec(const struct opt *o, const char *text, void *at, struct err *e)
{
	struct key_spec spec;

	if (key_spec_parse(&spec, text, e) < 0)
		return err_while(e, "reading --%s", o->name);
	*(struct key_spec *)at = spec;
	return 0;
}

static int parse_date(const struct opt *o, const char *text, void *at, struct err *e)
{
	if (!clock_has_form(text))
		return err_set(e, ERR_USAGE, "--%s needs %s, not '%s'", o->name, opt_metavar(o), text);
	if (!clock_parse(at, text))
		return err_set(e, ERR_USAGE, "--%s: '%s' is not a date", o->name, text);
	return 0;
}

static const struct value_row {
	const char *metavar;
	int (*parse)(const struct opt *o, const char *text, void *at, struct err *e);
	const char *completer;
} values[] = {
#define VALUE(name, type, metavar, parser, completer) [VALUE_##name] = { metavar, parser, completer },
#include "cli/values.def"
#undef VALUE
};

const char *opt_metavar(const struct opt *o)
{
	return o->choices != NULL ? o->choices : values[o->value].metavar;
}

const char *value_completer(enum value_kind kind)
{
	return values[kind].completer;
}

static bool is_choice(const char *choices, const char *text)
{
	size_t len = strlen(text);

	for (const char *p = choices;; p++) {
		size_t n = strcspn(p, "|");

		if (n == len && memcmp(p, text, n) == 0)
			return true;
		p += n;
		if (*p == '\0')
			return false;
	}
}

static int values_append(const struct opt *o, struct opt_list *list, const char *text, struct err *e)
{
	const char *one;

	if (list->n >= OPT_LIST_MAX)
		return err_set(e, ERR_USAGE, "--%s given more than %d times", o->name, OPT_LIST_MAX);
	if (values[o->value].parse(o, text, &one, e) < 0)
		return -1;
	list->data[list->n++] = one;
	return 0;
}

int opt_parse_value(const struct opt *o, const char *text, void *at, struct err *e)
{
	if (o->choices != NULL && !is_choice(o->choices, text))
		return err_set(e, ERR_USAGE, "--%s must be %s, not '%s'", o->name, o->choices, text);
	return o->list ? values_append(o, at, text, e) : values[o->value].parse(o, text, at, e);
}
