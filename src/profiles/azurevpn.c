/* SPDX-License-Identifier: MIT */
/*
 * azurevpn.c - the Azure VPN Client: Azure's own file with the client's certificate filled in, all else as it is.
 *
 * Two elements of Azure's bytes are replaced and nothing is written anew: what Microsoft adds tomorrow stays.  The
 * package was parsed before; here its tags are only walked.
 */
#include "profiles/profile.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "profiles/desktop.h"

#define FOLDER "azurevpn"
#define DEPTH 16

struct walk {
	const char *at, *end;
	struct bytes open[DEPTH];    /* names of the elements around it, borrowed */
	size_t depth;
};

/* One element that is to be filled: from its first byte to after its last. */
struct place {
	const char *from, *to;
};

static const char *find(const char *at, const char *end, const char *what)
{
	size_t n = strlen(what);

	for (; at + n <= end; at++)
		if (memcmp(at, what, n) == 0)
			return at;
	return NULL;
}

/* The byte after `>` of the tag at w->at; `>` in a quoted attribute does not count.  NULL: it does not end. */
static const char *tag_end(const char *at, const char *end)
{
	char quote = '\0';

	for (; at < end; at++) {
		if (quote == '\0' && *at == '>')
			return at + 1;
		if (quote == *at)
			quote = '\0';
		else if (quote == '\0' && (*at == '"' || *at == '\''))
			quote = *at;
	}
	return NULL;
}

/* Moves behind a comment, CDATA, declaration or instruction.  1: did; 0: there is none; -1: it does not end. */
static int skip(struct walk *w)
{
	static const char *const rows[][2] = { { "<!--", "-->" }, { "<![CDATA[", "]]>" }, { "<?", "?>" },
		{ "<!", ">" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i][0]);
		const char *close;

		if ((size_t)(w->end - w->at) < n || memcmp(w->at, rows[i][0], n) != 0)
			continue;
		close = find(w->at + n, w->end, rows[i][1]);
		if (close == NULL)
			return -1;
		w->at = close + strlen(rows[i][1]);
		return 1;
	}
	return 0;
}

/* Samples differ in the case of Cert. */
static bool is_named(struct bytes got, const char *want)
{
	return got.len == strlen(want) && strncasecmp((const char *)got.at, want, got.len) == 0;
}

static bool is_at(const struct walk *w, const char *leaf)
{
	const char *path[] = { "AzVpnProfile", "clientauth", "cert", leaf };

	if (w->depth != 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!is_named(w->open[i], path[i]))
			return false;
	return true;
}

static struct bytes tag_name(const char *at, const char *end)
{
	size_t n = 0;

	while (at + n < end && strchr(" \t\r\n/>", at[n]) == NULL)
		n++;
	return (struct bytes){ (const unsigned char *)at, n };
}

/* Takes the tag at w->at, opening or closing.  -1: it does not end, is too deep, or closes what is not open. */
static int take_tag(struct walk *w, bool *opens, bool *closes)
{
	const char *end = tag_end(w->at, w->end);

	if (end == NULL)
		return -1;
	*closes = w->at[1] == '/' || end[-2] == '/';
	*opens = w->at[1] != '/';
	if (*opens) {
		if (w->depth == DEPTH)
			return -1;
		w->open[w->depth++] = tag_name(w->at + 1, end);
	}
	w->at = end;
	return w->depth > 0 ? 0 : -1;
}

/* Notes where the one element clientauth/cert/leaf stands.  -1: malformed, or not exactly one. */
static int find_place(struct place *out, struct bytes file, const char *leaf)
{
	struct walk w = { .at = (const char *)file.at, .end = (const char *)file.at + file.len };
	unsigned found = 0;

	while ((w.at = memchr(w.at, '<', (size_t)(w.end - w.at))) != NULL) {
		const char *from = w.at;
		bool opens, closes;
		int skipped = skip(&w);

		if (skipped > 0)
			continue;
		if (skipped < 0 || take_tag(&w, &opens, &closes) < 0)
			return -1;
		if (opens && is_at(&w, leaf)) {
			out->from = from;
			found++;
		}
		if (closes && is_at(&w, leaf))
			out->to = w.at;
		if (closes)
			w.depth--;
	}
	return found == 1 && w.depth == 0 ? 0 : -1;
}

static int fill(struct buf *out, struct bytes file, const char *leaf, const char *value, struct err *e)
{
	const char *begin = (const char *)file.at, *end = begin + file.len;
	struct place place = { 0 };
	char element[128];

	if (file.len == 0 || find_place(&place, file, leaf) < 0)
		return err_set(e, ERR_INPUT,
		    "the package's azurevpnconfig.xml has no place for a certificate (clientauth/cert/%s)", leaf);
	(void)snprintf(element, sizeof(element), "<%s>%s</%s>", leaf, value, leaf);
	if (buf_add(out, begin, (size_t)(place.from - begin), e) < 0 || buf_add(out, element, strlen(element), e) < 0)
		return -1;
	return buf_add(out, place.to, (size_t)(end - place.to), e);
}

static int write_files(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) half = { 0 };
	AUTO_VALUE(buf) all = { 0 };

	if (p->cert_info == NULL || p->root_info == NULL)
		return err_set(e, ERR_INPUT, "the client's certificate and its root are needed");
	if (fill(&half, buf_bytes(&p->package->azurevpn), "hash", p->cert_info->thumbprint, e) < 0 ||
	    fill(&all, buf_bytes(&half), "issuer", p->root_info->thumbprint, e) < 0)
		return -1;
	if (desktop_add(out, FOLDER, "azurevpnconfig.xml", buf_bytes(&all), true, e) < 0 ||
	    desktop_add(out, FOLDER, "root.cer", p->root, false, e) < 0 ||
	    desktop_add_issuers(out, FOLDER, p, e) < 0)
		return -1;
	return p->key == PROFILE_KEY_PFX ? desktop_add(out, FOLDER, "client.pfx", p->pfx, true, e) : 0;
}

static const char text[] =
    "For the Azure VPN Client on Windows (OpenVPN tunnel).  The files are beside this page.  `azurevpnconfig.xml`\n"
    "contains the gateway's pre-shared key: send it over a private channel.\n\n"
    "## 1. The certificates\n\n"
    "* `root.cer` (@ROOT_CN@, SHA-1 thumbprint @ROOT@) into **Trusted Root Certification Authorities**.\n"
    ;
static const char mine[] =
    "* The client certificate @CN@, thumbprint @CLIENT@, into **Current User > Personal**.\n";
static const char pfx[] =
    "  It is in `client.pfx`: Store Location **Current User**, \"Enable strong private key protection\" **off**.\n";
static const char token[] =
    "\nThe key is on a token.  As of mid-2026 the client does not list smart-card certificates.  If **Certificate\n"
    "Information** is empty, ask for the profile of Windows' own VPN client instead, which can use the card.\n";
static const char more[] =
    "\n## 2. Import\n\n"
    "1. Install **Azure VPN Client** from the Microsoft Store.\n"
    "2. **+ > Import**, choose `azurevpnconfig.xml`, check that **Certificate Information** shows @CN@, **Save**.  If "
    "the list is\n   empty: the certificate is not installed, or several have the same name.\n"
    "3. Choose the connection @IMPORTED@, **Connect**.  One connection at a time.\n\n"
    "A renewed certificate is not picked up by itself: import the file that is written for it.\n";
static const char up[] = "* The client says **Connected**; its log is under the connection's **...** menu.\n"
			 "* `ipconfig /all` shows the adapter, `Resolve-DnsName` with `-Server` asks a DNS server.\n";

static int install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (desktop_markdown(out, text, p, e) < 0 || desktop_issuers(out, p, e) < 0 ||
	    desktop_markdown(out, mine, p, e) < 0 ||
	    (p->key == PROFILE_KEY_PFX && desktop_markdown(out, pfx, p, e) < 0) ||
	    (p->key == PROFILE_KEY_TOKEN && desktop_markdown(out, token, p, e) < 0) ||
	    desktop_markdown(out, more, p, e) < 0)
		return -1;
	return desktop_is_it_up(out, p, up, e);
}

const struct profile_format profile_azurevpn = {
	.name = "azurevpn",
	.summary = "Azure VPN Client: Azure's azurevpnconfig.xml with this client's certificate",
	.keys = 1u << PROFILE_KEY_TOKEN | 1u << PROFILE_KEY_PFX | 1u << PROFILE_KEY_STORE,
	.why_not = "SCEP and ACME are for Apple: the Azure VPN Client takes a certificate of the Windows store",
	.needs_openvpn = true,
	.rule_set = "windows",
	.own_rule_set = "azurevpn",
	.write = write_files,
	.install = install,
};
