/* SPDX-License-Identifier: MIT */
/* uuid.h - UUIDs that are made from a name: the same name has the same UUID (RFC 9562, 5.5, version 5). */
#ifndef UTIL_UUID_H
#define UTIL_UUID_H

#include "util/bytes.h"
#include "util/err.h"

#define UUID_TEXT 37 /* with the NUL */

/* In lower case.  name: begins with the 16 bytes of a name space where the UUID should be one of it. */
int uuid_from_name(char out[UUID_TEXT], struct bytes name, struct err *e) MUST_CHECK;

#endif
