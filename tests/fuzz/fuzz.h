/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - one target per parser.  run.c feeds it the corpus and changed copies of it in `make check`; libFuzzer does
 * it better: clang -fsanitize=fuzzer,address with the target and the component's library instead of run.c.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len); /* libFuzzer's name; returns 0 */
extern const char *const fuzz_corpus[];                    /* files below tests/, NULL-ended */

#endif
