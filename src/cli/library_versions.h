/* SPDX-License-Identifier: MIT */
/* library_versions.h - the versions of the libraries that are loaded in this process. */
#ifndef CLI_LIBRARY_VERSIONS_H
#define CLI_LIBRARY_VERSIONS_H

#include "util/err.h"

struct library_version {
	char name[32];               /* "SQLite" */
	char version[64];            /* "3.40.1" */
};

typedef int library_version_fn(const struct library_version *v, void *arg, struct err *e);
/* Passes each library to fn; a library that is not loaded is left out. -1: fn's. */
int library_versions_each(library_version_fn *fn, void *arg, struct err *e) MUST_CHECK;

#endif
