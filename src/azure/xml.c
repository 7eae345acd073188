/* SPDX-License-Identifier: MIT */
/* xml.c - see xml.h. The only file that uses libxml2. */
#include "azure/xml.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "azure/input_error.h"
#include "util/array.h"
#include "util/library.h"
#include "util/text.h"
#include "util/text_decode.h"

#define TEXT_MAX (1U << 20)
#define DEPTH_MAX 16
#define TAGS_MAX 16384U
#define QUOTES_MAX 2048U /* two per attribute; libxml2 compares every attribute of a tag with every other */

#define XML_FUNCTIONS(X) \
	X(xmlCtxtGetLastError) \
	X(xmlCtxtReadMemory) \
	X(xmlDocGetRootElement) \
	X(xmlFreeDoc) \
	X(xmlFreeParserCtxt) \
	X(xmlNewParserCtxt)

static struct {
	XML_FUNCTIONS(LIBRARY_MEMBER)
} lib;
static const struct library_function lib_rows[] = { XML_FUNCTIONS(LIBRARY_ROW) };

static void free_parser(xmlParserCtxt *p)
{
	if (p != NULL && p->myDoc != NULL)
		lib.xmlFreeDoc(p->myDoc);
	if (p != NULL)
		p->myDoc = NULL;
	if (p != NULL)
		lib.xmlFreeParserCtxt(p);
}
AUTO_DEFINE(xmlParserCtxt, free_parser);

static void free_document(xmlDoc *doc)
{
	if (doc != NULL)
		lib.xmlFreeDoc(doc);
}
AUTO_DEFINE(xmlDoc, free_document);

struct walk {
	const struct xml_form *form;
	struct reading *r;
	uint32_t seen;               /* bits of rows */
	unsigned depth;
	char path[128];              /* of the element, below the root */
};

static bool xml_begins(struct bytes text, size_t at, const char *with)
{
	return text.len - at >= strlen(with) && memcmp(text.data + at, with, strlen(with)) == 0;
}

/*
 * Entity bombs and external entities need a DTD, which Azure never writes. A DTD begins with "<!"; in well-formed
 * XML, only comments and CDATA also begin with "<!".
 */
static int xml_check_bytes(struct bytes text, struct err *e)
{
	unsigned tags = 0, quotes = 0;

	if (text.len > TEXT_MAX)
		return limit_refuse(e, "it has more than %u bytes", TEXT_MAX);
	if (text_is_utf16(text))
		return format_refuse(e, "it is UTF-16; Azure writes UTF-8");
	if (memchr(text.data, '\0', text.len) != NULL || !text_is_utf8((const char *)text.data, text.len))
		return format_refuse(e, "it is not UTF-8 text");
	for (size_t i = 0; i < text.len; i++) {
		tags += text.data[i] == '<';
		quotes += text.data[i] == '"' || text.data[i] == '\'';
		if (xml_begins(text, i, "<!") && !xml_begins(text, i, "<!--") && !xml_begins(text, i, "<![CDATA["))
			return dtd_refuse(e, "it has a DTD or an entity, which Azure never writes");
	}
	if (tags > TAGS_MAX || quotes > QUOTES_MAX)
		return limit_refuse(e, "it has more than %u tags or %u attributes", TAGS_MAX, QUOTES_MAX / 2);
	return 0;
}

static int xml_parse(xmlDoc **out, struct bytes text, struct err *e)
{
	AUTO(xmlParserCtxt) parser = NULL;
	AUTO(xmlDoc) doc = NULL;
	const xmlError *why;
	char safe[160];

	if (library_load(XML_SONAME, lib_rows, ARRAY_LEN(lib_rows), e) < 0)
		return -1;
	parser = lib.xmlNewParserCtxt();
	if (parser == NULL)
		return err_oom(e);
	/* Without NOENT and DTDLOAD libxml2 expands no entity; without HUGE its own limits are active. */
	doc = lib.xmlCtxtReadMemory(parser, (const char *)text.data, (int)text.len, NULL, "UTF-8",
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
	if (doc != NULL && doc->intSubset == NULL && doc->extSubset == NULL) {
		*out = STEAL(doc);
		return 0;
	}
	why = lib.xmlCtxtGetLastError(parser);
	(void)format_refuse(e, "it is not well-formed XML");
	if (why == NULL || why->message == NULL)
		return -1;
	(void)print_safe(safe, sizeof(safe), why->message, strcspn(why->message, "\n"));
	return err_cause(e, "line %d: %s", why->line, safe);
}

static bool same_name(const struct xml_form *form, const char *a, const char *b)
{
	return form->any_case ? strcasecmp(a, b) == 0 : strcmp(a, b) == 0;
}

static const struct xml_row *xml_row_of(const struct walk *w)
{
	for (size_t i = 0; i < w->form->n_rows; i++)
		if (same_name(w->form, w->form->rows[i].path, w->path))
			return &w->form->rows[i];
	return NULL;
}

static bool is_expected(const struct walk *w)
{
	const char *const *other = w->form->others;

	if (other == NULL)
		return true;
	while (*other != NULL && !same_name(w->form, *other, w->path))
		other++;
	return *other != NULL;
}

static int xml_collect(struct buf *out, const xmlNode *element, const char *name, struct err *e)
{
	for (const xmlNode *n = element->children; n != NULL; n = n->next) {
		if (n->type == XML_COMMENT_NODE || n->type == XML_PI_NODE)
			continue;
		if (n->type != XML_TEXT_NODE && n->type != XML_CDATA_SECTION_NODE)
			return format_refuse(e, "%s is not text alone", name);
		if (buf_add(out, n->content, strlen((const char *)n->content), e) < 0)
			return -1;
	}
	return buf_add(out, "", 1, e);
}

static int xml_take(struct walk *w, const struct xml_row *row, const xmlNode *element, struct err *e)
{
	const uint32_t bit = UINT32_C(1) << (row - w->form->rows);
	AUTO_VALUE(buf) all = { 0 };
	struct bytes text;

	if (!row->many && (w->seen & bit) != 0)
		return format_refuse(e, "%s is there twice", row->path);
	w->seen |= bit;
	if (xml_collect(&all, element, row->path, e) < 0)
		return -1;
	text = (struct bytes){ all.data, all.len - 1 };
	while (text.len > 0 && isspace(text.data[0]))
		text = (struct bytes){ text.data + 1, text.len - 1 };
	while (text.len > 0 && isspace(text.data[text.len - 1]))
		text.len--;
	all.data[(size_t)(text.data - all.data) + text.len] = '\0';
	return text.len > 0 ? row->take(w->r, row->path, text, e) : 0;
}

/* Recursion ends at DEPTH_MAX. */
static int xml_walk(struct walk *w, const xmlNode *parent, struct err *e)
{
	size_t base = strlen(w->path);

	if (++w->depth > DEPTH_MAX)
		return limit_refuse(e, "it has more than %d levels", DEPTH_MAX);
	for (const xmlNode *n = parent->children; n != NULL; n = n->next) {
		const struct xml_row *row;
		int written;

		if (n->type != XML_ELEMENT_NODE)
			continue;
		written = snprintf(w->path + base, sizeof(w->path) - base, "%s%s", base > 0 ? "/" : "",
		    (const char *)n->name);
		row = (size_t)written < sizeof(w->path) - base ? xml_row_of(w) : NULL;
		if (row == NULL && !is_expected(w))
			w->form->unexpected(w->r, w->path);
		if ((row != NULL ? xml_take(w, row, n, e) : xml_walk(w, n, e)) < 0)
			return -1;
	}
	w->path[base] = '\0';
	w->depth--;
	return 0;
}

int xml_read(const struct xml_form *form, struct bytes text, struct reading *r, struct err *e)
{
	struct walk w = { .form = form, .r = r };
	AUTO(xmlDoc) doc = NULL;
	const xmlNode *root;
	char safe[80];

	if (form->n_rows > 32)
		return err_set(e, ERR_INTERNAL, "an XML form has more rows than bits");
	if (xml_check_bytes(text, e) < 0 || xml_parse(&doc, text, e) < 0)
		return -1;
	root = lib.xmlDocGetRootElement(doc);
	if (root == NULL || !same_name(form, (const char *)root->name, form->root)) {
		const char *name = root != NULL ? (const char *)root->name : "";

		(void)print_safe(safe, sizeof(safe), name, strlen(name));
		return format_refuse(e, "its root element is '%s', not %s", safe, form->root);
	}
	return xml_walk(&w, root, e);
}
