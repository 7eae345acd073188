/* SPDX-License-Identifier: MIT */
/* evidence.c - see evidence.h. */
#include "model/evidence.h"

#include <stddef.h>
#include <string.h>

#include "util/array.h"

static const char *const words[] = {
	[EVIDENCE_NOT_STATED] = "not stated", [EVIDENCE_NO] = "no", [EVIDENCE_YES] = "yes",
	[EVIDENCE_ATTESTED] = "attested",
};

const char *evidence_text(enum evidence v)
{
	return words[v];
}

bool evidence_parse(enum evidence *out, const char *text)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], text) == 0) {
			*out = (enum evidence)i;
			return true;
		}
	}
	return false;
}
