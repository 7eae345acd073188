/* SPDX-License-Identifier: MIT */
/*
 * plist.h - Apple's property lists in XML (DTD PropertyList-1.0), on top of xml.h.
 *
 * key: of the entry in the dictionary around it, NULL in an array.  Failures are told by xml_close().
 */
#ifndef OUT_PLIST_H
#define OUT_PLIST_H

#include <stdbool.h>

#include "out/xml.h"

/* A document of one dictionary; end it with plist_close(), which is xml_close(). */
int plist_open(struct xml **x, struct err *e) MUST_CHECK;
void plist_dict(struct xml *x, const char *key);
void plist_array(struct xml *x, const char *key);
void plist_end(struct xml *x); /* of the innermost dictionary or array */
void plist_string(struct xml *x, const char *key, const char *value);
void plist_secret(struct xml *x, const char *key, const char *value); /* a string that leaves no copy */
void plist_integer(struct xml *x, const char *key, unsigned value);
void plist_bool(struct xml *x, const char *key, bool value);
void plist_data(struct xml *x, const char *key, struct bytes value);
int plist_close(struct xml *x, struct buf *out, struct err *e) MUST_CHECK;

#endif
