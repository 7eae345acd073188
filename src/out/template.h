/* SPDX-License-Identifier: MIT */
/* template.h - a constant text with @BLANKS@ in it, each value through the encoder of the text's language. */
#ifndef OUT_TEMPLATE_H
#define OUT_TEMPLATE_H

#include "util/bytes.h"
#include "util/err.h"

/* Appends a value so that it is only a value where it stands: powershell_quote, markdown_code. */
typedef int template_encode(struct buf *out, struct bytes value, struct err *e);

struct template_var {
	const char *name;            /* "SERVER" for @SERVER@: A-Z and _; a list ends with NULL */
	const char *value;           /* borrowed, untrusted */
	const struct buf *encoded;   /* instead of value: already in the text's language */
};

/* Appends text with its blanks filled in.  -1: the encoder's, or ERR_INTERNAL: a blank that has no value. */
int template_fill(struct buf *out, const char *text, const struct template_var *values, template_encode *encode,
    struct err *e) MUST_CHECK;

#endif
