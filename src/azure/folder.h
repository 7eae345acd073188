/* SPDX-License-Identifier: MIT */
/* folder.h - the files of an unpacked package. */
#ifndef AZURE_FOLDER_H
#define AZURE_FOLDER_H

#include "azure/files.h"

/*
 * Lists the folder and the folders in it, one level down; names that begin with a dot are passed over.
 * -1: ERR_OUTPUT (cannot be read), ERR_INPUT "package-name" (as files_add(); a link or
 * a device), "package-limit".
 */
int folder_files(struct files *out, const char *path, struct err *e) MUST_CHECK;

#endif
