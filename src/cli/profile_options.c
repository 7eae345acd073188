/* SPDX-License-Identifier: MIT */
/* profile_options.c - see profile_options.h. */
#include "cli/profile_options.h"

#include <string.h>

int profile_wish_fill(struct profile_wish *wish, const struct profile_args *args, const char *package, struct err *e)
{
	if ((args->pfx != NULL) + (args->scep != NULL) + (args->acme != NULL) > 1)
		return err_set(e, ERR_USAGE, "--pfx, --scep and --acme exclude each other");
	*wish = (struct profile_wish){ .package_path = package, .formats = args->formats,
		.client_module = args->client_module, .pfx_path = args->pfx,
		.enrolment_url = args->scep != NULL ? args->scep : args->acme, .is_acme = args->acme != NULL,
		.use_pubkey = args->auth != NULL && strcmp(args->auth, "pubkey") == 0, .openvpn_uri = args->by_uri,
		.openvpn_connect3 = args->connect3, .openvpn_windows26 = args->windows26,
		.windows_smartcard = args->smartcard };
	return 0;
}
