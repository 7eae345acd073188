/* SPDX-License-Identifier: MIT */
/*
 * plist.h - writes Apple's property lists in XML (DTD PropertyList-1.0), based on xml.h.
 *
 * key: name of the entry in the surrounding dictionary, NULL in an array. xml_close() reports failures.
 */
#ifndef OUT_PLIST_H
#define OUT_PLIST_H

#include <stdbool.h>

#include "out/xml.h"

/* Begins a document of one dictionary; plist_close(), which is xml_close(), ends it. */
int plist_open(struct xml **x, struct err *e) MUST_CHECK;
void plist_dict(struct xml *x, const char *key);
void plist_array(struct xml *x, const char *key);
void plist_end(struct xml *x); /* ends the innermost dictionary or array */
void plist_string(struct xml *x, const char *key, const char *value);
void plist_secret(struct xml *x, const char *key, const char *value); /* a string of which no copy stays in memory */
void plist_integer(struct xml *x, const char *key, unsigned value);
void plist_bool(struct xml *x, const char *key, bool value);
void plist_data(struct xml *x, const char *key, struct bytes value);
int plist_close(struct xml *x, struct buf *out, struct err *e) MUST_CHECK;

#endif
