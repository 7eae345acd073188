/* SPDX-License-Identifier: MIT */
/* input_error.c - see input_error.h. */
#include "azure/input_error.h"

#include "util/text.h"

#define DOWNLOAD_AGAIN "download the package again from Azure, and do not change it"

static int input_error_refuse(struct err *e, const char *code, const char *fmt, va_list ap) ERR_FMT(3, 0);
static int input_error_refuse(struct err *e, const char *code, const char *fmt, va_list ap)
{
	(void)err_vset(e, ERR_INPUT, fmt, ap);
	return err_rule(e, code, DOWNLOAD_AGAIN);
}

int format_refuse(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = input_error_refuse(e, "package-format", fmt, ap);
	va_end(ap);
	return result;
}

int name_refuse(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = input_error_refuse(e, "package-name", fmt, ap);
	va_end(ap);
	return result;
}

int limit_refuse(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = input_error_refuse(e, "package-limit", fmt, ap);
	va_end(ap);
	return result;
}

int dtd_refuse(struct err *e, const char *fmt, ...)
{
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = input_error_refuse(e, "package-dtd", fmt, ap);
	va_end(ap);
	return result;
}

int value_refuse(struct err *e, const char *where, const char *wanted, struct bytes text)
{
	char safe[80];

	(void)print_safe(safe, sizeof(safe), (const char *)text.data, text.len);
	(void)err_set(e, ERR_INPUT, "%s is not a valid %s: '%s'", where, wanted, safe);
	return err_rule(e, "package-value", DOWNLOAD_AGAIN);
}
