/* SPDX-License-Identifier: MIT */
/*
 * library_versions.c - see library_versions.h. The functions are looked up in the process, because cli includes no
 * header of these libraries, and because the loaded version counts, not that of the build.
 */
#include "cli/library_versions.h"

#include <dlfcn.h>
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
	{ "", "OpenSSL_version", NULL }, /* its text begins with the name */
	{ "SQLite", "sqlite3_libversion", NULL },
	{ "libzip", "zip_libzip_version", ZIP_SONAME },
	{ "jansson", "jansson_version_str", NULL },
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

void library_versions_print(FILE *f)
{
	char libc[40];
	const char *const *xml = library_versions_find("xmlParserVersion", XML_SONAME);

	for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
		void *symbol = library_versions_find(libraries[i].symbol, libraries[i].soname);
		version_fn *version;

		if (symbol == NULL)
			continue;
		memcpy(&version, &symbol, sizeof(version)); /* POSIX permits the conversion, ISO C does not */
		(void)fprintf(f, "%s%s%s\n", libraries[i].name, libraries[i].name[0] != '\0' ? " " : "", version(0));
	}
	if (xml != NULL) { /* "20914" is 2.9.14 */
		const long n = strtol(*xml, NULL, 10);

		(void)fprintf(f, "libxml2 %ld.%ld.%ld\n", n / 10000, n / 100 % 100, n % 100);
	}
	if (confstr(_CS_GNU_LIBC_VERSION, libc, sizeof(libc)) > 0)
		(void)fprintf(f, "%s\n", libc);
}
