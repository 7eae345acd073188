/* SPDX-License-Identifier: MIT */
/* fuzz_client_report.c - what a client's machine says of itself: read or refused by a code, and judged. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "azure/client_report.h"
#include "fuzz.h"
#include "util/text.h"

const char *const fuzz_corpus[] = { "data/report/windows.json", NULL };

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Takes anything for a certificate: x509/ has targets of its own. */
static int read_cert(struct cert_info *out, struct buf *der, struct bytes file, struct err *e)
{
	*out = (struct cert_info){ .version = 3 };
	return buf_add(der, file.data, file.len, e) < 0 ? -1 : hash_sha1_hex(out->thumbprint, file, e);
}

static void judge(const struct client_report *report)
{
	static const struct rule *const tables[] = { rules_report, NULL };
	const struct cert_info cert = { .thumbprint = "00112233445566778899aabbccddeeff00112233", .cn = "alice" };
	const struct facts f = {
		.have = FACT_REPORT | FACT_CERT | FACT_CHAIN, .report = report, .cert = &cert, .root = &cert
	};
	struct findings all = { .n = 0 };
	struct err e = ERR_INIT;

	must(findings_run(tables, "report", &f, &all, &e) == 0 && all.n <= FINDINGS_MAX);
	must(all.n_left_out == 0 || strcmp(all.all[FINDINGS_MAX - 1].id, "findings-more") == 0);
	for (size_t i = 0; i < all.n; i++)
		must(all.all[i].severity == FINDING_SKIPPED ||
		     text_is_harmless(all.all[i].text, strlen(all.all[i].text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static int file = -1;
	struct client_report *report = calloc(1, sizeof(*report));
	struct err e = ERR_INIT;
	char path[32];

	if (file < 0)
		file = memfd_create("report", MFD_CLOEXEC);
	must(report != NULL && ftruncate(file, 0) == 0 && pwrite(file, at, len, 0) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (client_report_read(report, path, read_cert, &e) < 0)
		must(e.status == ERR_INPUT && e.code != NULL && e.what[0] != '\0');
	else
		judge(report);
	client_report_clear(report);
	free(report);
	return 0;
}
