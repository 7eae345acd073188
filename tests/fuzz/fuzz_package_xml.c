/* SPDX-License-Identifier: MIT */
/* fuzz_package_xml.c - the text files of a client package; what passes must be what the model promises. */
#include <stdlib.h>
#include <string.h>

#include "azure/net.h"
#include "azure/package_reader.h"
#include "fuzz.h"
#include "util/text.h"

const char *const fuzz_corpus[] = { "data/package/settings-1.xml", "data/package/settings-2.xml",
	"data/package/azurevpnconfig.xml", "data/package/vpnconfig.ovpn", "data/package/VpnProfileSetup.ps1",
	"fuzz/package_xml/azurevpnconfig.xml", "fuzz/package_xml/setup.ps1", NULL };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Takes anything for a certificate: x509/ has targets of its own. */
static int read_cert(struct cert_info *out, struct buf *der, struct bytes file, struct err *e)
{
	*out = (struct cert_info){ 0 };
	return buf_add(der, file.data, file.len, e) < 0 ? -1 : hash_sha1_hex(out->thumbprint, file, e);
}

static bool is_text(const char *text)
{
	return text_is_harmless(text, strlen(text));
}

static void check(const struct package *p)
{
	must(p->server[0] == '\0' || host_is_name((struct bytes){ (const void *)p->server, strlen(p->server) }));
	must(is_text(p->auth) && is_text(p->vnet_name) && is_text(p->vnet_id));
	must(p->n_routes <= PACKAGE_NETS_MAX && p->n_pools <= PACKAGE_DNS_MAX && p->n_dns <= PACKAGE_DNS_MAX);
	must(p->n_roots <= PACKAGE_ROOTS_MAX && p->n_client_roots <= PACKAGE_ISSUERS_MAX);
	for (unsigned i = 0; i < p->n_routes; i++)
		must(p->routes[i].prefix <= (p->routes[i].is_v6 ? 128 : 32) && is_text(p->routes[i].text));
	must(p->ovpn.n_faults <= OVPN_FAULTS_MAX && p->statements.len % sizeof(struct package_statement) == 0);
	for (unsigned i = 0; i < p->ovpn.n_faults; i++)
		must(p->ovpn.faults[i].code != NULL && is_text(p->ovpn.faults[i].text));
	if (p->ovpn.is_there && p->ovpn.n_faults == 0)
		must(host_is_name((struct bytes){ (const void *)p->ovpn.server, strlen(p->ovpn.server) }) &&
		    host_is_name((struct bytes){ (const void *)p->ovpn.server_name, strlen(p->ovpn.server_name) }) &&
		    p->ovpn.has_tls_auth && p->n_roots > 0);
	for (unsigned i = 0; i < p->n_client_roots; i++)
		must(strlen(p->client_roots[i]) == SHA1_HEX - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static int (*const readers[])(struct reading *, struct bytes, struct err *) = { settings_xml_read,
		azurevpn_xml_read, ovpn_read, setup_ps1_read };
	struct package *p = calloc(1, sizeof(*p));
	struct reading r = { .out = p, .read_cert = read_cert };
	struct err e = ERR_INIT;
	unsigned char *text = malloc(len + 1);

	must(p != NULL && text != NULL);
	memcpy(text, at, len);
	text[len] = '\0';
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (readers[i](&r, (struct bytes){ text, len }, &e) < 0)
			must(e.status == ERR_INPUT && e.code != NULL && e.what[0] != '\0');
		check(p);
		package_clear(p);
	}
	free(text);
	free(p);
	return 0;
}
