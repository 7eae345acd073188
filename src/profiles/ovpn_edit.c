/* SPDX-License-Identifier: MIT */
/* ovpn_edit.c - see ovpn_edit.h. */
#include "profiles/ovpn_edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct line {
	const char *at;              /* with its end */
	size_t len, text_len;        /* with and without the end */
	unsigned number;
};

struct editor {
	const struct ovpn_edit *edit;
	struct buf *out;
	struct bytes in;
	size_t pos;
	unsigned number;
	char block[32];              /* the inline file that we are in, "" = none */
	bool is_dropped;             /* that block is replaced */
	bool has_cert, has_key, has_crlf;
	char seen[4][24];            /* options of at_end that the file has */
	unsigned n_seen;
};

/* What a client from Azure has no need for and a package from elsewhere could do harm with. */
static const char *const refused[] = {
	/* programs */
	"up", "down", "route-up", "route-pre-down", "ipchange", "tls-verify", "auth-user-pass-verify", "client-connect",
	"client-disconnect", "client-crresponse", "learn-address", "tls-crypt-v2-verify", "dns-updown", "iproute",
	"script-security", "up-restart", "down-pre",
	/* code, further options */
	"plugin", "engine", "providers", "config", "setenv", "setenv-safe", "compat-names", "no-name-remapping",
	/* other files, places and ports */
	"management", "management-client", "management-client-auth", "management-external-key",
	"management-external-cert", "management-query-passwords", "management-up-down", "management-hold", "askpass",
	"auth-user-pass", "http-proxy-user-pass", "writepid", "status", "log-append", "cd", "chroot", "tmp-dir",
	"replay-persist", "tls-export-cert", "client-config-dir", "ifconfig-pool-persist", "capath", "crl-verify",
	"daemon", "inetd", "syslog", "setcon", "secret", "dh", "extra-certs", "tls-crypt-v2", "auth-gen-token-secret",
	/* where the key is: the client's affair */
	"cert", "key", "pkcs12", "cryptoapicert", "pkcs11-providers", "pkcs11-id", "pkcs11-id-management",
	"pkcs11-cert-private", "pkcs11-private-mode", "pkcs11-pin-cache", "pkcs11-protected-authentication",
};
/* Inline files that may stand in the package. */
static const char *const kept_blocks[] = { "ca", "tls-auth", "tls-crypt", "peer-fingerprint" };

static bool is_among(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}
#define IS_AMONG(word, list) is_among((word), (list), sizeof(list) / sizeof((list)[0]))

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int next_line(struct line *l, struct editor *x, struct err *e)
{
	const char *at = (const char *)x->in.at + x->pos;
	const char *end = memchr(at, '\n', x->in.len - x->pos);

	l->at = at;
	l->number = ++x->number;
	l->len = end != NULL ? (size_t)(end - at) + 1 : x->in.len - x->pos;
	l->text_len = end != NULL ? l->len - 1 : l->len;
	if (l->text_len > 0 && at[l->text_len - 1] == '\r') {
		l->text_len--;
		x->has_crlf = true;
	}
	x->pos += l->len;
	if (l->len > OVPN_LINE_MAX)
		return err_set(e, ERR_INPUT, "vpnconfig.ovpn, line %u: longer than OpenVPN reads", l->number);
	for (size_t i = 0; i < l->text_len; i++)
		if ((unsigned char)at[i] < 0x20 && at[i] != '\t')
			return err_set(e, ERR_INPUT, "vpnconfig.ovpn, line %u: a control character", l->number);
	return 0;
}

/* The first word, without a leading "--" as OpenVPN takes it.  -1: quotes and the like, by which one could hide. */
static int first_word(char *out, size_t size, const struct line *l, struct err *e)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_<>/";
	size_t from = 0, len = 0;

	while (from < l->text_len && is_blank(l->at[from]))
		from++;
	if (from + 2 < l->text_len && l->at[from] == '-' && l->at[from + 1] == '-')
		from += 2;
	while (from + len < l->text_len && !is_blank(l->at[from + len]) && len + 1 < size)
		len++;
	memcpy(out, l->at + from, len);
	out[len] = '\0';
	if (len > 0 && out[0] != '#' && out[0] != ';' && (strspn(out, fine) != len || len + 1 == size))
		return err_set(e, ERR_INPUT, "vpnconfig.ovpn, line %u: no option of OpenVPN", l->number);
	return 0;
}

static int copy(struct editor *x, const struct line *l, struct err *e)
{
	return buf_add(x->out, l->at, l->len, e);
}

/* Adds lines that end in \n with the file's own line ends. */
static int add_lines(struct editor *x, const char *text, struct err *e)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		if (len + 2 > OVPN_LINE_MAX)
			return err_set(e, ERR_INPUT,
			    "a line for the token would have %zu bytes; OpenVPN reads at most %d", len + 2,
			    OVPN_LINE_MAX);
		if (buf_add(x->out, text, len, e) < 0 || buf_add(x->out, x->has_crlf ? "\r\n" : "\n",
							 x->has_crlf ? 2 : 1, e) < 0)
			return -1;
		text += len + (text[len] == '\n');
	}
	return 0;
}

static int replace_block(struct editor *x, bool *has, const char *with, const struct line *l, struct err *e)
{
	if (*has)
		return err_set(
		    e, ERR_INPUT, "vpnconfig.ovpn, line %u: the block <%s> is there twice", l->number, x->block);
	*has = x->is_dropped = true;
	return add_lines(x, with, e);
}

static int open_block(struct editor *x, const char *word, const struct line *l, struct err *e)
{
	size_t len = strlen(word);

	if (len < 3 || word[len - 1] != '>' || len >= sizeof(x->block))
		return err_set(e, ERR_INPUT, "vpnconfig.ovpn, line %u: not an inline file", l->number);
	(void)snprintf(x->block, sizeof(x->block), "%.*s", (int)len - 2, word + 1);
	x->is_dropped = false;
	if (strcmp(x->block, "cert") == 0)
		return replace_block(x, &x->has_cert, x->edit->for_cert, l, e);
	if (strcmp(x->block, "key") == 0)
		return replace_block(x, &x->has_key, x->edit->for_key, l, e);
	if (!IS_AMONG(x->block, kept_blocks))
		return err_set(
		    e, ERR_INPUT, "vpnconfig.ovpn, line %u: a block <%s> is not Azure's", l->number, x->block);
	return copy(x, l, e);
}

/* OpenVPN ends a block at a line that begins, after blanks, with its end tag, whatever follows. */
static int in_block(struct editor *x, const struct line *l, struct err *e)
{
	char end[40];
	int len = snprintf(end, sizeof(end), "</%s>", x->block);
	size_t from = 0;
	bool is_end;

	while (from < l->text_len && is_blank(l->at[from]))
		from++;
	is_end = l->text_len - from >= (size_t)len && memcmp(l->at + from, end, (size_t)len) == 0;
	if (!x->is_dropped && copy(x, l, e) < 0)
		return -1;
	if (is_end)
		x->block[0] = '\0';
	return 0;
}

static bool has_option(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
		if ((at == list || at[-1] == '\n') && (at[len] == ' ' || at[len] == '\n'))
			return true;
	return false;
}

static int option(struct editor *x, const char *word, const struct line *l, struct err *e)
{
	if (IS_AMONG(word, refused)) {
		(void)err_set(e, ERR_POLICY, "vpnconfig.ovpn, line %u: '%s' is refused", l->number, word);
		return err_rule(e, "openvpn-program",
		    "Azure's file runs no program and names no other file: download the package again");
	}
	if (strcmp(word, "log") == 0 &&
	    (memchr(l->at, '/', l->text_len) != NULL || memchr(l->at, '\\', l->text_len) != NULL)) {
		(void)err_set(e, ERR_POLICY, "vpnconfig.ovpn, line %u: 'log' names a place", l->number);
		return err_rule(e, "openvpn-program", "Azure's file logs to openvpn.log: download the package again");
	}
	if (has_option(x->edit->at_end, word) && x->n_seen < 4)
		(void)snprintf(x->seen[x->n_seen++], sizeof(x->seen[0]), "%.23s", word);
	if (x->edit->comment_log && strcmp(word, "log") == 0 && buf_add(x->out, "#", 1, e) < 0)
		return -1;
	return copy(x, l, e);
}

static int one_line(struct editor *x, const struct line *l, struct err *e)
{
	char word[48];

	if (x->block[0] != '\0')
		return in_block(x, l, e);
	if (first_word(word, sizeof(word), l, e) < 0)
		return -1;
	if (word[0] == '\0' || word[0] == '#' || word[0] == ';')
		return copy(x, l, e);
	return word[0] == '<' ? open_block(x, word, l, e) : option(x, word, l, e);
}

static int add_end(struct editor *x, struct err *e)
{
	const char *at = x->edit->at_end;
	char one[64], word[24];

	if (*at != '\0' && x->in.len > 0 && x->in.at[x->in.len - 1] != '\n' && add_lines(x, "\n", e) < 0)
		return -1;
	for (; *at != '\0'; at += strcspn(at, "\n") + 1) {
		bool is_there = false;

		(void)snprintf(one, sizeof(one), "%.*s", (int)strcspn(at, "\n"), at);
		(void)snprintf(word, sizeof(word), "%.*s", (int)strcspn(one, " "), one);
		for (unsigned i = 0; i < x->n_seen; i++)
			is_there = is_there || strcmp(x->seen[i], word) == 0;
		if (!is_there && add_lines(x, one, e) < 0)
			return -1;
	}
	return 0;
}

int ovpn_edit(struct buf *out, struct bytes ovpn, const struct ovpn_edit *edit, struct err *e)
{
	struct editor x = { .edit = edit, .out = out, .in = ovpn };
	struct line l;

	while (x.pos < ovpn.len)
		if (next_line(&l, &x, e) < 0 || one_line(&x, &l, e) < 0)
			return -1;
	if (x.block[0] != '\0')
		return err_set(e, ERR_INPUT, "vpnconfig.ovpn: the block <%s> has no end", x.block);
	if (!x.has_cert || !x.has_key)
		return err_set(e, ERR_INPUT, "vpnconfig.ovpn has no <%s> block to fill", x.has_cert ? "key" : "cert");
	return add_end(&x, e);
}
