/* SPDX-License-Identifier: MIT */
/* fuzz_package_zip.c - the zip of a client package: listed, and all that is in it inflated. */
#include <stdlib.h>
#include <string.h>

#include "azure/zip.h"
#include "fuzz.h"
#include "util/text.h"

const char *const fuzz_corpus[] = { "fuzz/package_zip/deflated.zip", "fuzz/package_zip/encrypted.zip", NULL };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* A part that is "..": "a.../b" has none. */
static bool goes_up(const char *name)
{
	size_t len = strlen(name);

	return strncmp(name, "../", 3) == 0 || strstr(name, "/../") != NULL || strcmp(name, "..") == 0 ||
	    (len > 3 && strcmp(name + len - 3, "/..") == 0);
}

static void read_all(const struct files *f)
{
	for (size_t i = 0; i < f->n; i++) {
		AUTO_VALUE(buf) content = { 0 };
		const char *name = f->all[i].name;
		struct err e = ERR_INIT;

		must(text_is_harmless(name, strlen(name)) && name[0] != '/' && !goes_up(name));
		if (files_read(&content, f, &f->all[i], &e) < 0)
			must(e.status == ERR_INPUT && e.code != NULL);
		else
			must(content.len <= FILES_CONTENT_MAX && content.data[content.len] == '\0');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct err e = ERR_INIT;
	AUTO_STRUCT(files) f = files_new(&e);
	struct bytes zip = { at, len };

	must(f != NULL);
	if (!zip_is_one(zip))
		return 0;
	if (zip_files(f, zip, &e) < 0)
		must(e.status == ERR_INPUT && e.code != NULL);
	else
		read_all(f);
	return 0;
}
