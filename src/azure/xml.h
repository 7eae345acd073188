/* SPDX-License-Identifier: MIT */
/* xml.h - small XML files of Azure's, element by element, by a table; nothing in them is ever expanded or fetched. */
#ifndef AZURE_XML_H
#define AZURE_XML_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

struct reading;

struct xml_row {
	const char *path;            /* names below the root, without namespaces: "CaCerts/string" */
	bool many;                   /* may be there more than once */
	/* text: of the element, blanks around it taken off, never empty, a NUL behind it.  name: for messages. */
	int (*take)(struct reading *r, const char *name, struct bytes text, struct err *e);
};

struct xml_form {
	const char *root;
	bool any_case;               /* of all names */
	const struct xml_row *rows;
	size_t n_rows;               /* at most 32 */
	const char *const *others;   /* elements without a row that are expected, ended by NULL; NULL = any is */
	void (*unexpected)(struct reading *r, const char *path); /* called for every other element */
};

/*
 * Calls take for the elements that have a row, in the order of the file; others, empty ones and attributes are passed
 * over.  text: UTF-8 whatever its declaration says, at most 1 MiB.
 * -1 (ERR_INPUT): "package-format" (NUL, not UTF-8, not well-formed, another root, an element twice, elements where
 * text belongs), "package-dtd" (any markup declaration but comments and CDATA: found before the parser sees it),
 * "package-limit" (more than 16 levels, 16,384 tags, 1,024 attributes, 1 MiB); or as take.
 */
int xml_read(const struct xml_form *form, struct bytes text, struct reading *r, struct err *e) MUST_CHECK;

#endif
