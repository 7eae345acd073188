/* SPDX-License-Identifier: MIT */
/* profiles.c - the table of profile formats, and the steps that are the same for all formats. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "profiles/install.h"
#include "profiles/profile.h"
#include "profiles/text.h"
#include "util/array.h"

static const struct profile_format *const formats[] = {
#define PROFILE(file, name, use) &profile_##file,
#include "model/profile_formats.def"
#undef PROFILE
};
#define N_FORMATS ARRAY_LEN(formats)

const struct profile_format *profile_format_at(size_t i)
{
	return i < N_FORMATS ? formats[i] : NULL;
}

/* Built once from the table, because the hint of an error must be static. */
static const char *all_names(void)
{
	static char text[256];
	size_t len = 0;

	for (size_t i = 0; i < N_FORMATS && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i > 0 ? " " : "the formats are: ",
		    formats[i]->name);
	if (len < sizeof(text))
		(void)snprintf(text + len, sizeof(text) - len, "; `p11ca help profile write` lists their systems");
	return text;
}

int profile_format_find(const struct profile_format **out, const char *name, struct err *e)
{
	for (size_t i = 0; i < N_FORMATS; i++)
		if (strcmp(formats[i]->name, name) == 0) {
			*out = formats[i];
			return 0;
		}
	(void)err_set(e, ERR_USAGE, "no profile format '%.40s'", name);
	e->hint = all_names();
	return -1;
}

static int profiles_check_key(const struct profile_format *f, const struct vpn_profile *p, struct err *e)
{
	if ((f->keys & 1U << p->key) != 0)
		return 0;
	if (p->key == PROFILE_KEY_STORE && (f->keys & 1U << PROFILE_KEY_TOKEN) != 0) {
		(void)err_set(e, ERR_POLICY, "the ledger does not state which token holds the key of this client");
		return err_rule(e, "profile-key", "name the token with --cert and --token, or give a --pfx");
	}
	(void)err_set(e, ERR_POLICY, "%s cannot use this kind of key", f->name);
	return err_rule(e, "profile-key", f->why_not);
}

/* Only <SmartCard/> of Windows' built-in client depends on the option. */
static int check_smartcard(const struct profile_format *f, const struct vpn_profile *p, struct err *e)
{
	if (f != &profile_windows || !p->windows_smartcard || p->key == PROFILE_KEY_TOKEN)
		return 0;
	(void)err_set(e, ERR_POLICY, "--windows-smartcard is for a key on a card, and this client's is on none");
	return err_rule(e, "profile-options", "leave out --windows-smartcard");
}

static int check_tunnel(const struct profile_format *f, const struct vpn_profile *p, struct err *e)
{
	bool lacks_ikev2 = f->needs_ikev2 && !p->package->has_ikev2;
	bool lacks_openvpn = f->needs_openvpn && !p->package->has_openvpn;

	if (!lacks_ikev2 && !lacks_openvpn)
		return 0;
	(void)err_set(e, ERR_POLICY, "%s needs %s, which the gateway of this package does not offer", f->name,
	    lacks_ikev2 ? "IKEv2" : "OpenVPN");
	return err_rule(e, "profile-tunnel", "choose that tunnel type in the gateway's Point-to-site configuration and "
					     "download the package again, or take a format for the other tunnel");
}

static int add_install(struct profile_files *out, const struct profile_format *f, const struct vpn_profile *p,
    struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	char name[48];

	(void)snprintf(name, sizeof(name), "INSTALL-%.32s.md", f->name);
	if (profile_add(&text, e, "# %s: %s\n\n", p->connection, f->summary) < 0 ||
	    profile_install(&text, "Client @CN@, virtual network @VNET@, gateway\n`@PLAIN_SERVER@`.\n\n", p, e) < 0 ||
	    f->install(&text, p, e) < 0)
		return -1;
	return profile_files_add(out, name, &text, false, e);
}

int profile_check(const struct profile_format *f, const struct vpn_profile *p, struct err *e)
{
	return profiles_check_key(f, p, e) < 0 || check_smartcard(f, p, e) < 0 ? -1 : check_tunnel(f, p, e);
}

static size_t profiles_allowed(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-");
}

/* Words that a Windows folder or strongSwan's configuration would read as something else. */
static bool profiles_is_reserved(const char *name)
{
	static const char *const words[] = { "include", "con", "prn", "aux", "nul" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcasecmp(name, words[i]) == 0)
			return true;
	return (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0) && name[3] >= '0' &&
	       name[3] <= '9' && name[4] == '\0';
}

int profile_check_connection(const char *name, struct err *e)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const size_t len = strlen(name);

	if (len > 0 && len <= PROFILE_CONNECTION_MAX && strspn(name, alnum) > 0 &&
	    strchr(alnum, name[len - 1]) != NULL && name[profiles_allowed(name)] == '\0' &&
	    strstr(name, "  ") == NULL && !profiles_is_reserved(name))
		return 0;
	(void)err_set(e, ERR_USAGE, "'%.80s' is not a valid name of a connection", name);
	e->hint = "use 1 to 64 letters (A to Z), digits, single blanks, '.', '_' and '-', with a letter or digit at "
		  "both ends";
	return -1;
}

int profile_write(struct profile_files *out, const struct profile_format *f, const struct vpn_profile *p, struct err *e)
{
	if (p->connection[0] == '\0' || p->connection[profiles_allowed(p->connection)] != '\0')
		return err_set(e, ERR_INTERNAL, "'%.80s' is not a valid name of a connection", p->connection);
	if (profile_check(f, p, e) < 0)
		return -1;
	if (f->write(out, p, e) < 0 || add_install(out, f, p, e) < 0)
		return err_while(e, "writing the profile for %s", f->name);
	return 0;
}
