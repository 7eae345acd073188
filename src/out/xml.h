/* SPDX-License-Identifier: MIT */
/*
 * xml.h - writes XML through libxml2's writer; all XML is written here.
 *
 *	if (xml_open(&x, XML_INDENT, e) < 0)
 *		return -1;
 *	xml_start(x, "a", "urn:b"); xml_leaf(x, "c", "text"); xml_end(x);
 *	return xml_close(x, out, e);
 *
 * The first failure is kept, later calls do nothing, and xml_close() reports it, so callers need no checks between.
 * The buffer is wiped, as a document may contain a password.
 */
#ifndef OUT_XML_H
#define OUT_XML_H

#include "util/bytes.h"
#include "util/err.h"

struct xml;

#define XML_INDENT 1u  /* two spaces per level; without it one line without newline */
#define XML_DECLARE 2u /* begins with <?xml version="1.0" encoding="UTF-8"?> */

/* The caller passes x to xml_close() in any case. -1 (ERR_INTERNAL): no memory; nothing to close. */
int xml_open(struct xml **x, unsigned flags, struct err *e) MUST_CHECK;
/* Writes a DTD before the first element. */
void xml_doctype(struct xml *x, const char *root, const char *public_id, const char *system_id);
/* ns: namespace of this element and its children (xmlns=), NULL = inherited. Names are constants. */
void xml_start(struct xml *x, const char *name, const char *ns);
void xml_attribute(struct xml *x, const char *name, const char *value);
/* Any text that XML 1.0 can contain (section 2.2, Char): for other text xml_close() fails with ERR_INPUT. */
void xml_text(struct xml *x, const char *text);
/* The same without a copy that libxml2 would leave in memory. */
void xml_secret(struct xml *x, const char *text);
void xml_base64(struct xml *x, struct bytes b); /* lines of 72 (XML Schema, base64Binary) */
void xml_end(struct xml *x);
void xml_leaf(struct xml *x, const char *name, const char *text); /* start, text, end */

/* Ends open elements, appends the document, frees x. -1: the first failure (ERR_INPUT, ERR_INTERNAL); out unchanged. */
int xml_close(struct xml *x, struct buf *out, struct err *e) MUST_CHECK;

#endif
