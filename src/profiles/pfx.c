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
    "`@STEM@.pfx` holds the private key of @CN@, its certificate and the root, encrypted with a password: bring the\n"
    "file to the machine in a way that nobody else can read, the password over a separate channel, and delete the\n"
    "file once it is imported.\n\n"
    "## Windows\n\n"
    "1. Double-click `@STEM@.pfx`. *Store Location*: **Current User** for a person's tunnel, **Local Machine** for a\n"
    "   device tunnel. *Next* twice.\n"
    "2. Type the password. Leave **Enable strong private key protection** and **Mark this key as exportable** off:\n"
    "   with the first the connection fails.\n"
    "3. **Automatically select the certificate store**, *Finish*, and say **Yes** to installing the root: the client\n"
    "   certificate lies in *Personal*, the root in *Trusted Root Certification Authorities*.\n"
    "4. `certutil -user -store My` lists it, with a private key.\n\n"
    "## macOS\n\n"
    "Keychains take the older encryption only: where *Keychain Access* says that the password is wrong although it is\n"
    "not, ask for a PFX of the compatibility `legacy`. Double-click it, keychain **login**, type the password.\n\n"
    "## Linux\n\n"
    "strongSwan and OpenVPN take it as it is; `openssl pkcs12 -in @STEM@.pfx -nokeys` shows what is in it.\n\n"
    "Then make the connection to @PLAIN_SERVER@, with @LOCAL_ID@ as local identity.\n\n";

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
	.why_not = "a key on a token never leaves it, so there is no PFX of it: use the format of the VPN client, or"
		   " give the machine a key of its own",
	.rule_set = "windows",
	.write = pfx_write_files,
	.install = pfx_install,
};
