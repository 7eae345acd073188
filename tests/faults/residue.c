/* SPDX-License-Identifier: MIT */
/*
 * residue.c - an LD_PRELOAD library that looks for a secret in the memory of the program that is ending.
 *
 * When the program leaves, every writable mapping is searched: stack, heap, arenas of threads, data of libraries.
 * RESIDUE_LOG receives "scanned N" and a line for each place that still holds the secret.
 * RESIDUE_HEX is the secret in hexadecimal, each byte XOR 0xa5, so that the search does not find its own needle.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MASK 0xa5
#define NEEDLE_MAX 64
#define MAPPINGS_MAX 4096

static unsigned char needle[NEEDLE_MAX];
static size_t needle_len;

static struct mapping {
	const unsigned char *begin, *end;
	char name[200];
} mappings[MAPPINGS_MAX];

static void needle_read(const char *hex)
{
	unsigned value;

	for (; needle_len < NEEDLE_MAX && sscanf(hex, "%2x", &value) == 1; hex += 2)
		needle[needle_len++] = (unsigned char)value;
}

static bool needle_is_at(const unsigned char *data)
{
	for (size_t i = 0; i < needle_len; i++)
		if ((data[i] ^ MASK) != needle[i])
			return false;
	return true;
}

/* The list is read before the search: the search itself maps nothing. */
static size_t mappings_read(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512], mode[8];
	size_t n = 0;

	while (maps != NULL && n < MAPPINGS_MAX && fgets(line, sizeof(line), maps) != NULL) {
		struct mapping *m = &mappings[n];
		uintptr_t begin, end;

		m->name[0] = '\0';
		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %199[^\n]", &begin, &end, mode, m->name) < 3 ||
		    strncmp(mode, "rw", 2) != 0)
			continue;
		m->begin = (const unsigned char *)begin;
		m->end = (const unsigned char *)end;
		n++;
	}
	if (maps != NULL)
		(void)fclose(maps);
	return n;
}

__attribute__((destructor)) static void residue_search(void)
{
	const char *hex = getenv("RESIDUE_HEX"), *path = getenv("RESIDUE_LOG");
	FILE *log = hex != NULL && path != NULL ? fopen(path, "a") : NULL;
	size_t n;

	if (log == NULL)
		return;
	needle_read(hex);
	n = mappings_read();
	fprintf(log, "scanned %zu\n", n);
	for (size_t i = 0; i < n; i++)
		for (const unsigned char *p = mappings[i].begin; p + needle_len <= mappings[i].end; p++)
			if (needle_is_at(p))
				fprintf(log, "found %p in %s\n", (const void *)p, mappings[i].name);
	(void)fclose(log);
}
