/* SPDX-License-Identifier: MIT */
/* run.c - feeds a target its corpus and changed copies of it, always the same ones, and says so in TAP. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "util/file.h"
#include "util/text.h"

#define FILE_MAX (1U << 20)

static uint32_t state;

/* Numerical Recipes' generator: the same everywhere, so that a crash comes again. */
static uint32_t draw(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/* Changes bytes, cuts, or repeats a piece. */
static void change(struct buf *b)
{
	static const char interesting[] = "<>/&\"'!-[]\0\377 ,=:";
	struct err e = ERR_INIT;
	size_t at = draw((uint32_t)b->len), n = draw((uint32_t)(b->len - at)) % 64;

	switch (draw(4)) {
	case 0:
		b->data[at] = (unsigned char)draw(256);
		break;
	case 1:
		b->data[at] = (unsigned char)interesting[draw(sizeof(interesting) - 1)];
		break;
	case 2:
		memmove(b->data + at, b->data + at + n, b->len - at - n);
		b->len -= n < b->len ? n : 0;
		break;
	default:
		for (size_t i = 0; i < n && b->len < FILE_MAX; i++)
			if (buf_add(b, &(unsigned char){ b->data[at + i] }, 1, &e) < 0)
				abort();
	}
}

/* Fewer where each takes long: under valgrind. */
static uint32_t rounds(void)
{
	const char *text = getenv("FUZZ_ROUNDS");
	unsigned n = 400;

	return text != NULL && text_to_unsigned(text, &n) ? n : 400;
}

static int run(const char *name)
{
	AUTO_VALUE(buf) seed = { 0 };
	const char *folder = getenv("srcdir");
	struct err e = ERR_INIT;
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/tests/%s", folder != NULL ? folder : ".", name);
	if (file_read(&seed, path, FILE_MAX, &e) < 0 || seed.len == 0)
		return -1;
	(void)LLVMFuzzerTestOneInput(seed.data, seed.len);
	for (uint32_t round = 0; round < rounds(); round++) {
		AUTO_VALUE(buf) copy = { 0 };

		state = round;
		if (buf_add(&copy, seed.data, seed.len, &e) < 0)
			return -1;
		for (uint32_t k = 0; k < 1 + round % 8 && copy.len > 8; k++)
			change(&copy);
		(void)LLVMFuzzerTestOneInput(copy.data, copy.len);
	}
	return 0;
}

int main(void)
{
	int failed = 0, n = 0;

	for (; fuzz_corpus[n] != NULL; n++) {
		int result = run(fuzz_corpus[n]);

		(void)printf("%sok %d - %s and %u changed copies\n", result < 0 ? "not " : "", n + 1, fuzz_corpus[n],
		    rounds());
		failed |= result;
	}
	(void)printf("1..%d\n", n);
	return failed != 0;
}
