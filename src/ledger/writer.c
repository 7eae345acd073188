/* SPDX-License-Identifier: MIT */
/*
 * writer.c - marks this process as a writer by a locked file; the lock ends with the process, so others see dead
 * writers.
 */
#include "ledger/internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/random.h"
#include "util/text.h"

#define FOLDER "writers"
#define SEEDED_TRIES 64

static char *writer_path_of(const struct ledger *l, const char *writer, struct err *e)
{
	char name[sizeof(FOLDER) + WRITER_HEX];

	(void)snprintf(name, sizeof(name), FOLDER "/%s", writer);
	return file_join(l->home, name, e);
}

static int make_folder(const struct ledger *l, struct err *e)
{
	char *folder = file_join(l->home, FOLDER, e);
	int r = folder != NULL ? file_make_folder(folder, e) : -1;

	free(folder);
	return r;
}

/* context: with a seed, determines the name. -1: another process has it. */
static int writer_take(struct ledger *l, const char *context, struct err *e)
{
	const struct random_use use = { "writer", { (const unsigned char *)context, strlen(context) } };
	unsigned char random[8];

	if (random_draw(random, sizeof(random), l->o.random, &use, e) < 0)
		return -1;
	text_hex(l->writer, sizeof(l->writer), (struct bytes){ random, sizeof(random) });
	free(l->writer_path);
	l->writer_path = writer_path_of(l, l->writer, e);
	return l->writer_path != NULL ? lock_take(&l->writer_lock, l->writer_path, 1000, e) : -1;
}

/*
 * With a seed, two processes that run at the same time derive the same name: the second process takes the next name.
 * A later process finds more events if this one recorded anything under its name.
 */
int writer_start(struct ledger *l, int64_t n_events, struct err *e)
{
	char context[64];

	if (make_folder(l, e) < 0)
		return -1;
	if (l->o.random == NULL || !l->o.random->is_seeded)
		return writer_take(l, "", e);
	for (unsigned i = 0; i < SEEDED_TRIES; i++) {
		(void)snprintf(context, sizeof(context), "%lld %u", (long long)n_events, i);
		if (writer_take(l, context, e) == 0)
			return 0;
	}
	return -1;
}

void writer_stop(struct ledger *l)
{
	if (l->writer_lock.fd >= 0)
		(void)unlink(l->writer_path); /* before the lock is released: later another process may have the name */
	lock_release(&l->writer_lock);
	free(l->writer_path);
	l->writer_path = NULL;
}

#define DAY 86400

/* Removes files of dead writers. A new writer may not have locked its file yet, so files of the last day are kept. */
static void remove_dead(const struct ledger *l, const char *writer)
{
	struct err ignored = ERR_INIT;
	char *path = writer_path_of(l, writer, &ignored);
	struct stat st;

	if (path != NULL && lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_mtime + DAY < clock_now(l->o.clock))
		(void)unlink(path);
	free(path);
}

static bool is_other_alive(const struct ledger *l, const char *writer)
{
	if (writer[0] == '.' || strcmp(writer, l->writer) == 0)
		return false;
	if (!writer_is_dead(l, writer))
		return true;
	if (strlen(writer) == WRITER_HEX - 1)
		remove_dead(l, writer);
	return false;
}

int writer_others(bool *found, const struct ledger *l, struct err *e)
{
	char *folder = file_join(l->home, FOLDER, e);
	DIR *d = folder != NULL ? opendir(folder) : NULL;
	int result = 0;

	*found = false;
	if (folder == NULL)
		return -1;
	if (d == NULL && errno != ENOENT)
		result = err_set_errno(e, ERR_LEDGER, "cannot find other writers in '%s'", folder);
	for (const struct dirent *f = d != NULL ? readdir(d) : NULL; f != NULL && !*found; f = readdir(d))
		*found = is_other_alive(l, f->d_name);
	if (d != NULL)
		(void)closedir(d);
	free(folder);
	return result;
}

bool writer_is_dead(const struct ledger *l, const char *writer)
{
	struct err ignored = ERR_INIT;
	char *path;
	bool held;

	if (l->writer_lock.fd >= 0 && strcmp(writer, l->writer) == 0)
		return false;
	/* the text comes from the (untrusted) database and becomes part of a path */
	if (strlen(writer) != WRITER_HEX - 1 || strspn(writer, "0123456789abcdef") != WRITER_HEX - 1)
		return true;
	path = writer_path_of(l, writer, &ignored);
	held = path == NULL || lock_is_held(path);
	free(path);
	return !held;
}

int writer_may_finish(const struct ledger *l, const char *writer, const char *object, struct err *e)
{
	if (strcmp(writer, l->writer) == 0 || writer_is_dead(l, writer))
		return 0;
	(void)err_set(e, ERR_LEDGER, "another p11ca process is working on %s", object);
	e->hint = "wait until it ends; `p11ca ledger recover` finishes what an interrupted process left";
	return -1;
}
