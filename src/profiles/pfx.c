/* SPDX-License-Identifier: MIT */
/* pfx.c - writes the client's key and certificate as an encrypted PKCS#12, for manual VPN setup. */
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/profile.h"

static int pfx_write_files(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) copy = { 0 };

	if (p->pfx.len == 0)
		return err_set(e, ERR_INPUT, "no PKCS#12 is given for this client");
	if (buf_add(&copy, p->pfx.data, p->pfx.len, e) < 0)
		return -1;
	return profile_file(out, p, "@STEM@.pfx", &copy, true, e);
}

static const char steps[] =
    "The file `@STEM@.pfx` contains the private key of @CN@, its certificate and the root, encrypted with a\n"
    "password: copy the file to the device over a private channel. You receive the password separately. Delete the\n"
    "file after you imported it.\n\n"
    "## Windows\n\n"
    "1. Double-click `@STEM@.pfx`. Select **Current User** as *Store Location* for a user's connection, **Local\n"
    "   Machine** for a device tunnel. Select *Next* twice.\n"
    "2. Enter the password. Leave **Enable strong private key protection** and **Mark this key as exportable** off:\n"
    "   with the first option, the connection fails.\n"
    "3. Select **Automatically select the certificate store** and *Finish*, and answer **Yes** to the question about\n"
    "   the root: the client certificate is then in *Personal*, and the root in *Trusted Root Certification\n"
    "   Authorities*.\n"
    "4. `certutil -user -store My` lists the certificate with a private key.\n\n"
    "## macOS\n\n"
    "Keychains support only the older encryption. If *Keychain Access* says that a correct password is wrong, ask the\n"
    "person who sent the file for a PKCS#12 with the compatibility `legacy`. Double-click it, choose the keychain\n"
    "**login**, and enter the password.\n\n"
    "## Linux\n\n"
    "strongSwan and OpenVPN can use the file; `openssl pkcs12 -in @STEM@.pfx -nokeys` shows its content.\n\n"
    "Then configure a connection to\n"
    "@PLAIN_SERVER@\n"
    "with @LOCAL_ID@ as local identity.\n\n";

static int pfx_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, steps, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_NUMBERED,
	    "Windows: `ipconfig /all`, macOS: `ifconfig`, Linux: `ip address` shows the address.\n\n", e);
}

const struct profile_format profile_pfx = {
	.name = "pfx",
	.summary = "the software key itself, for a set-up by hand",
	.keys = 1U << PROFILE_KEY_PFX,
	.why_not = "a key on a token cannot leave it, so no PKCS#12 contains it: use the format of the VPN client, or "
		   "give the machine a key of its own",
	.rule_set = "windows",
	.write = pfx_write_files,
	.install = pfx_install,
};
