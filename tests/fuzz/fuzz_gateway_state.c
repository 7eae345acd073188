/* SPDX-License-Identifier: MIT */
/* fuzz_gateway_state.c - what Azure says of a gateway, as JSON: read or refused by a code. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "azure/gateway/gateway_state.h"
#include "fuzz.h"
#include "util/text.h"

const char *const fuzz_corpus[] = { "data/gateway/vnet-gateway.json", "data/gateway/vnet-gateway-arm.json",
	"data/gateway/vpn-server-config.json", "data/gateway/p2s-vpn-gateway.json", NULL };

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

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static int file = -1;
	struct gateway *g = calloc(1, sizeof(*g));
	struct err e = ERR_INIT;
	char path[32];

	if (file < 0)
		file = memfd_create("state", MFD_CLOEXEC);
	must(g != NULL && ftruncate(file, 0) == 0 && pwrite(file, at, len, 0) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (gateway_state_read(g, path, read_cert, &e) < 0)
		must(e.status == ERR_INPUT && e.code != NULL && e.what[0] != '\0');
	else
		must(text_is_harmless(g->name, strlen(g->name)));
	gateway_clear(g);
	free(g);
	return 0;
}
