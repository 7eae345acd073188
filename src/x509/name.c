/* SPDX-License-Identifier: MIT */
/* name.c - what may be a commonName; the distinguished names of name.h are in dn.c. */
#include "x509/name.h"

#include <string.h>

#include "util/text.h"

#define HOST_MAX 253 /* RFC 1035, 2.3.4, as text */
#define LABEL_MAX 63

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 1123, 2.1: letters, digits and hyphens, no hyphen at either end; *is_number where it has digits alone. */
static bool is_label(const char *s, size_t len, bool *is_number)
{
	*is_number = true;
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(s[i]) && s[i] != '-')
			return false;
		*is_number = *is_number && s[i] >= '0' && s[i] <= '9';
	}
	return len >= 1 && len <= LABEL_MAX && s[0] != '-' && s[len - 1] != '-';
}

/* A last label of digits alone is an address or a number, which dNSName is not for (RFC 5280, 4.2.1.6). */
static bool is_host(const char *s)
{
	bool is_number = true;

	if (strlen(s) > HOST_MAX)
		return false;
	for (;;) {
		size_t n = strcspn(s, ".");

		if (!is_label(s, n, &is_number))
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

		if (s[i] == '\0' || (!is_alnum(s[i]) && strchr(".!#$%&'*+-/=?^_`{|}~", s[i]) == NULL) ||
		    (dot && (i == 0 || i + 1 == len || s[i + 1] == '.')))
			return false;
	}
	return len >= 1 && len <= 64;
}

static int refuse(struct err *e, const char *code, const char *cn, const char *why, const char *hint)
{
	(void)err_set(e, ERR_POLICY, "'%s' cannot be a certificate's name: %s", cn, why);
	return err_rule(e, code, hint);
}

static int check_text(const char *cn, struct err *e)
{
	size_t len = strlen(cn);

	if (len == 0)
		return refuse(e, "name-empty", cn, "it is empty", "give a name such as alice@contoso.com or laptop-17");
	if (!text_is_utf8(cn, len))
		return refuse(e, "name-encoding", cn, "it is not UTF-8", "type it in a UTF-8 terminal");
	if (!text_is_harmless(cn, len))
		return refuse(e, "name-control", cn,
		    "it has control or bidirectional characters, which hide what it is",
		    "type the name anew instead of pasting it");
	if (text_characters(cn) > NAME_CN_MAX)
		return refuse(e, "name-length", cn, "it has more than 64 characters (RFC 5280, ub-common-name)",
		    "give a shorter name");
	if (cn[0] == ' ' || cn[len - 1] == ' ')
		return refuse(e, "name-blank", cn, "it begins or ends with a blank", "leave the blank out");
	if (strchr(cn, '\\') != NULL)
		return refuse(e, "name-domain-user", cn,
		    "Azure wants name@domain, not DOMAIN\\user, in certificates of an enterprise CA",
		    "give the name as user@domain");
	return 0;
}

static bool is_ascii(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static int check_email(const char *cn, const char *at, struct err *e)
{
	if (!is_ascii(cn))
		return refuse(e, "name-email-ascii", cn, "a mail address in a certificate is ASCII (RFC 5280, 4.2.1.6)",
		    "write the domain in its xn-- form, and an ASCII name before the @");
	if (!is_local_part(cn, (size_t)(at - cn)) || !is_host(at + 1))
		return refuse(
		    e, "name-email", cn, "what has an @ must be name@domain", "give a name such as alice@contoso.com");
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
