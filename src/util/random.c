/* SPDX-License-Identifier: MIT */
/* random.c - see random.h. */
#include "util/random.h"

#include <errno.h>
#include <sys/random.h>

int random_bytes(unsigned char *out, size_t len, struct err *e)
{
	while (len > 0) {
		ssize_t n = getrandom(out, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set_errno(e, ERR_INTERNAL, "no random bytes");
		out += n;
		len -= (size_t)n;
	}
	return 0;
}
