/* SPDX-License-Identifier: MIT */
/* ini.c - see ini.h. The only file that uses libinih. */
#include "util/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/bytes.h"
#include "util/file.h"
#include "util/text_decode.h"

#define SEEN_MAX      256
#define INI_BYTES_MAX ((size_t)1 << 20)

struct reading {
	const char *path;
	ini_fn *fn;
	void *arg;
	struct err *e;
	bool failed;
	char *seen[SEEN_MAX]; /* "section\nkey" */
	size_t n_seen;
};

static int ini_note_seen(struct reading *r, const char *section, const char *key)
{
	char *name = NULL;

	if (r->n_seen >= SEEN_MAX)
		return err_set(r->e, ERR_INPUT, "more than %d settings", SEEN_MAX);
	if (asprintf(&name, "%s\n%s", section, key) < 0)
		return err_oom(r->e);
	for (size_t i = 0; i < r->n_seen; i++) {
		if (strcmp(r->seen[i], name) == 0) {
			free(name);
			return err_set(r->e, ERR_INPUT, "'%s' is given twice", key);
		}
	}
	r->seen[r->n_seen++] = name;
	return 0;
}

/* Callback of libinih: 0 stops the parser, and ini_parse_file() returns the line. */
static int one_line(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;

	if (ini_note_seen(r, section, key) < 0 || r->fn(section, key, value, r->arg, r->e) < 0) {
		r->failed = true;
		return 0;
	}
	return 1;
}

/* *fd -1: the file does not exist. */
static int open_settings(int *fd, const char *path, const struct trust_rule *rule, struct err *e)
{
	if (rule != NULL)
		return trust_open_file(fd, path, rule, e);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd >= 0 || errno == ENOENT ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
}

/* Refuses NUL, because libinih reads up to the first NUL and would ignore the rest. */
static int read_text(struct buf *out, int fd, const char *path, struct err *e)
{
	AUTO_VALUE(buf) file = { 0 };
	AUTO_VALUE(buf) store = { 0 };
	struct bytes text;

	if (file_read_fd(&file, fd, path, INI_BYTES_MAX, e) < 0)
		return -1;
	if (text_decode(&text, &store, buf_bytes(&file), e) < 0)
		return err_while(e, "reading %s", path);
	if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL)
		return err_set(e, ERR_INPUT, "'%s' is not text: it contains a NUL character", path);
	return buf_add(out, text.data, text.len, e) < 0 ? -1 : buf_add(out, "", 1, e);
}

int ini_read(bool *found, const char *path, const struct trust_rule *rule, ini_fn *fn, void *arg, struct err *e)
{
	struct reading r = { .path = path, .fn = fn, .arg = arg, .e = e };
	AUTO_VALUE(buf) text = { 0 };
	int fd = -1, line, result;

	if (open_settings(&fd, path, rule, e) < 0)
		return -1;
	*found = fd >= 0;
	if (fd < 0)
		return 0;
	result = read_text(&text, fd, path, e);
	(void)close(fd);
	if (result < 0)
		return -1;
	line = ini_parse_string((const char *)text.data, one_line, &r);
	for (size_t i = 0; i < r.n_seen; i++)
		free(r.seen[i]);
	if (line == 0)
		return 0;
	if (!r.failed)
		(void)err_set(e, ERR_INPUT, "this is neither a [section] nor a `key = value`");
	return err_while(e, "reading %s, line %d", path, line);
}
