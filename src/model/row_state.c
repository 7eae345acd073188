/* SPDX-License-Identifier: MIT */
/* row_state.c - see row_state.h. */
#include "model/row_state.h"

#include <stdio.h>
#include <string.h>

static const char *const cert_words[N_CERT_STATES] = {
	[CERT_SIGNING] = "signing", [CERT_ISSUED] = "issued", [CERT_REVOKED] = "revoked", [CERT_VOID] = "void",
	[CERT_UNKNOWN] = "unknown"
};
static const char *const key_words[N_KEY_STATES] = {
	[KEY_PLANNED] = "planned", [KEY_MADE] = "made", [KEY_PROVED] = "proved", [KEY_ORPHAN] = "orphan"
};

const char *cert_state_word(enum cert_state state)
{
	return cert_words[state];
}

const char *key_state_word(enum key_state state)
{
	return key_words[state];
}

bool cert_state_is(const char *word, enum cert_state state)
{
	return strcmp(word, cert_words[state]) == 0;
}

bool cert_is(const struct cert_row *row, enum cert_state state)
{
	return cert_state_is(row->state, state);
}

bool key_is(const struct key_row *row, enum key_state state)
{
	return strcmp(row->state, key_words[state]) == 0;
}

static bool row_state_is_in(const char *word, const char *const words[], unsigned n, unsigned set)
{
	for (unsigned i = 1; i < n; i++)
		if ((set & STATE_SET(i)) != 0 && strcmp(word, words[i]) == 0)
			return true;
	return false;
}

bool cert_is_in(const struct cert_row *row, unsigned set)
{
	return row_state_is_in(row->state, cert_words, N_CERT_STATES, set);
}

bool key_is_in(const struct key_row *row, unsigned set)
{
	return row_state_is_in(row->state, key_words, N_KEY_STATES, set);
}

static void row_state_join(char out[STATE_WORDS], const char *const words[], unsigned n, unsigned set)
{
	size_t len = 0;

	out[0] = '\0';
	for (unsigned i = 1; i < n; i++)
		if ((set & STATE_SET(i)) != 0 && len < STATE_WORDS)
			len += (size_t)snprintf(out + len, STATE_WORDS - len, "%s%s", len > 0 ? " " : "", words[i]);
}

void cert_state_words(char out[STATE_WORDS], unsigned set)
{
	row_state_join(out, cert_words, N_CERT_STATES, set);
}

void key_state_words(char out[STATE_WORDS], unsigned set)
{
	row_state_join(out, key_words, N_KEY_STATES, set);
}
