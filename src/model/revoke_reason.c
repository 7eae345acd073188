/* SPDX-License-Identifier: MIT */
/* revoke_reason.c - see revoke_reason.h. */
#include "model/revoke_reason.h"

#include <string.h>

#include "util/array.h"

static const struct row {
	const char *word;
	int code;
} rows[] = {
#define REVOKE_REASON(word, code, use, end) { word, code },
#include "model/revoke_reason.def"
#undef REVOKE_REASON
};
#define N_ROWS ARRAY_LEN(rows)

int revoke_reason_code(const char *word)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].code;
	return -1;
}

const char *revoke_reason_word(int code)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].code == code)
			return rows[i].word;
	return NULL;
}

const char *revoke_reason_at(size_t i)
{
	return i < N_ROWS ? rows[i].word : NULL;
}
