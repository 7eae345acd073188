/* SPDX-License-Identifier: MIT */
/* trust.h - opens files that control p11ca, if only this user and root can change them. */
#ifndef UTIL_TRUST_H
#define UTIL_TRUST_H

#include <stdbool.h>

#include "util/bytes.h"
#include "util/err.h"

/*
 * Each folder from / on belongs to this user or root and is not writable by others, nor by a group other than root's;
 * a folder with the sticky bit (/tmp) may be writable, because others cannot replace its files. Symbolic links are
 * followed one by one, so that the folder of a link is checked as well as its target's. The file itself is opened
 * once, and the open file is checked.
 */
enum trust_flaw {
	TRUST_OK,
	TRUST_OWNER,                 /* belongs to another user */
	TRUST_WRITABLE,              /* writable by others or by the group */
	TRUST_LINK,                  /* the last name is a symbolic link, which is not allowed */
	TRUST_NOT_A_FILE             /* not a regular file */
};
struct trust_result {
	enum trust_flaw flaw;
	char path[256];              /* the folder, link or file with the flaw; cut at size */
};
const char *trust_flaw_text(enum trust_flaw flaw); /* "belongs to another user": the end of a sentence */

/*
 * *fd: the file, open for reading; -1 if it does not exist (*out is then TRUST_OK) or has a flaw. links: whether the
 * last name may be a symbolic link. -1 (ERR_OUTPUT): checking failed.
 */
int trust_open(int *fd, struct trust_result *out, const char *path, bool links, struct err *e) MUST_CHECK;

/* How a flaw in a kind of file is reported; texts are static. */
struct trust_rule {
	const char *noun;            /* "the configuration" */
	const char *code_owner, *code_writable, *code_link;
	const char *hint;
	bool links;                  /* the last name may be a symbolic link */
};
/*
 * *fd: the file, open for reading, owned by the caller; -1 if it does not exist. A folder that others may write to is
 * refused only if the file exists. -1: ERR_POLICY with a code of the rule, ERR_OUTPUT.
 */
int trust_open_file(int *fd, const char *path, const struct trust_rule *rule, struct err *e) MUST_CHECK;
/*
 * Appends the file's content.
 * -1: as trust_open_file(); ERR_INPUT (larger than max); ERR_OUTPUT (missing, or reading failed).
 */
int trust_read(struct buf *out, const char *path, size_t max, const struct trust_rule *rule, struct err *e)
    MUST_CHECK;

#endif
