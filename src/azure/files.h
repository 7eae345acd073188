/* SPDX-License-Identifier: MIT */
/*
 * files.h - the list of files in a package, with checked names; filled by zip.c or folder.c.
 *
 * No file is ever written under these names. Names are checked because Azure makes no package with an absolute name,
 * a name that goes up, or a repeated name: other programs could read such a package differently.
 */
#ifndef AZURE_FILES_H
#define AZURE_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "util/bytes.h"
#include "util/cleanup.h"
#include "util/err.h"

#define FILES_MAX 256
#define FILES_NAME_MAX 256           /* with the NUL */
#define FILES_CONTENT_MAX (1U << 20) /* bytes of one file */

struct files {
	struct file_entry {
		char name[FILES_NAME_MAX]; /* parts separated by '/', no '/' at the end; UTF-8, safe to print */
		char raw[FILES_NAME_MAX];  /* the name as in the package */
		uint64_t index;            /* argument for read */
	} all[FILES_MAX];
	size_t n;
	int (*read)(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e);
	void (*close)(void *self);   /* NULL: nothing to close */
	void *self;
};

struct files *files_new(struct err *e); /* NULL: out of memory */
void files_free(struct files *f);       /* f may be NULL */
AUTO_STRUCT_DEFINE(files, files_free);

/*
 * -1 (ERR_INPUT): "package-name" (empty, too long, control characters, absolute, a drive, `.` or `..`, repeated
 * in any case), "package-limit" (too many files).
 */
int files_add(struct files *f, const char *raw, uint64_t index, struct err *e) MUST_CHECK;
/* Calls fn for each file in the order of the names, independent of the order in the folder or zip. */
void files_sort(struct files *f);
/* Appends the content and a NUL, which is not counted. -1: "package-limit", "package-format", ERR_OUTPUT. */
int files_read(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e) MUST_CHECK;

#endif
