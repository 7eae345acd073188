/* SPDX-License-Identifier: MIT */
/* xml.h - reads small XML files of Azure by a table of elements; nothing is expanded or fetched. */
#ifndef AZURE_XML_H
#define AZURE_XML_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

struct reading;

struct xml_row {
	const char *path;            /* names below the root, without namespaces: "CaCerts/string" */
	bool many;                   /* the element may be repeated */
	/*
	 * text: content of the element without surrounding spaces, never empty, followed by a NUL. name: for
	 * messages.
	 */
	int (*take)(struct reading *r, const char *name, struct bytes text, struct err *e);
};

struct xml_form {
	const char *root;
	bool any_case;               /* of all names */
	const struct xml_row *rows;
	size_t n_rows;               /* at most 32 */
	const char *const *others;   /* expected elements without a row, ended by NULL; NULL = any */
	void (*unexpected)(struct reading *r, const char *path); /* called for every unexpected element */
};

/*
 * Calls take for the elements with a row, in the order of the file; other and empty elements and attributes are
 * skipped. text: UTF-8 whatever the XML declaration states, at most 1 MiB.
 * -1 (ERR_INPUT): "package-format" (NUL, not UTF-8, not well-formed, another root, an element twice, elements where
 * text belongs), "package-dtd" (any markup declaration but comments and CDATA: found before the parser runs),
 * "package-limit" (more than 16 levels, 16,384 tags, 1,024 attributes, 1 MiB); or as take.
 */
int xml_read(const struct xml_form *form, struct bytes text, struct reading *r, struct err *e) MUST_CHECK;

#endif
