/* SPDX-License-Identifier: MIT */
/* trust.h - files that decide what p11ca does: read only where nobody but this user and root can change them. */
#ifndef UTIL_TRUST_H
#define UTIL_TRUST_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

/*
 * Each folder on the way, from / on, belongs to this user or root and is not writable by others, nor by a group other
 * than root's; a folder with the sticky bit (/tmp) may be writable, since others cannot replace what is in it.
 * Symbolic links are followed one by one, so that the folder of a link counts as well as that of its target.  The file
 * itself is opened once, and what is open is what was checked.
 */
enum trust_flaw {
	TRUST_OK,
	TRUST_OWNER,                 /* belongs to somebody else */
	TRUST_WRITABLE,              /* others, or its group, may write to it */
	TRUST_LINK,                  /* the last name is a symbolic link, and none is allowed */
	TRUST_NOT_A_FILE             /* no regular file */
};
struct trust_result {
	enum trust_flaw flaw;
	char path[256];              /* the folder, link or file that has the flaw; cut at size */
};
const char *trust_flaw_text(enum trust_flaw flaw); /* "belongs to another user": completes a sentence */

/*
 * *fd: the file, open for reading; -1 where there is none (*out is then TRUST_OK) or it has a flaw.  links: whether
 * the last name may be a symbolic link.  -1 (ERR_OUTPUT): it cannot be looked at.
 */
int trust_open(int *fd, struct trust_result *out, const char *path, bool links, struct err *e) MUST_CHECK;

/* How a file of one kind is refused; texts static. */
struct trust_rule {
	const char *noun;            /* "the configuration" */
	const char *code_owner, *code_writable, *code_link;
	const char *hint;
	bool links;                  /* the last name may be a symbolic link */
};
/*
 * *fd: the file, open for reading and the caller's; -1 where there is none.  A folder that others may write to is
 * refused once there is a file.  -1: ERR_POLICY with a code of the rule, ERR_OUTPUT.
 */
int trust_open_file(int *fd, const char *path, const struct trust_rule *rule, struct err *e) MUST_CHECK;
/*
 * Appends the file's content.
 * -1: as trust_open_file(); ERR_INPUT (larger than max); ERR_OUTPUT (cannot be read; no such file).
 */
int trust_read(struct buf *out, const char *path, size_t max, const struct trust_rule *rule, struct err *e)
    MUST_CHECK;

#endif
