/* SPDX-License-Identifier: MIT */
/* name.c - checks commonNames; dn.c implements the distinguished names of name.h. */
#include "x509/name.h"

#include <arpa/inet.h>
#include <string.h>

#include "util/text.h"
#include "util/unicode.h"

#define HOST_MAX 253 /* RFC 1035, 2.3.4, as text */
#define LABEL_MAX 63

static bool name_is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 1123, 2.1: letters, digits and hyphens, no hyphen at either end; *is_number: digits only. */
static bool name_is_label(const char *s, size_t len, bool *is_number)
{
	*is_number = true;
	for (size_t i = 0; i < len; i++) {
		if (!name_is_alnum(s[i]) && s[i] != '-')
			return false;
		*is_number = *is_number && s[i] >= '0' && s[i] <= '9';
	}
	return len >= 1 && len <= LABEL_MAX && s[0] != '-' && s[len - 1] != '-';
}

/*
 * If the last label has only digits, the text is an address or a number, which dNSName must not contain (RFC 5280,
 * 4.2.1.6).
 */
static bool is_host(const char *s)
{
	bool is_number = true;

	if (strlen(s) > HOST_MAX)
		return false;
	for (;;) {
		size_t n = strcspn(s, ".");

		if (!name_is_label(s, n, &is_number))
			return false;
		if (s[n] == '\0')
			return !is_number;
		s += n + 1;
	}
}

/* RFC 5321, 4.1.2: a dot-string of atoms. */
static bool is_local_part(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool dot = s[i] == '.';

		if (s[i] == '\0' || (!name_is_alnum(s[i]) && strchr(".!#$%&'*+-/=?^_`{|}~", s[i]) == NULL) ||
		    (dot && (i == 0 || i + 1 == len || s[i + 1] == '.')))
			return false;
	}
	return len >= 1 && len <= 64;
}

static int name_refuse_cn(struct err *e, const char *code, const char *cn, const char *why, const char *hint)
{
	(void)err_set(e, ERR_POLICY, "'%s' cannot be a certificate's name: %s", cn, why);
	return err_rule(e, code, hint);
}

/* The message names the character by number, because refused characters are often invisible. */
static int refuse_character(struct err *e, const char *code, const char *cn, uint32_t c, const char *hint)
{
	(void)err_set(e, ERR_POLICY, "'%s' is not a valid name for a certificate: it contains U+%04X", cn, (unsigned)c);
	return err_rule(e, code, hint);
}

static int check_characters(const char *cn, struct err *e)
{
	uint32_t c;

	switch (name_flaw_find(&c, cn)) {
	case NAME_BAD_CHARACTER:
		return refuse_character(e, "name-character", cn, c,
		    "use letters, numbers and punctuation that can be seen; type the name instead of pasting it");
	case NAME_BAD_SPACE:
		return name_refuse_cn(e, "name-spaces", cn, "the name begins or ends with a space, or contains two "
		    "spaces in sequence",
		    "use single spaces, between words only");
	case NAME_BAD_MARK:
		return refuse_character(e, "name-mark", cn, c,
		    "a combining mark belongs to a letter, each mark once; type the name instead of pasting it");
	case NAME_NOTHING_TO_READ:
		return name_refuse_cn(e, "name-unreadable", cn, "the name contains neither a letter nor a number",
		    "give a name such as alice@contoso.com or laptop-17");
	case NAME_NOT_UTF8:
	case NAME_OK:
		break;
	}
	return 0;
}

/* A certificate is for one client: not a pattern, and not an address, which a network may give to another machine. */
static int check_meaning(const char *cn, struct err *e)
{
	unsigned char address[sizeof(struct in6_addr)];

	if (strchr(cn, '\\') != NULL)
		return name_refuse_cn(e, "name-domain-user", cn,
		    "Azure requires name@domain, not DOMAIN\\user, in certificates of an enterprise CA",
		    "give the name as user@domain");
	if (strchr(cn, '*') != NULL && strchr(cn, '@') == NULL)
		return name_refuse_cn(e, "name-pattern", cn, "the name is a pattern, and a certificate is for one "
		    "client",
		    "give the name of one client, such as laptop-17.contoso.com");
	if (inet_pton(AF_INET, cn, address) == 1 || inet_pton(AF_INET6, cn, address) == 1)
		return name_refuse_cn(e, "name-address", cn, "the name is an IP address, which does not identify a "
		    "client permanently",
		    "give the name of the machine or of the person");
	return 0;
}

static int check_text(const char *cn, struct err *e)
{
	size_t len = strlen(cn);

	if (len == 0)
		return name_refuse_cn(
		    e, "name-empty", cn, "it is empty", "give a name such as alice@contoso.com or laptop-17");
	if (!text_is_utf8(cn, len))
		return name_refuse_cn(e, "name-encoding", cn, "it is not UTF-8", "type it in a UTF-8 terminal");
	if (!text_is_harmless(cn, len))
		return name_refuse_cn(e, "name-control", cn,
		    "the name contains control or bidirectional characters",
		    "type the name instead of pasting it");
	if (text_characters(cn) > NAME_CN_MAX)
		return name_refuse_cn(e, "name-length", cn, "the name has more than 64 characters (RFC 5280, "
		    "ub-common-name)",
		    "give a shorter name");
	return check_characters(cn, e) < 0 ? -1 : check_meaning(cn, e);
}

static bool name_is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static int check_email(const char *cn, const char *at, struct err *e)
{
	if (!name_is_ascii(cn))
		return name_refuse_cn(e, "name-email-ascii", cn,
		    "a mail address in a certificate is ASCII (RFC 5280, 4.2.1.6)",
		    "write the domain in its xn-- form, and an ASCII name before the @");
	if (!is_local_part(cn, (size_t)(at - cn)) || !is_host(at + 1))
		return name_refuse_cn(
		    e, "name-email", cn, "a name with @ must have the form name@domain", "give a name such as "
		        "alice@contoso.com");
	return 0;
}

int name_check_cn(enum cn_kind *out, const char *cn, struct err *e)
{
	const char *at = strchr(cn, '@');

	if (check_text(cn, e) < 0 || (at != NULL && check_email(cn, at, e) < 0))
		return -1;
	*out = at != NULL ? CN_EMAIL : is_host(cn) ? CN_HOST : CN_TEXT;
	return 0;
}
