/* SPDX-License-Identifier: MIT */
/* vpn_profile.c - see vpn_profile.h. */
#include "model/vpn_profile.h"

#include <stdio.h>
#include <string.h>

void profile_files_clear(struct profile_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		buf_clear(&f->all[i].content);
	memset(f, 0, sizeof(*f));
}

static bool vpn_profile_is_name(const char *name)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-/";
	const char *slash = strchr(name, '/');

	return name[0] != '\0' && name[0] != '.' && name[0] != '/' && strspn(name, fine) == strlen(name) &&
	    (slash == NULL || (slash[1] != '.' && slash[1] != '\0' && strchr(slash + 1, '/') == NULL));
}

int profile_files_add(struct profile_files *f, const char *name, struct buf *content, bool is_secret, struct err *e)
{
	struct profile_file *file = &f->all[f->n];

	if (f->n >= PROFILE_FILES_MAX || !vpn_profile_is_name(name) || strlen(name) >= sizeof(file->name)) {
		buf_clear(content);
		return err_set(e, ERR_INTERNAL, "a profile cannot have one more file '%.60s'", name);
	}
	(void)snprintf(file->name, sizeof(file->name), "%s", name);
	file->content = *content;
	file->mode = is_secret ? 0600 : 0644;
	*content = (struct buf){ 0 };
	f->n++;
	return 0;
}
