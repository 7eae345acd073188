/* SPDX-License-Identifier: MIT */
/*
 * recipe.h - quotes a name for the tools of a recipe: POSIX shell, openssl's -subj, certreq's INF.
 *
 * All functions append to out; -1 leaves it unchanged or longer by a part: ERR_INPUT (the language cannot express the
 * text), ERR_INTERNAL (memory).
 */
#ifndef OUT_RECIPE_H
#define OUT_RECIPE_H

#include "util/bytes.h"
#include "util/err.h"

/* One word of a POSIX shell, in single quotes. Any byte but NUL (ERR_INPUT) is allowed. */
int shell_quote(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

/*
 * "/CN=text" for openssl req -subj, where / and + separate and a backslash escapes the next byte. Not quoted for the
 * shell. UTF-8 without control characters.
 */
int openssl_subject(struct buf *out, const char *cn, struct err *e) MUST_CHECK;

/* A value of an INF file in double quotes, with " and % doubled. UTF-8 without control characters. */
int inf_quote(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;
/* The value of certreq's Subject: CN= and the text in X.500 quotes ("" for each quote), quoted for the INF file. */
int inf_subject(struct buf *out, struct bytes cn, struct err *e) MUST_CHECK;

/*
 * An INF file as Windows reads it: CR LF; ASCII unchanged, else UTF-16 with a byte order mark (without the mark
 * Windows uses the machine's code page). text: UTF-8 with LF.
 */
int inf_encode(struct buf *out, struct bytes text, struct err *e) MUST_CHECK;

#endif
