/* SPDX-License-Identifier: MIT */
/*
 * library.h - a shared library that is loaded when its first function is needed, not with the program.
 *
 *	#define XML_FUNCTIONS(X) X(xmlFreeDoc) X(xmlNewParserCtxt)
 *	static struct {
 *		XML_FUNCTIONS(LIBRARY_MEMBER)
 *	} lib;
 *	static const struct library_function lib_rows[] = { XML_FUNCTIONS(LIBRARY_ROW) };
 *
 *	if (library_load("libxml2.so.2", lib_rows, ARRAY_LEN(lib_rows), e) == 0)
 *		lib.xmlFreeDoc(doc);
 *
 * The library's header declares the types, so the compiler checks each call.
 */
#ifndef UTIL_LIBRARY_H
#define UTIL_LIBRARY_H

#include <stddef.h>

#include "util/cleanup.h"
#include "util/err.h"

struct library_function {
	const char *name;
	void *pointer; /* to the pointer to the function */
};

#define LIBRARY_MEMBER(function) __typeof__(function) *(function);
#define LIBRARY_ROW(function) { #function, &lib.function },

/*
 * Sets the pointers of the rows; does nothing if they are set. soname: as the linker wrote it at build time, found in
 * the directories of the dynamic linker. The library stays loaded. ERR_INTERNAL: the library or a function is missing.
 */
int library_load(const char *soname, const struct library_function *rows, size_t n, struct err *e) MUST_CHECK;

#endif
