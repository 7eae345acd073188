/* SPDX-License-Identifier: MIT */
/* plist.c - see plist.h. */
#include "out/plist.h"

#include <stdio.h>

int plist_open(struct xml **x, struct err *e)
{
	if (xml_open(x, XML_INDENT | XML_DECLARE, e) < 0)
		return -1;
	xml_doctype(*x, "plist", "-//Apple//DTD PLIST 1.0//EN", "http://www.apple.com/DTDs/PropertyList-1.0.dtd");
	xml_start(*x, "plist", NULL);
	xml_attribute(*x, "version", "1.0");
	xml_start(*x, "dict", NULL);
	return 0;
}

static void plist_start(struct xml *x, const char *key, const char *element)
{
	if (key != NULL)
		xml_leaf(x, "key", key);
	xml_start(x, element, NULL);
}

void plist_dict(struct xml *x, const char *key)
{
	plist_start(x, key, "dict");
}

void plist_array(struct xml *x, const char *key)
{
	plist_start(x, key, "array");
}

void plist_end(struct xml *x)
{
	xml_end(x);
}

void plist_string(struct xml *x, const char *key, const char *value)
{
	plist_start(x, key, "string");
	xml_text(x, value);
	xml_end(x);
}

void plist_secret(struct xml *x, const char *key, const char *value)
{
	plist_start(x, key, "string");
	xml_secret(x, value);
	xml_end(x);
}

void plist_integer(struct xml *x, const char *key, unsigned value)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", value);
	plist_start(x, key, "integer");
	xml_text(x, text);
	xml_end(x);
}

void plist_bool(struct xml *x, const char *key, bool value)
{
	plist_start(x, key, value ? "true" : "false");
	xml_end(x);
}

void plist_data(struct xml *x, const char *key, struct bytes value)
{
	plist_start(x, key, "data");
	xml_base64(x, value);
	xml_end(x);
}

int plist_close(struct xml *x, struct buf *out, struct err *e)
{
	return xml_close(x, out, e);
}
