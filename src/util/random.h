/* SPDX-License-Identifier: MIT */
/* random.h - random bytes from the system. */
#ifndef UTIL_RANDOM_H
#define UTIL_RANDOM_H

#include <stddef.h>

#include "util/err.h"

int random_bytes(unsigned char *out, size_t len, struct err *e) MUST_CHECK; /* -1: ERR_INTERNAL */

#endif
