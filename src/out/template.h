/* SPDX-License-Identifier: MIT */
/* template.h - fills a constant text with @NAME@ variables; each value is encoded for the text's language. */
#ifndef OUT_TEMPLATE_H
#define OUT_TEMPLATE_H

#include "util/bytes.h"
#include "util/err.h"

/* Appends a value so that it cannot act as markup or code: powershell_quote, markdown_code. */
typedef int template_encode(struct buf *out, struct bytes value, struct err *e);

struct template_var {
	const char *name;            /* "SERVER" for @SERVER@: A-Z and _; NULL ends the list */
	const char *value;           /* borrowed, untrusted */
	const char *plain;           /* instead of value: borrowed text that is copied as it is */
	const struct buf *encoded;   /* instead of value: text already encoded, may be empty */
};

/*
 * Appends text with its variables replaced. encode may be NULL if no variable has a `value`.
 * -1: as encode, or ERR_INTERNAL: a variable without value.
 */
int template_fill(struct buf *out, const char *text, const struct template_var *values, template_encode *encode,
    struct err *e) MUST_CHECK;

#endif
