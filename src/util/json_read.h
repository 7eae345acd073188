/* SPDX-License-Identifier: MIT */
/* json_read.h - JSON of others from a file: bounded before anything is built of it. */
#ifndef UTIL_JSON_READ_H
#define UTIL_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "util/bytes.h"
#include "util/cleanup.h"
#include "util/err.h"

AUTO_DEFINE(json_t, json_decref);

struct json_form {
	const char *format_code, *limit_code, *hint; /* of what is refused */
	const char *not_json;        /* "it is not JSON as Azure writes it" */
	size_t bytes_max;
	unsigned nests_max;          /* jansson has a hundred bytes and more for each object and list, however empty */
	unsigned values_max;
	bool is_utf16_allowed; /* of ASCII, with its mark, as PowerShell's `>` writes it */
};

/*
 * Reads a file ("-": standard input).  No name twice in an object; a byte order mark of UTF-8 is passed over.
 * *out: owned by the caller.  -1: ERR_INPUT with format_code (no JSON, UTF-16 where it is not fine) or limit_code,
 * ERR_OUTPUT (cannot be read).  What jansson quotes of the text is left out of the message: it may be a secret.
 */
int json_read_file(json_t **out, const struct json_form *form, const char *path, struct err *e) MUST_CHECK;

/* A member that is there and is not null; NULL. */
json_t *json_member(const json_t *object, const char *name);

#endif
