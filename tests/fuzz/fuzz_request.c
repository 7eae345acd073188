/* SPDX-License-Identifier: MIT */
/* fuzz_request.c - requests, in any armour: read or refused, and judged within the bounds of the model. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "x509/encode.h"
#include "x509/lint/lint.h"
#include "x509/request.h"

const char *const fuzz_corpus[] = { "fuzz/request/rsa.pem", "fuzz/request/rsa.der", "fuzz/request/ec.der",
	"fuzz/request/odd.der", NULL };

static const struct rule *const tables[] = { rules_public_key, rules_request, NULL };

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void judge(struct bytes der)
{
	static struct findings all;
	AUTO_VALUE(request_info) r = { .n_cn = 0 };
	struct facts f = { .have = FACT_REQUEST | FACT_PUBLIC_KEY, .now = 1800000000, .request = &r,
		.public_key = &r.public_key };
	struct err e = ERR_INIT;

	if (request_read(&r, der, &e) < 0) {
		must(e.status == ERR_INPUT && e.what[0] != '\0');
		return;
	}
	must(r.n_asked <= REQUEST_ASKED_MAX && r.n_ignored <= REQUEST_ASKED_MAX);
	must(memchr(r.subject, '\0', sizeof(r.subject)) != NULL && memchr(r.cn, '\0', sizeof(r.cn)) != NULL);
	all.n = 0;
	must(findings_run(tables, "gate", &f, &all, &e) == 0);
	must(all.n > 0 || (r.is_der_strict && r.is_signature_good && r.n_cn == 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	AUTO_VALUE(buf) der = { 0 };
	struct err e = ERR_INIT;
	struct bytes input = { at, len };

	judge(input);
	if (der_from_file(&der, input, DER_REQUEST, &e) < 0)
		must(e.status == ERR_INPUT && e.what[0] != '\0');
	else
		judge(buf_bytes(&der));
	return 0;
}
