/* SPDX-License-Identifier: MIT */
/* zip.h - lists and reads the files of a zip in memory. */
#ifndef AZURE_ZIP_H
#define AZURE_ZIP_H

#include <stdbool.h>

#include "azure/files.h"

bool zip_is_one(struct bytes content); /* whether data begins like a zip (APPNOTE 4.3.6) */
/*
 * Lists the entries; zip is borrowed until files_free(). Zip64 is refused: packages have a few megabytes.
 * -1 (ERR_INPUT): "package-format" (not a zip, truncated, encrypted), "package-name" (as files_add(); a link or a
 * device),
 * "package-limit" (too many entries, or an entry that claims more than 256 MiB). Reading an entry fails with
 * "package-limit" if it claims or has more than FILES_CONTENT_MAX bytes, or a hundred times its packed size.
 */
int zip_files(struct files *out, struct bytes zip, struct err *e) MUST_CHECK;

#endif
