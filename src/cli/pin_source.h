/* SPDX-License-Identifier: MIT */
/*
 * pin_source.h - reads a PIN from the source that an option or a URI names.
 *
 * One newline at the end (LF or CR LF) is not part of the PIN; a PIN with NUL or of two lines is refused.
 * Error messages never contain bytes that were read.
 */
#ifndef CLI_PIN_SOURCE_H
#define CLI_PIN_SOURCE_H

#include "util/secret.h"
#include "util/ui.h"

/*
 * source: env:NAME (wiped and removed from the environment), file:PATH (a regular file that other users cannot read;
 * a file that the group can read is used with the warning "pin-file-readable"), fd:N (the first line). *once: the
 * source cannot be read a second time. -1: ERR_PIN (the source has no PIN), ERR_USAGE (invalid source),
 * ERR_INTERRUPTED.
 */
int pin_source_read(const char *source, const struct ui *ui, struct secret *out, bool *once, struct err *e)
    MUST_CHECK;
/* Reads the pin-source attribute of a URI (RFC 7512, 2.4): a path or a file: URI; a command is refused (ERR_PIN). */
int pin_source_read_uri(const char *attribute, const struct ui *ui, struct secret *out, struct err *e) MUST_CHECK;

#endif
