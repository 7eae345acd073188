/* SPDX-License-Identifier: MIT */
/* xml.c - see xml.h. */
#include "out/xml.h"

#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "util/array.h"
#include "util/library.h"
#include "util/text.h"

#define XML_FUNCTIONS(X) \
	X(xmlFreeTextWriter) \
	X(xmlNewTextWriter) \
	X(xmlOutputBufferClose) \
	X(xmlOutputBufferCreateIO) \
	X(xmlTextWriterEndDocument) \
	X(xmlTextWriterEndElement) \
	X(xmlTextWriterFlush) \
	X(xmlTextWriterSetIndent) \
	X(xmlTextWriterSetIndentString) \
	X(xmlTextWriterStartDocument) \
	X(xmlTextWriterStartElement) \
	X(xmlTextWriterWriteAttribute) \
	X(xmlTextWriterWriteBase64) \
	X(xmlTextWriterWriteDTD) \
	X(xmlTextWriterWriteRaw) \
	X(xmlTextWriterWriteString)

static struct {
	XML_FUNCTIONS(LIBRARY_MEMBER)
} lib;
static const struct library_function lib_rows[] = { XML_FUNCTIONS(LIBRARY_ROW) };

struct xml {
	xmlTextWriterPtr w;
	struct buf all;
	bool is_indented, has_failed;
	struct err first;            /* the reason, if has_failed */
};

/* Converts to libxml2's unsigned characters; its own macro casts const away. */
static const xmlChar *xml_utf8(const char *text)
{
	return (const xmlChar *)text;
}

static void xml_fail(struct xml *x, enum err_status status, const char *what)
{
	if (!x->has_failed)
		(void)err_set(&x->first, status, "%s", what);
	x->has_failed = true;
}

/* Records a failure; libxml2's functions return the number of bytes or -1. */
static void first_error(struct xml *x, int result)
{
	if (result < 0)
		xml_fail(x, ERR_INTERNAL, "cannot write XML");
}

static int xml_sink(void *context, const char *bytes, int len)
{
	struct xml *x = context;

	if (buf_add(&x->all, bytes, (size_t)len, &x->first) < 0) {
		x->has_failed = true;
		return -1;
	}
	return len;
}

static int sink_close(void *context)
{
	(void)context;
	return 0;
}

static void free_xml(struct xml *x)
{
	if (x->w != NULL)
		lib.xmlFreeTextWriter(x->w);
	buf_clear(&x->all);
	free(x);
}

int xml_open(struct xml **out, unsigned flags, struct err *e)
{
	struct xml *x;
	xmlOutputBufferPtr io;

	if (library_load(XML_SONAME, lib_rows, ARRAY_LEN(lib_rows), e) < 0)
		return -1;
	x = calloc(1, sizeof(*x));
	io = x != NULL ? lib.xmlOutputBufferCreateIO(xml_sink, sink_close, x, NULL) : NULL;
	if (io != NULL && (x->w = lib.xmlNewTextWriter(io)) == NULL)
		(void)lib.xmlOutputBufferClose(io);
	if (x == NULL || x->w == NULL) {
		free(x);
		return err_oom(e);
	}
	if ((flags & XML_INDENT) != 0) {
		x->is_indented = true;
		first_error(x, lib.xmlTextWriterSetIndent(x->w, 1));
		first_error(x, lib.xmlTextWriterSetIndentString(x->w, xml_utf8("  ")));
	}
	if ((flags & XML_DECLARE) != 0)
		first_error(x, lib.xmlTextWriterStartDocument(x->w, NULL, "UTF-8", NULL));
	*out = x;
	return 0;
}

/* XML 1.0, 2.2: no control characters but tab, LF and CR, and neither U+FFFE nor U+FFFF. */
static bool xml_is_text(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (((unsigned char)*p < 0x20 && strchr("\t\n\r", *p) == NULL) ||
		    strncmp(p, "\xef\xbf\xbe", 3) == 0 || strncmp(p, "\xef\xbf\xbf", 3) == 0)
			return false;
	return text_is_utf8(text, strlen(text));
}

static bool is_allowed_char(struct xml *x, const char *text)
{
	if (!x->has_failed && !xml_is_text(text))
		xml_fail(x, ERR_INPUT, "a value contains a character that XML cannot contain");
	return !x->has_failed;
}

void xml_doctype(struct xml *x, const char *root, const char *public_id, const char *system_id)
{
	int indent = x->is_indented;

	if (x->has_failed)
		return;
	first_error(x, lib.xmlTextWriterSetIndent(x->w, 0)); /* libxml2 would break the declaration over three lines */
	first_error(x, lib.xmlTextWriterWriteDTD(x->w, xml_utf8(root), xml_utf8(public_id), xml_utf8(system_id), NULL));
	first_error(x, lib.xmlTextWriterWriteRaw(x->w, xml_utf8("\n")));
	first_error(x, lib.xmlTextWriterSetIndent(x->w, indent));
}

void xml_start(struct xml *x, const char *name, const char *ns)
{
	if (!x->has_failed)
		first_error(x, lib.xmlTextWriterStartElement(x->w, xml_utf8(name)));
	if (ns != NULL)
		xml_attribute(x, "xmlns", ns);
}

void xml_attribute(struct xml *x, const char *name, const char *value)
{
	if (is_allowed_char(x, value))
		first_error(x, lib.xmlTextWriterWriteAttribute(x->w, xml_utf8(name), xml_utf8(value)));
}

void xml_text(struct xml *x, const char *text)
{
	if (is_allowed_char(x, text))
		first_error(x, lib.xmlTextWriterWriteString(x->w, xml_utf8(text)));
}

static const char *xml_escape(char c)
{
	static const struct {
		char c;
		const char *as;
	} rows[] = { { '<', "&lt;" }, { '>', "&gt;" }, { '&', "&amp;" }, { '\r', "&#13;" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].c == c)
			return rows[i].as;
	return NULL;
}

void xml_secret(struct xml *x, const char *text)
{
	if (!is_allowed_char(x, text))
		return;
	/* An empty text closes the start tag, and the flush moves everything before it to x->all. */
	first_error(x, lib.xmlTextWriterWriteString(x->w, xml_utf8("")));
	first_error(x, lib.xmlTextWriterFlush(x->w));
	for (; !x->has_failed && *text != '\0'; text++) {
		const char *as = xml_escape(*text);

		if (buf_add(&x->all, as != NULL ? as : text, as != NULL ? strlen(as) : 1, &x->first) < 0)
			x->has_failed = true;
	}
}

void xml_base64(struct xml *x, struct bytes b)
{
	if (x->has_failed || b.len == 0)
		return;
	if (b.len > 1024 * 1024)
		xml_fail(x, ERR_INPUT, "a value is too large for XML");
	else
		first_error(x, lib.xmlTextWriterWriteBase64(x->w, (const char *)b.data, 0, (int)b.len));
}

void xml_end(struct xml *x)
{
	if (!x->has_failed)
		first_error(x, lib.xmlTextWriterEndElement(x->w));
}

void xml_leaf(struct xml *x, const char *name, const char *text)
{
	xml_start(x, name, NULL);
	xml_text(x, text);
	xml_end(x);
}

int xml_close(struct xml *x, struct buf *out, struct err *e)
{
	int result = -1;

	if (!x->has_failed) {
		first_error(x, lib.xmlTextWriterEndDocument(x->w));
		first_error(x, lib.xmlTextWriterFlush(x->w));
	}
	if (!x->is_indented && x->all.len > 0 && x->all.data[x->all.len - 1] == '\n')
		x->all.len--; /* removes libxml2's last newline: the line becomes a value */
	if (x->has_failed)
		*e = x->first;
	else
		result = buf_add(out, x->all.data, x->all.len, e);
	free_xml(x);
	return result;
}
