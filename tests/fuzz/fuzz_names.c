/* SPDX-License-Identifier: MIT */
/* fuzz_names.c - the operator's CSV of names. */
#include <stdlib.h>

#include "fuzz.h"
#include "pki/issue/name_authority.h"

const char *const fuzz_corpus[] = { "fuzz/names/csr.csv", "fuzz/names/spki.csv", NULL };

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	AUTO_STRUCT(name_list) list = NULL;
	struct err e = ERR_INIT;

	if (name_list_read(&list, (struct bytes){ at, len }, &e) < 0 && (e.status != ERR_INPUT || e.what[0] == '\0'))
		abort();
	return 0;
}
