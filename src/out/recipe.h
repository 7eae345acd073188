/* SPDX-License-Identifier: MIT */
/*
 * recipe.h - a name in the languages that stock tools read: POSIX shell, openssl's -subj, certreq's INF.
 *
 * All append to out; -1 leaves it unchanged or longer by a part: ERR_INPUT (the language cannot carry the text),
 * ERR_INTERNAL (memory).
 */
#ifndef OUT_RECIPE_H
#define OUT_RECIPE_H

#include "util/bytes.h"
#include "util/err.h"

/* One word of a POSIX shell, in single quotes.  Carries every byte but NUL (which is ERR_INPUT). */
int shell_quote(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

/*
 * "/CN=text" for openssl req -subj, where / and + separate and a backslash takes the next byte as it is.  The shell's
 * quotes are not part of it.  UTF-8 without control characters.
 */
int openssl_subject(struct buf *out, const char *cn, struct err *e) MUST_CHECK;

/* A value of an INF file in double quotes: " and % are doubled.  UTF-8 without control characters. */
int inf_quote(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;
/* The value of certreq's Subject: CN= and the text in X.500 quotes ("" for each quote), and that in an INF's. */
int inf_subject(struct buf *out, struct bytes cn, struct err *e) MUST_CHECK;

/*
 * An INF as Windows reads it: CR LF; as it is where it is ASCII, else UTF-16 with a byte order mark (without one it
 * would be read in the machine's code page).  text: UTF-8 with LF.
 */
int inf_encode(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

#endif
