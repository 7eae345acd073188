/* SPDX-License-Identifier: MIT */
/* library.c - see library.h. */
#include "util/library.h"

#include <dlfcn.h>
#include <string.h>

static bool library_is_loaded(const struct library_function *row)
{
	void *function;

	memcpy(&function, row->pointer, sizeof(function));
	return function != NULL;
}

static int library_fail(const char *soname, struct err *e)
{
	const char *reason = dlerror();

	(void)err_set(e, ERR_INTERNAL, "cannot load library '%s'", soname);
	return err_cause(e, "%s", reason != NULL ? reason : "unknown reason");
}

int library_load(const char *soname, const struct library_function *rows, size_t n, struct err *e)
{
	void *library;

	if (library_is_loaded(&rows[n - 1]))
		return 0;
	library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return library_fail(soname, e);
	for (size_t i = 0; i < n; i++) {
		void *function = dlsym(library, rows[i].name);

		if (function == NULL)
			return library_fail(soname, e);
		memcpy(rows[i].pointer, &function, sizeof(function)); /* ISO C casts no data to function pointer */
	}
	return 0;
}
