/* SPDX-License-Identifier: MIT */
/* fuzz_uri.c - PKCS#11 URIs and labels: parsed or refused; what is shown of one is harmless, and never a PIN. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "tokens/uri.h"
#include "util/text.h"

const char *const fuzz_corpus[] = { "fuzz/uri/all.txt", "fuzz/uri/object.txt", "fuzz/uri/query.txt", "fuzz/uri/pin.txt",
	NULL };

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	AUTO_STRUCT(token_uri) u = NULL;
	char *text = malloc(len + 1);
	struct err e = ERR_INIT;

	must(text != NULL);
	memcpy(text, at, len);
	text[len] = '\0';
	if (uri_parse(&u, text, &e) < 0) {
		must(e.status == ERR_USAGE && e.what[0] != '\0');
		must(strstr(e.what, "pin-value=") == NULL);
	} else {
		const char *shown = uri_text(u), *id = uri_id_hex(u);

		must(shown != NULL && text_is_harmless(shown, strlen(shown)));
		must(strchr(shown, '?') == NULL || strncmp(text, "pkcs11:", 7) != 0);
		must(id == NULL || strspn(id, "0123456789abcdef") == strlen(id));
	}
	free(text);
	return 0;
}
