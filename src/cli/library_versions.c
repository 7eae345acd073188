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

typedef const char *version_fn(int what); /* those without parameters ignore the argument */

static const struct {
	const char *name, *symbol;
} libraries[] = {
	{ "", "OpenSSL_version" }, /* its text begins with the name */
	{ "SQLite", "sqlite3_libversion" },
	{ "libzip", "zip_libzip_version" },
	{ "jansson", "jansson_version_str" },
};

void library_versions_print(FILE *f)
{
	char libc[40];
	const char *const *xml = dlsym(RTLD_DEFAULT, "xmlParserVersion");

	for (size_t i = 0; i < ARRAY_LEN(libraries); i++) {
		void *symbol = dlsym(RTLD_DEFAULT, libraries[i].symbol);
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
