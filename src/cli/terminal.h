/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - lines that a person types on /dev/tty, wherever stdin and stdout go.
 *
 * Prompts are made harmless here (print_safe), so they may hold names from tokens.  All functions are -1:
 * ERR_INTERRUPTED after Ctrl-C, ERR_INPUT when the line does not fit.  A failing call leaves out wiped.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

/* The terminal, to be closed by the caller; -1: there is none (errno says why). */
int terminal_open(void);
/* Writes the prompt and reads a line without its newline into out, NUL-terminated; hidden: no echo. */
int terminal_ask(int fd, const char *prompt, bool hidden, char *out, size_t size, struct err *e) MUST_CHECK;
/* The same line reading from any descriptor, one byte at a time so that the next reader finds the rest. */
int terminal_read_line(int fd, char *out, size_t size, struct err *e) MUST_CHECK;

#endif
