/* SPDX-License-Identifier: MIT */
/* ini.h - INI files into structs by a table; unknown sections, keys and values are errors with file and line. */
#ifndef UTIL_INI_H
#define UTIL_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/trust.h"

/*
 * Calls fn for each `key = value`, in order; section "" before the first header.  fn returns -1 with e set to
 * refuse the line.  A key given twice in a section of one name is refused here.
 * rule: who may be able to change the file (util/trust.h); NULL = anybody, for files that the operator names.
 * A missing file: *found false, 0.  -1: ERR_INPUT naming file and line, or larger than 1 MiB, or no text;
 * ERR_OUTPUT (cannot be read), ERR_POLICY (rule).
 */
typedef int ini_fn(const char *section, const char *key, const char *value, void *arg, struct err *e);
int ini_read(bool *found, const char *path, const struct trust_rule *rule, ini_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

#endif
