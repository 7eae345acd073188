/* SPDX-License-Identifier: MIT */
/* hex_id.h - parses thumbprints, fingerprints and serial numbers in the notations of other programs. */
#ifndef UTIL_HEX_ID_H
#define UTIL_HEX_ID_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Converts the number in `text` to lower-case hex without separators; false: not a number, or more than size - 1
 * digits. Accepted are
 * - digits in either case, in one piece or in groups of 2, 4 or 8 with colons, hyphens or spaces between them
 * (hyphens and spaces: from 16 digits on, because names contain them, too);
 * - a prefix 0x, or a label of openssl(1), certutil or certtool(1): "SHA1 Fingerprint=", "serial=",
 * "Cert Hash(sha1):", "Serial Number:", "sha256:";
 * - invisible characters, which Windows' certificate dialog puts before a thumbprint (U+200E).
 */
bool hex_id_parse(char *out, size_t size, const char *text);

#endif
