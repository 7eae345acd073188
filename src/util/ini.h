/* SPDX-License-Identifier: MIT */
/* ini.h - reads INI files strictly; the caller refuses unknown sections, keys and values, with file and line. */
#ifndef UTIL_INI_H
#define UTIL_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/trust.h"

/*
 * Calls fn for each `key = value`, in order; section "" before the first header. fn returns -1 with e set to
 * refuse the line. A key that is repeated in a section is refused.
 * rule: requirements for the file's owner and mode (util/trust.h); NULL = none, for files that the operator names.
 * A missing file: *found false, returns 0. -1: ERR_INPUT with file and line, or larger than 1 MiB, or not text;
 * ERR_OUTPUT (reading failed), ERR_POLICY (rule).
 */
typedef int ini_fn(const char *section, const char *key, const char *value, void *arg, struct err *e);
int ini_read(bool *found, const char *path, const struct trust_rule *rule, ini_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

#endif
