/* SPDX-License-Identifier: MIT */
/*
 * files.h - what is in a package, by names that cannot lead anywhere else; made by zip.c or folder.c.
 *
 * Nothing is ever written to the names.  They are checked all the same: a package in which a name is absolute, goes
 * up or is there twice was not made by Azure, and what one program reads there another might not.
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
#define FILES_CONTENT_MAX (1U << 20) /* bytes of a file that is read */

struct files {
	struct file_entry {
		char name[FILES_NAME_MAX]; /* '/' between the parts, none at the end; harmless UTF-8 */
		char raw[FILES_NAME_MAX];  /* as it was given */
		uint64_t index;            /* for read */
	} all[FILES_MAX];
	size_t n;
	int (*read)(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e);
	void (*close)(void *self);   /* NULL: nothing to close */
	void *self;
};

struct files *files_new(struct err *e); /* NULL: out of memory */
void files_free(struct files *f);       /* NULL is fine */
AUTO_STRUCT_DEFINE(files, files_free);

/* -1 (ERR_INPUT): "package-name" (empty, too long, control characters, absolute, a drive, `.` or `..`, there already
 * in any case), "package-limit" (too many). */
int files_add(struct files *f, const char *raw, uint64_t index, struct err *e) MUST_CHECK;
/* In the order of their names, whatever the order of the folder or the zip. */
void files_sort(struct files *f);
/* Appends the content and a NUL behind it, which is not counted.  -1: "package-limit", "package-format", ERR_OUTPUT. */
int files_read(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e) MUST_CHECK;

#endif
