/* SPDX-License-Identifier: MIT */
/* json_read.h - reads untrusted JSON files; limits are checked before memory is allocated. */
#ifndef UTIL_JSON_READ_H
#define UTIL_JSON_READ_H

#include <jansson.h>
#include <stdbool.h>

#include "util/bytes.h"
#include "util/cleanup.h"
#include "util/err.h"

AUTO_DEFINE(json_t, json_decref);

struct json_form {
	const char *format_code, *limit_code, *hint; /* codes of the errors */
	const char *not_json;        /* "it is not JSON as Azure writes it" */
	size_t bytes_max;
	unsigned nests_max;          /* jansson uses a hundred bytes and more for each object and list, even if empty */
	unsigned values_max;
	bool is_utf16_allowed; /* UTF-16 of ASCII with a byte order mark, as PowerShell's `>` writes */
};

/*
 * Reads a file ("-": standard input). Repeated names in an object are refused; a UTF-8 byte order mark is skipped.
 * *out is owned by the caller. -1: ERR_INPUT with format_code (not JSON, UTF-16 if not allowed) or limit_code,
 * ERR_OUTPUT (reading failed). Messages do not contain text of the file, which may be a secret.
 */
int json_read_file(json_t **out, const struct json_form *form, const char *path, struct err *e) MUST_CHECK;

/* The member, or NULL if it is missing or null. */
json_t *json_member(const json_t *object, const char *name);

#endif
