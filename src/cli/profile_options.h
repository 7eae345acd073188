/* SPDX-License-Identifier: MIT */
/* profile_options.h - the profile options that `profile write` and `client enroll` share. */
#ifndef CLI_PROFILE_OPTIONS_H
#define CLI_PROFILE_OPTIONS_H

#include "cli/opts.h"
#include "pki/profile/profile.h"

struct profile_args {
	const char *formats, *connection_name, *client_module, *pfx, *scep, *acme, *auth;
	bool by_uri, connect3, windows26, smartcard;
};

/* For the option table of a struct st with a member `struct profile_args profile`. `formats` has its own row. */
#define PROFILE_OPTIONS(st)                                                                        \
	{ OPT_FIELD(MODULE, st, profile.client_module), .name = "client-module", .section = OPT_PROFILE, \
	  .help = "PKCS#11 library on the client's machine (default: the one used here)" },        \
	{ OPT_FIELD(TEXT, st, profile.connection_name), .name = "connection-name", .section = OPT_PROFILE, \
	  .help = "name of the connection, as the user sees it (default: VNet and client)" },      \
	{ OPT_FIELD(FORMAT, st, profile.auth), .name = "auth", .section = OPT_PROFILE, .choices = "eap-tls|pubkey", \
	  .help = "IKEv2 authentication: swanctl, ipsec, networkmanager (default: eap-tls)" },     \
	{ OPT_FIELD(FLAG, st, profile.by_uri), .name = "openvpn-uri", .section = OPT_PROFILE,      \
	  .help = "select the key with a pkcs11: URI instead of pkcs11-id" },                      \
	{ OPT_FIELD(FLAG, st, profile.connect3), .name = "openvpn-connect3", .section = OPT_PROFILE, \
	  .help = "write a profile for OpenVPN Connect 3" },                                       \
	{ OPT_FIELD(FLAG, st, profile.windows26), .name = "openvpn-windows26", .section = OPT_PROFILE, \
	  .help = "write a profile for OpenVPN 2.6 on Windows" },                                  \
	{ OPT_FIELD(FLAG, st, profile.smartcard), .name = "windows-smartcard", .section = OPT_PROFILE, \
	  .help = "use a smart card instead of the certificate store" }

/* Fills *wanted from args. -1: ERR_USAGE (two kinds of key), or "profile-options" (options that conflict). */
int profile_options_fill(
    struct profile_options *wanted, const struct profile_args *args, const char *package, struct err *e) MUST_CHECK;

#endif
