/* SPDX-License-Identifier: MIT */
/* suggest.h - measures how similar two words are, to suggest a command or option. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The number of insertions, deletions, substitutions and swaps of neighbouring bytes that turn a into b (optimal string
 * alignment); texts longer than 63 bytes differ by 64.
 */
unsigned suggest_distance(const char *a, const char *b);
/* Whether `distance` edits of a text of `len` bytes are a likely typing error: one, or one in three bytes. */
bool suggest_is_near(unsigned distance, size_t len);

#endif
