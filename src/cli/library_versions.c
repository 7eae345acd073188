/* SPDX-License-Identifier: MIT */
/*
 * library_versions.c - see library_versions.h. The functions are looked up in the process, because cli includes no
 * header of these libraries, and because the loaded version counts, not that of the build.
 */
#include "cli/library_versions.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/array.h"
#include "util/library.h"

typedef const char *version_fn(int what); /* those without parameters ignore the argument */

static const struct {
	const char *name, *symbol;
	const char *soname; /* of a library that is loaded when it is needed */
} libraries[] = {
	{ "", "OpenSSL_version", NULL }, /* "": its text begins with the name */
	{ "SQLite", "sqlite3_libversion", NULL },
	{ "libzip", "zip_libzip_version", ZIP_SONAME },
	{ "jansson", "jansson_version_str", NULL },
	{ "libidn2", "idn2_check_version", NULL },
};

static void *library_versions_find(const char *symbol, const char *soname)
{
	struct err none = ERR_INIT;
	void *found = NULL;
	const struct library_function row = { symbol, &found };

	if (soname == NULL)
		return dlsym(RTLD_DEFAULT, symbol);
	return library_load(soname, &row, 1, &none) == 0 ? found : NULL;
}

static int library_versions_report(library_version_fn *fn, void *arg, const char *name, const char *text, struct err *e)
{
	struct library_version v;
	const size_t n = strlen(name);

	(void)snprintf(v.name, sizeof(v.name), "%.*s", n > 0 ? (int)n : (int)strcspn(text, " "), n > 0 ? name : text);
	(void)snprintf(v.version, sizeof(v.version), "%s", n > 0 ? text : text + strcspn(text, " ") + 1);
	return fn(&v, arg, e);
}

/* "20914" is 2.9.14 */
static int library_versions_libxml2(library_version_fn *fn, void *arg, struct err *e)
{
	const char *const *xml = library_versions_find("xmlParserVersion", XML_SONAME);
	char text[40];

	if (xml == NULL)
		return 0;
	const long n = strtol(*xml, NULL, 10);

	(void)snprintf(text, sizeof(text), "%ld.%ld.%ld", n / 10000, n / 100 % 100, n % 100);
	return library_versions_report(fn, arg, "libxml2", text, e);
}

int library_versions_each(library_version_fn *fn, void *arg, struct err *e)
{
	char libc[40];

	for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
		void *symbol = library_versions_find(libraries[i].symbol, libraries[i].soname);
		version_fn *version;

		if (symbol == NULL)
			continue;
		memcpy(&version, &symbol, sizeof(version)); /* POSIX permits the conversion, ISO C does not */
		if (library_versions_report(fn, arg, libraries[i].name, version(0), e) < 0)
			return -1;
	}
	if (library_versions_libxml2(fn, arg, e) < 0)
		return -1;
	return confstr(_CS_GNU_LIBC_VERSION, libc, sizeof(libc)) == 0 ? 0 :
	    library_versions_report(fn, arg, "", libc, e);
}
