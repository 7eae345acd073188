/* SPDX-License-Identifier: MIT */
/* hex_id.h - thumbprints, fingerprints and serial numbers, as other programs print them. */
#ifndef UTIL_HEX_ID_H
#define UTIL_HEX_ID_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The number in `text` as lower-case hex without separators, into out; false: the text is no such number, or longer
 * than size - 1 digits.  Accepted are
 * - digits in either case, in one piece or in groups of 2, 4 or 8 with colons, hyphens or blanks between them
 *   (hyphens and blanks: from 16 digits on, as names have them, too);
 * - before them 0x, or what openssl(1), certutil and certtool(1) print there: "SHA1 Fingerprint=", "serial=",
 *   "Cert Hash(sha1):", "Serial Number:", "sha256:";
 * - characters that are not visible, as Windows' certificate dialog puts before a thumbprint (U+200E).
 */
bool hex_id_parse(char *out, size_t size, const char *text);

#endif
