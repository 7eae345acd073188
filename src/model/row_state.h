/* SPDX-License-Identifier: MIT */
/* row_state.h - the states of certificates and keys, and the words that the ledger stores for them. */
#ifndef MODEL_ROW_STATE_H
#define MODEL_ROW_STATE_H

#include <stdbool.h>

#include "model/ledger_rows.h"

enum cert_state { CERT_ANY, CERT_SIGNING, CERT_ISSUED, CERT_REVOKED, CERT_VOID, CERT_UNKNOWN, N_CERT_STATES };
enum key_state { KEY_ANY, KEY_PLANNED, KEY_MADE, KEY_PROVED, KEY_ORPHAN, N_KEY_STATES };

/* "issued" and so on: the words of the column `state`. NULL for CERT_ANY and KEY_ANY, which only queries use. */
const char *cert_state_word(enum cert_state state);
const char *key_state_word(enum key_state state);

bool cert_is(const struct cert_row *row, enum cert_state state);
bool key_is(const struct key_row *row, enum key_state state);
/* The same for a word on its own. */
bool cert_state_is(const char *word, enum cert_state state);

/* Sets of states: STATE_SET(CERT_SIGNING) | STATE_SET(CERT_ISSUED). */
#define STATE_SET(state) (1U << (state))
bool cert_is_in(const struct cert_row *row, unsigned set);
bool key_is_in(const struct key_row *row, unsigned set);
/* Writes the words of a set of states, separated by spaces. */
#define STATE_WORDS 64
void cert_state_words(char out[STATE_WORDS], unsigned set);
void key_state_words(char out[STATE_WORDS], unsigned set);

#endif
