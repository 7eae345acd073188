/* SPDX-License-Identifier: MIT */
/*
 * file_name.h - file and folder names for clients: unique, stable, and valid on every file system.
 *
 * A name is ASCII: letters, digits, '@', '.', '_' and '-'.  Lower-case text of these characters is its own name.
 * Any other text gets a name that ends in '-' and 12 hex digits of the text's SHA-256, so that two texts never share
 * a name, even where a file system ignores case or normalises Unicode.
 */
#ifndef UTIL_FILE_NAME_H
#define UTIL_FILE_NAME_H

#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"

#define FILE_NAME_SIZE 65        /* with the NUL; the caller adds room for a suffix */

/* The name for a text (UTF-8, any length).  -1: ERR_INTERNAL. */
int file_name_of(char out[FILE_NAME_SIZE], const char *text, struct err *e) MUST_CHECK;
/* The name for a client's name and device (device "": no device); unique for the pair. -1: ERR_INTERNAL. */
int file_name_of_client(char out[FILE_NAME_SIZE], const char *name, const char *device, struct err *e) MUST_CHECK;
/*
 * The name for `identity`: `text` itself if `own` allows and text is a valid name shorter than size; else the
 * readable part of text and a hash of the identity. size >= 24. -1: ERR_INTERNAL.
 */
enum file_name_own {
	OWN_NAME_NEVER,
	OWN_NAME_LOWER_CASE,
	OWN_NAME_ANY_CASE            /* for names that never differ only by case, such as Azure's */
};
int file_name_build(char *out, size_t size, const char *text, struct bytes identity, enum file_name_own own,
    struct err *e) MUST_CHECK;

#endif
