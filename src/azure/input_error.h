/* SPDX-License-Identifier: MIT */
/* input_error.h - errors for refused input: the input's kind, a stable code and a hint. */
#ifndef AZURE_INPUT_ERROR_H
#define AZURE_INPUT_ERROR_H

#include "util/bytes.h"
#include "util/err.h"

/* All return -1 with ERR_INPUT. The code is the function's name without _refuse: "package-format" and so on. */
int format_refuse(struct err *e, const char *fmt, ...) ERR_FMT(2, 3);
int name_refuse(struct err *e, const char *fmt, ...) ERR_FMT(2, 3);
int limit_refuse(struct err *e, const char *fmt, ...) ERR_FMT(2, 3);
int dtd_refuse(struct err *e, const char *fmt, ...) ERR_FMT(2, 3);
/* "WHERE is no WANTED: 'text'"; the text is sanitised and truncated. */
int value_refuse(struct err *e, const char *where, const char *wanted, struct bytes text);

#endif
