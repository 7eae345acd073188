/* SPDX-License-Identifier: MIT */
/*
 * pin_source.h - a PIN from where an option or a URI says it is.
 *
 * One newline at the end (LF or CR LF) is not part of the PIN; a PIN with NUL or of two lines is refused.
 * No error repeats anything of what was read.
 */
#ifndef CLI_PIN_SOURCE_H
#define CLI_PIN_SOURCE_H

#include "util/secret.h"
#include "util/ui.h"

/*
 * source: env:NAME (wiped and removed from our environment), file:PATH (a regular file that not everybody
 * can read; one that the group can read is warned about: "pin-file-readable"), fd:N (the first line).
 * *once: reading it again would fail.  -1: ERR_PIN (no PIN there), ERR_USAGE (names no source),
 * ERR_INTERRUPTED.
 */
int pin_source_read(const char *source, const struct ui *ui, struct secret *out, bool *once, struct err *e)
    MUST_CHECK;
/* The pin-source attribute of a URI (RFC 7512, 2.4): a path or a file: URI; a command is refused (ERR_PIN). */
int pin_source_read_uri(const char *attribute, const struct ui *ui, struct secret *out, struct err *e) MUST_CHECK;

#endif
