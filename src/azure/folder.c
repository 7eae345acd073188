/* SPDX-License-Identifier: MIT */
/* folder.c - see folder.h. */
#include "azure/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "azure/input_error.h"
#include "util/file.h"
#include "util/text.h"

static void close_folder(DIR *dir)
{
	if (dir != NULL)
		(void)closedir(dir);
}
AUTO_DEFINE(DIR, close_folder);

static int folder_list(struct files *out, const char *root, const char *below, struct err *e);

static int folder_add(struct files *out, const char *root, const char *name, bool is_top, struct err *e)
{
	AUTO(char) path = file_join(root, name, e);
	char safe[120];
	struct stat st;

	if (path == NULL)
		return -1;
	if (lstat(path, &st) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
	(void)print_safe(safe, sizeof(safe), name, strlen(name));
	if (S_ISDIR(st.st_mode))
		return is_top ? folder_list(out, root, name, e) : 0;
	if (!S_ISREG(st.st_mode))
		return name_refuse(e, "an entry of the package is a link or a device: '%s'", safe);
	return files_add(out, name, 0, e);
}

/* below: a folder in root, or "" for root itself. */
static int folder_list(struct files *out, const char *root, const char *below, struct err *e)
{
	AUTO(char) path = file_join(root, below, e);
	AUTO(DIR) dir = path != NULL ? opendir(path) : NULL;
	struct dirent *found;

	if (path == NULL)
		return -1;
	if (dir == NULL)
		return err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
	while (errno = 0, (found = readdir(dir)) != NULL) {
		char name[2 * sizeof(found->d_name)];

		if (found->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof(name), "%s%s%s", below, below[0] != '\0' ? "/" : "", found->d_name);
		if (folder_add(out, root, name, below[0] == '\0', e) < 0)
			return -1;
	}
	return errno == 0 ? 0 : err_set_errno(e, ERR_OUTPUT, "cannot read '%s'", path);
}

static int folder_read_entry(struct buf *out, const struct files *f, const struct file_entry *entry, struct err *e)
{
	AUTO(char) path = file_join(f->self, entry->raw, e);

	if (path == NULL)
		return -1;
	if (file_read(out, path, FILES_CONTENT_MAX, e) == 0)
		return 0;
	return e->status == ERR_INPUT ? limit_refuse(e, "it has more than %u bytes", FILES_CONTENT_MAX) : -1;
}

int folder_files(struct files *out, const char *path, struct err *e)
{
	out->self = strdup(path);
	out->close = free;
	out->read = folder_read_entry;
	return out->self != NULL ? folder_list(out, path, "", e) : err_oom(e);
}
