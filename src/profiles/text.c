/* SPDX-License-Identifier: MIT */
/* text.c - see text.h. */
#include "profiles/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int profile_add(struct buf *out, struct err *e, const char *fmt, ...)
{
	va_list ap;
	char *text = NULL;
	int len, result;

	va_start(ap, fmt);
	len = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (len < 0)
		return err_oom(e);
	result = buf_add(out, text, (size_t)len, e);
	free(text);
	return result;
}

int profile_uuid(char out[UUID_TEXT], const struct vpn_profile *p, const char *purpose, struct err *e)
{
	AUTO_VALUE(buf) name = { 0 };

	if (profile_add(&name, e, "%s\n%s\n", purpose, p->package->server) < 0 ||
	    buf_add(&name, p->cert.data, p->cert.len, e) < 0)
		return -1;
	return uuid_from_name(out, buf_bytes(&name), e);
}
