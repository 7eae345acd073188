/* SPDX-License-Identifier: MIT */
/* ovpn_block.c - inline files of vpnconfig.ovpn: those that Azure writes, and their allowed content. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "azure/ovpn.h"
#include "util/array.h"
#include "util/text.h"

#define CERT_HEAD "-----BEGIN CERTIFICATE-----"
#define CERT_END "-----END CERTIFICATE-----"
#define KEY_HEAD "-----BEGIN OpenVPN Static key V1-----"
#define KEY_END "-----END OpenVPN Static key V1-----"
#define PEM_LINE_MAX 76

typedef int line_fn(struct ovpn_block *b, struct reading *r, struct bytes text, bool *is_good, struct err *e);

static line_fn take_ca, ovpn_block_take_key, take_placeholder;

static const struct ovpn_block_form {
	const char *name;
	line_fn *take;
	const char *content;         /* for messages */
	const char *placeholder;
} forms[] = {
	{ "ca", take_ca, "certificates in PEM", NULL },
	{ "tls-auth", ovpn_block_take_key, "one OpenVPN static key of 256 bytes", NULL },
	{ "cert", take_placeholder, "Azure's placeholder", "$CLIENTCERTIFICATE" },
	{ "key", take_placeholder, "Azure's placeholder", "$PRIVATEKEY" },
};
#define N_FORMS ARRAY_LEN(forms)

static bool ovpn_block_is_text(struct bytes text, const char *want)
{
	return text.len == strlen(want) && memcmp(text.data, want, text.len) == 0;
}

static bool ovpn_block_is_base64(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] > 0x7f || (!isalnum(text.data[i]) && memchr("+/=", text.data[i], 3) == NULL))
			return false;
	return text.len <= PEM_LINE_MAX;
}

static int take_ca(struct ovpn_block *b, struct reading *r, struct bytes text, bool *is_good, struct err *e)
{
	bool is_end = ovpn_block_is_text(text, CERT_END);
	int result;

	*is_good = b->state == BLOCK_BODY ? is_end || ovpn_block_is_base64(text) : ovpn_block_is_text(text, CERT_HEAD);
	if (!*is_good)
		return 0;
	b->state = BLOCK_BODY;
	if (buf_add(&b->pem, text.data, text.len, e) < 0 || buf_add(&b->pem, "\n", 1, e) < 0)
		return -1;
	if (!is_end)
		return 0;
	b->state = BLOCK_DONE;
	result = package_reader_add_root(r, "<ca>", buf_bytes(&b->pem), e);
	buf_clear(&b->pem);
	return result;
}

/* 16 lines of 32 digits, the form that OpenVPN and Azure write. */
static int ovpn_block_take_key(struct ovpn_block *b, struct reading *r, struct bytes text, bool *is_good, struct err *e)
{
	unsigned char bytes[16];
	char hex[2 * sizeof(bytes) + 1];

	(void)r, (void)e;
	*is_good = true;
	if (b->state == BLOCK_HEAD && ovpn_block_is_text(text, KEY_HEAD)) {
		b->state = BLOCK_BODY;
		return 0;
	}
	if (b->state == BLOCK_BODY && b->key_len == sizeof(b->key) && ovpn_block_is_text(text, KEY_END)) {
		b->state = BLOCK_DONE;
		return 0;
	}
	*is_good = b->state == BLOCK_BODY && text.len == sizeof(hex) - 1 && b->key_len < sizeof(b->key);
	if (!*is_good)
		return 0;
	(void)snprintf(hex, sizeof(hex), "%.*s", (int)text.len, (const char *)text.data);
	*is_good = text_from_hex(bytes, sizeof(bytes), hex) == sizeof(bytes);
	if (*is_good) {
		memcpy(b->key + b->key_len, bytes, sizeof(bytes));
		b->key_len += sizeof(bytes);
	}
	explicit_bzero(hex, sizeof(hex));
	explicit_bzero(bytes, sizeof(bytes));
	return 0;
}

static int take_placeholder(struct ovpn_block *b, struct reading *r, struct bytes text, bool *is_good, struct err *e)
{
	(void)r, (void)e;
	*is_good = b->state == BLOCK_HEAD && ovpn_block_is_text(text, b->form->placeholder);
	b->state = BLOCK_DONE;
	return 0;
}

static void ovpn_block_add_fault(struct ovpn_block *b, struct package_ovpn *o, unsigned line)
{
	if (!b->is_faulty)
		ovpn_fault(o, OVPN_BLOCK, line, "the inline file <%s> contains something other than %s", b->form->name,
		    b->form->content);
	b->is_faulty = true;
}

void ovpn_block_open(struct ovpn_block *b, struct package_ovpn *o, unsigned line, struct bytes text)
{
	char name[32];
	unsigned bit;

	b->form = NULL;
	b->is_faulty = false;
	b->state = BLOCK_HEAD;
	b->key_len = 0;
	if (text.len < 3 || text.data[text.len - 1] != '>' || text.len - 2 >= sizeof(name)) {
		ovpn_fault(o, OVPN_BLOCK, line, "'%.*s' does not begin an inline file",
		    (int)(text.len < 80 ? text.len : 80), (const char *)text.data);
		return;
	}
	(void)snprintf(name, sizeof(name), "%.*s", (int)text.len - 2, (const char *)text.data + 1);
	(void)snprintf(b->end, sizeof(b->end), "</%s>", name);
	for (size_t i = 0; i < N_FORMS; i++)
		if (strcmp(forms[i].name, name) == 0)
			b->form = &forms[i];
	if (b->form == NULL) {
		ovpn_fault(o, OVPN_BLOCK, line, "Azure writes no inline file <%s>", name);
		return;
	}
	bit = 1U << (b->form - forms);
	if ((b->seen & bit) != 0)
		ovpn_fault(o, OVPN_INCOMPLETE, line, "the inline file <%s> occurs twice", name);
	b->seen |= bit;
}

static int close_block(struct ovpn_block *b, struct reading *r, unsigned line, struct err *e)
{
	struct package_ovpn *o = &r->out->ovpn;

	b->end[0] = '\0';
	if (b->form == NULL)
		return 0;
	if (b->state != BLOCK_DONE)
		ovpn_block_add_fault(b, o, line);
	if (b->is_faulty || b->form->take != ovpn_block_take_key)
		return 0;
	memcpy(o->tls_auth, b->key, sizeof(o->tls_auth));
	o->has_tls_auth = true;
	return package_reader_state_key(r, (struct bytes){ b->key, sizeof(b->key) }, e);
}

/* OpenVPN ends a block at a line that begins with the end tag, whatever follows the tag. */
int ovpn_block_line(struct ovpn_block *b, struct reading *r, unsigned line, struct bytes text, struct err *e)
{
	size_t len = strlen(b->end);
	bool is_good = true;

	if (text.len >= len && memcmp(text.data, b->end, len) == 0) {
		if (text.len > len)
			ovpn_fault(&r->out->ovpn, OVPN_BLOCK, line, "text follows '%s'", b->end);
		return close_block(b, r, line, e);
	}
	if (text.len == 0 || b->form == NULL || b->is_faulty)
		return 0;
	if (b->form->take(b, r, text, &is_good, e) < 0)
		return -1;
	if (!is_good)
		ovpn_block_add_fault(b, &r->out->ovpn, line);
	return 0;
}

void ovpn_blocks_missing(const struct ovpn_block *b, struct package_ovpn *o)
{
	if (b->end[0] != '\0')
		ovpn_fault(o, OVPN_BLOCK, 0, "an inline file has no end '%s'", b->end);
	for (size_t i = 0; i < N_FORMS; i++)
		if ((b->seen & 1U << i) == 0)
			ovpn_fault(o, OVPN_INCOMPLETE, 0, "the inline file <%s> is missing", forms[i].name);
}
