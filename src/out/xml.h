/* SPDX-License-Identifier: MIT */
/*
 * xml.h - writes XML through libxml2's writer; nobody else writes XML.
 *
 *	if (xml_open(&x, XML_INDENT, e) < 0)
 *		return -1;
 *	xml_start(x, "a", "urn:b"); xml_leaf(x, "c", "text"); xml_end(x);
 *	return xml_close(x, out, e);
 *
 * The first failure is kept, later calls do nothing, and xml_close() tells it: so a document reads as a list of its
 * parts.  What grows is wiped, as a document may hold a password.
 */
#ifndef OUT_XML_H
#define OUT_XML_H

#include "util/bytes.h"
#include "util/err.h"

struct xml;

#define XML_INDENT 1u  /* two blanks a level; without it one line, and no newline at its end */
#define XML_DECLARE 2u /* begins with <?xml version="1.0" encoding="UTF-8"?> */

/* The caller hands x to xml_close() in any case.  -1 (ERR_INTERNAL): no memory; nothing to close. */
int xml_open(struct xml **x, unsigned flags, struct err *e) MUST_CHECK;
/* Before the first element. */
void xml_doctype(struct xml *x, const char *root, const char *public_id, const char *system_id);
/* ns: the namespace of this element and those within it (xmlns=), NULL = as around it.  Names are constants. */
void xml_start(struct xml *x, const char *name, const char *ns);
void xml_attribute(struct xml *x, const char *name, const char *value);
/* Any text that XML 1.0 can carry (section 2.2, Char): anything else makes xml_close() fail with ERR_INPUT. */
void xml_text(struct xml *x, const char *text);
/* The same without a copy that libxml2 would leave in memory. */
void xml_secret(struct xml *x, const char *text);
void xml_base64(struct xml *x, struct bytes b); /* lines of 72 (XML Schema, base64Binary) */
void xml_end(struct xml *x);
void xml_leaf(struct xml *x, const char *name, const char *text); /* start, text, end */

/* Ends what is open, appends the document, frees x.  -1: the first failure (ERR_INPUT, ERR_INTERNAL); out unchanged. */
int xml_close(struct xml *x, struct buf *out, struct err *e) MUST_CHECK;

#endif
