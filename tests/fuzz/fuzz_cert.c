/* SPDX-License-Identifier: MIT */
/* fuzz_cert.c - certificates, CMS and their armour: what is read keeps its bounds, whatever the rules say of it. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "x509/cert.h"
#include "x509/cms.h"
#include "x509/encode.h"
#include "x509/lint/lint.h"

const char *const fuzz_corpus[] = { "fuzz/cert/root.pem", "fuzz/cert/client.der", "fuzz/cert/odd.der",
	"fuzz/cert/chain.pem", "fuzz/cert/checkpoint.der", NULL };

static const struct rule *const tables[] = { rules_rfc5280, rules_azure, rules_clients, NULL };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void told(const struct err *e)
{
	must((e->status == ERR_INPUT || e->status == ERR_POLICY) && e->what[0] != '\0');
}

static bool is_string(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

static void bounds(const struct cert_info *c)
{
	must(c->n_sans <= SANS_MAX && c->n_eku <= EKU_MAX && is_string(c->subject, sizeof(c->subject)));
	must(is_string(c->cn, sizeof(c->cn)) && is_string(c->ski, sizeof(c->ski)) && is_string(c->aki, sizeof(c->aki)));
	for (unsigned i = 0; i < c->n_sans; i++)
		must(is_string(c->sans[i].text, sizeof(c->sans[i].text)));
	for (unsigned i = 0; i < c->n_eku; i++)
		must(is_string(c->eku[i], sizeof(c->eku[i])));
}

static void parts(struct bytes der)
{
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) issuer = { 0 };
	AUTO_VALUE(buf) serial = { 0 };
	AUTO_VALUE(buf) spki = { 0 };
	struct err e = ERR_INIT;

	if (cert_object_parts(&subject, &issuer, &serial, der, &e) < 0 || cert_spki(&spki, der, &e) < 0)
		told(&e);
	if (cert_verify(der, der, 0, &e) < 0)
		told(&e);
}

static int one(struct bytes der, void *arg, struct err *e)
{
	static struct findings all;
	struct cert_info c;
	struct facts f = { .have = FACT_CERT | FACT_CHAIN, .now = 1800000000, .cert = &c, .root = &c };

	(void)arg;
	if (cert_read(&c, der, e) < 0)
		return -1;
	bounds(&c);
	all.n = 0;
	must(findings_run(tables, "check", &f, &all, e) == 0);
	parts(der);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	AUTO_VALUE(buf) content = { 0 };
	AUTO_VALUE(buf) cert = { 0 };
	struct err e = ERR_INIT, other = ERR_INIT, raw = ERR_INIT;
	struct bytes input = { at, len };

	if (der_each_cert(input, 8, one, NULL, &e) < 0)
		told(&e);
	if (one(input, NULL, &raw) < 0)
		told(&raw);
	if (x509_read_cms(&content, &cert, input, &other) < 0)
		told(&other);
	return 0;
}
