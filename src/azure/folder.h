/* SPDX-License-Identifier: MIT */
/* folder.h - lists the files of an unpacked package. */
#ifndef AZURE_FOLDER_H
#define AZURE_FOLDER_H

#include "azure/files.h"

/*
 * Lists the folder and its subfolders, one level deep, without names that begin with a dot.
 * -1: ERR_OUTPUT (reading failed), ERR_INPUT "package-name" (as files_add(); a link or a device), "package-limit".
 */
int folder_files(struct files *out, const char *path, struct err *e) MUST_CHECK;

#endif
