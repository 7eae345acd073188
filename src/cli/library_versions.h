/* SPDX-License-Identifier: MIT */
/* library_versions.h - prints the versions of the libraries that are loaded in this process. */
#ifndef CLI_LIBRARY_VERSIONS_H
#define CLI_LIBRARY_VERSIONS_H

#include <stdio.h>

/* One line for each library, "SQLite 3.40.1"; a library that is not loaded is left out. */
void library_versions_print(FILE *f);

#endif
