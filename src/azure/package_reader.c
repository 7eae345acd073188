/* SPDX-License-Identifier: MIT */
/* package_reader.c - see package_reader.h. */
#include "azure/package_reader.h"

#include <ctype.h>
#include <string.h>

#include "azure/net.h"
#include "azure/input_error.h"
#include "util/hash.h"
#include "util/hex_id.h"
#include "util/text.h"
#include "util/text_decode.h"

#define CERT_MAX 65536 /* bytes as base64; DigiCert's roots have 1,300 */

int package_reader_state(struct reading *r, enum package_subject subject, const char *text, struct err *e)
{
	struct package_statement s = { .file = r->file, .subject = subject };

	(void)snprintf(s.text, sizeof(s.text), "%s", text);
	return buf_add(&r->out->statements, &s, sizeof(s), e);
}

int package_reader_state_net(struct reading *r, const struct ip_net *net, struct err *e)
{
	char text[IP_NET_TEXT];

	ip_net_text(text, net);
	return package_reader_state(r, STATED_ROUTE, text, e);
}

int package_reader_state_dns(struct reading *r, const struct ip_net *address, struct err *e)
{
	char text[IP_NET_TEXT];

	ip_net_text(text, address);
	*strchr(text, '/') = '\0';
	return package_reader_state(r, STATED_DNS, text, e);
}

int package_reader_state_key(struct reading *r, struct bytes key, struct err *e)
{
	char hex[SHA256_HEX];

	return hash_sha256_hex(hex, key, e) < 0 ? -1 : package_reader_state(r, STATED_TLS_KEY, hex, e);
}

static int state_host(struct reading *r, struct bytes host, struct err *e)
{
	char text[254];

	(void)snprintf(text, sizeof(text), "%.*s", (int)host.len, (const char *)host.data);
	for (char *c = text; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return package_reader_state(r, STATED_SERVER, text, e);
}

int package_reader_add_root(struct reading *r, const char *name, struct bytes file, struct err *e)
{
	struct package *p = r->out;
	AUTO_VALUE(buf) der = { 0 };
	struct cert_info info;

	if (file.len > CERT_MAX)
		return limit_refuse(e, "%s has %zu bytes, too many for a certificate", name, file.len);
	if (r->read_cert(&info, &der, file, e) < 0)
		return err_while(e, "reading %s", name);
	if (package_reader_state(r, STATED_GATEWAY_ROOT, info.thumbprint, e) < 0)
		return -1;
	for (unsigned i = 0; i < p->n_roots; i++)
		if (strcmp(p->roots[i].info.thumbprint, info.thumbprint) == 0)
			return 0;
	if (p->n_roots >= PACKAGE_ROOTS_MAX)
		return limit_refuse(e, "the package has more than %d gateway roots", PACKAGE_ROOTS_MAX);
	p->roots[p->n_roots].der = der;
	p->roots[p->n_roots].info = info;
	p->n_roots++;
	der = (struct buf){ 0 };
	return 0;
}

int package_reader_set_server(struct reading *r, const char *name, struct bytes host, struct err *e)
{
	if (!host_is_name(host))
		return value_refuse(e, name, "host name", host);
	if (state_host(r, host, e) < 0)
		return -1;
	return r->out->server[0] != '\0' ? 0
					 : package_reader_text(r->out->server, sizeof(r->out->server), name, host, e);
}

int package_reader_set_vnet(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct package *p = r->out;
	char vnet[sizeof(p->vnet_name)];

	if (package_reader_text(vnet, sizeof(vnet), name, text, e) < 0 ||
	    package_reader_state(r, STATED_VNET_NAME, vnet, e) < 0)
		return -1;
	if (p->vnet_name[0] == '\0')
		memcpy(p->vnet_name, vnet, sizeof(p->vnet_name));
	return 0;
}

int package_reader_thumbprint(char out[SHA1_HEX], const char *name, struct bytes text, struct err *e)
{
	char hex[SHA1_HEX];
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (isspace(text.data[i]))
			continue;
		if (n >= sizeof(hex) - 1 || !isxdigit(text.data[i]))
			return value_refuse(e, name, "SHA-1 thumbprint", text);
		hex[n++] = (char)tolower(text.data[i]);
	}
	if (n != sizeof(hex) - 1)
		return value_refuse(e, name, "SHA-1 thumbprint", text);
	hex[n] = '\0';
	memcpy(out, hex, sizeof(hex));
	return 0;
}

static bool package_reader_is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Azure compares SHA-1 thumbprints as text, so an entry in any other form revokes no certificate. */
const char *package_reader_thumbprint_problem(char thumbprint[SHA1_HEX], struct bytes text)
{
	char given[256], hex[SHA256_HEX];
	bool is_number;

	if (text.data == NULL)
		return "it has no thumbprint";
	if (text.len >= sizeof(given))
		return "it is too long for a thumbprint";
	(void)snprintf(given, sizeof(given), "%.*s", (int)text.len, (const char *)text.data);
	is_number = hex_id_parse(hex, sizeof(hex), given);
	if (is_number && strlen(hex) == SHA256_HEX - 1)
		return "it is a SHA-256 fingerprint, not a SHA-1 thumbprint";
	if (!is_number || strlen(hex) != SHA1_HEX - 1)
		return "it is not a SHA-1 thumbprint, which has 40 hex digits";
	memcpy(thumbprint, hex, SHA1_HEX);
	if (strchr(given, ':') != NULL)
		return "the thumbprint has colons";
	if (!package_reader_is_ascii(given))
		return "the thumbprint has characters that cannot be seen, as Windows' dialog puts before it";
	return text.len != SHA1_HEX - 1 ? "the thumbprint has blanks or other characters" : NULL;
}

int package_reader_add_issuer(struct reading *r, const char *name, struct bytes text, struct err *e)
{
	struct package *p = r->out;
	char hex[SHA1_HEX];

	if (package_reader_thumbprint(hex, name, text, e) < 0 ||
	    package_reader_state(r, STATED_CLIENT_ROOT, hex, e) < 0)
		return -1;
	p->states_client_roots = true;
	for (unsigned i = 0; i < p->n_client_roots; i++)
		if (strcmp(p->client_roots[i], hex) == 0)
			return 0;
	if (p->n_client_roots >= PACKAGE_ISSUERS_MAX)
		return limit_refuse(e, "the package has more than %d client roots", PACKAGE_ISSUERS_MAX);
	memcpy(p->client_roots[p->n_client_roots++], hex, sizeof(hex));
	return 0;
}

int package_reader_text(char *out, size_t size, const char *name, struct bytes text, struct err *e)
{
	if (text.len >= size || !text_is_harmless((const char *)text.data, text.len))
		return value_refuse(e, name, "short plain text", text);
	memcpy(out, text.data, text.len);
	out[text.len] = '\0';
	return 0;
}

int package_reader_check_text(struct bytes text, struct err *e)
{
	if (text_is_utf16(text))
		return format_refuse(e, "it is UTF-16; Azure writes UTF-8");
	if (memchr(text.data, '\0', text.len) != NULL || !text_is_utf8((const char *)text.data, text.len))
		return format_refuse(e, "it is not UTF-8 text");
	return 0;
}
