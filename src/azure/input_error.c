/* SPDX-License-Identifier: MIT */
/* input_error.c - see input_error.h. */
#include "azure/input_error.h"

#include "util/text.h"

#define DOWNLOAD_AGAIN "download the package again from Azure, and use it as it comes"

#define REFUSE(name, code)                                                                         \
	int name(struct err *e, const char *fmt, ...)                                              \
	{                                                                                          \
		va_list ap;                                                                        \
                                                                                                   \
		va_start(ap, fmt);                                                                 \
		(void)err_vset(e, ERR_INPUT, fmt, ap);                                             \
		va_end(ap);                                                                        \
		return err_rule(e, code, DOWNLOAD_AGAIN);                                           \
	}

REFUSE(format_refuse, "package-format")
REFUSE(name_refuse, "package-name")
REFUSE(limit_refuse, "package-limit")
REFUSE(dtd_refuse, "package-dtd")

int value_refuse(struct err *e, const char *where, const char *wanted, struct bytes text)
{
	char safe[80];

	(void)print_safe(safe, sizeof(safe), (const char *)text.data, text.len);
	(void)err_set(e, ERR_INPUT, "%s is no %s: '%s'", where, wanted, safe);
	return err_rule(e, "package-value", DOWNLOAD_AGAIN);
}
