/* SPDX-License-Identifier: MIT */
/* export_text.c - see export_text.h. */
#include "cli/export_text.h"

#include <string.h>
#include <unistd.h>

#include "util/file.h"

int export_text(struct app *app, struct buf *text, const char *path, bool force, struct err *e)
{
	bool ends = text->len > 0 && text->data[text->len - 1] == '\n';

	if (path != NULL && strcmp(path, "-") != 0)
		return file_write(path, buf_bytes(text), 0644, force, e) < 0
			   ? -1
			   : out_say(app->out, e, "The file '%s' is written.", path);
	if (!ends && !app->json && isatty(STDOUT_FILENO) && buf_add(text, "\n", 1, e) < 0)
		return -1;
	return out_raw(app->out, buf_bytes(text), e);
}
