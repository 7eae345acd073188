/* SPDX-License-Identifier: MIT */
/* suggest.c - see suggest.h. */
#include "cli/suggest.h"

#include <string.h>

#define SUGGEST_MAX 63

static unsigned suggest_least(unsigned a, unsigned b, unsigned c)
{
	const unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

unsigned suggest_distance(const char *a, const char *b)
{
	const size_t n = strlen(a), m = strlen(b);
	unsigned rows[3][SUGGEST_MAX + 1], *before = rows[0], *above = rows[1], *row = rows[2];

	if (n > SUGGEST_MAX || m > SUGGEST_MAX)
		return SUGGEST_MAX + 1;
	for (unsigned j = 0; j <= m; j++)
		row[j] = above[j] = j;
	for (unsigned i = 1; i <= n; i++) {
		unsigned *oldest = before;

		before = above;
		above = row;
		row = oldest;
		row[0] = i;
		for (size_t j = 1; j <= m; j++) {
			const bool is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];

			row[j] = suggest_least(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
			if (is_swap && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
	}
	return row[m];
}

bool suggest_is_near(unsigned distance, size_t len)
{
	return distance <= (len < 6 ? 1 : len / 3);
}
