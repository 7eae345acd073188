/* SPDX-License-Identifier: MIT */
/* device.c - see device.h. */
#include "pki/device.h"

#include <string.h>

#include "util/unicode.h"

int device_check(const char *device, struct err *e)
{
	if (strlen(device) <= 64 && (device[0] == '\0' || name_flaw_find(NULL, device) == NAME_OK))
		return 0;
	(void)err_set(e, ERR_USAGE, "'%s' is not a valid device name", device);
	return err_rule(e, "device-name",
	    "use at most 64 bytes of visible letters, digits and punctuation, and single spaces");
}
