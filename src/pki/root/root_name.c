/* SPDX-License-Identifier: MIT */
/* root_name.c - see root_name.h. */
#include "pki/root/root_name.h"

#include <string.h>

int root_check_name(const char *name, struct err *e)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strlen(name);

	if (len < 1 || len > 64 || strspn(name, fine) != len || name[0] == '-' || name[0] == '.') {
		(void)err_set(e, ERR_USAGE, "'%s' is not a valid root name", name);
		e->hint = "use 1 to 64 letters, digits, '.', '_' and '-'; --subject accepts any distinguished name";
		return -1;
	}
	return 0;
}
