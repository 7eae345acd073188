/* SPDX-License-Identifier: MIT */
/* profile_options.c - see profile_options.h. */
#include "cli/profile_options.h"

#include <string.h>

#include "util/array.h"

/* The two options of a pair configure two different programs or key locations; one file cannot serve both. */
static int check_pairs(const struct profile_args *args, struct err *e)
{
	const struct {
		bool first, second;
		const char *what, *hint;
	} pairs[] = {
		{ args->connect3, args->windows26,
		    "--openvpn-connect3 and --openvpn-windows26 are for different programs",
		    "write one profile for OpenVPN Connect 3 and another, in another folder, for OpenVPN 2.6" },
		{ args->connect3, args->by_uri,
		    "--openvpn-connect3 and --openvpn-uri exclude each other: one leaves out the key, the other "
		    "names it",
		    "leave out --openvpn-uri: OpenVPN Connect 3 asks which certificate to use" },
		{ args->pfx != NULL, args->by_uri,
		    "--openvpn-uri names a key on a token, --pfx puts the key into the file",
		    "leave out one of the two" },
		{ args->pfx != NULL, args->smartcard,
		    "--windows-smartcard and --pfx exclude each other: one is for a key on a card, the other for a "
		    "key in a file",
		    "leave out one of the two" },
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (pairs[i].first && pairs[i].second) {
			(void)err_set(e, ERR_USAGE, "%s", pairs[i].what);
			return err_rule(e, "profile-options", pairs[i].hint);
		}
	return 0;
}

int profile_options_fill(
    struct profile_options *wanted, const struct profile_args *args, const char *package, struct err *e)
{
	if ((args->pfx != NULL) + (args->scep != NULL) + (args->acme != NULL) > 1)
		return err_set(e, ERR_USAGE, "--pfx, --scep and --acme exclude each other");
	if (check_pairs(args, e) < 0)
		return -1;
	*wanted = (struct profile_options){ .package_path = package, .formats = args->formats,
		.connection_name = args->connection_name,
		.client_module = args->client_module, .pfx_path = args->pfx,
		.enrolment_url = args->scep != NULL ? args->scep : args->acme, .is_acme = args->acme != NULL,
		.use_pubkey = args->auth != NULL && strcmp(args->auth, "pubkey") == 0, .openvpn_uri = args->by_uri,
		.openvpn_connect3 = args->connect3, .openvpn_windows26 = args->windows26,
		.windows_smartcard = args->smartcard };
	return 0;
}
