/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - the terminal: its width and colours, and lines that a person types on /dev/tty, even if stdin and stdout
 * are redirected.
 *
 * Prompts are printed with print_safe(), so they may contain names from tokens. All functions return -1:
 * ERR_INTERRUPTED after Ctrl-C, ERR_INPUT when the line does not fit. A failing call wipes out.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"
#include "util/screen.h"

/*
 * How to write to the descriptor. Width of a terminal: $COLUMNS, otherwise what the terminal reports, otherwise 80.
 * color: "always", "never", or "auto" (also NULL): colours on a terminal unless $NO_COLOR is set or $TERM is "dumb".
 */
struct screen terminal_screen(int fd, const char *color);
/* Opens the terminal; the caller closes it. -1: no terminal (errno). */
int terminal_open(void);
/* Prints the text, wrapped, and `end`. */
void terminal_print(int fd, const char *text, const char *end);
/* Prints the prompt and reads a line without its newline into out, NUL-terminated. hidden: without echo. */
int terminal_ask(int fd, const char *prompt, bool hidden, char *out, size_t size, struct err *e) MUST_CHECK;
/* Reads a line in the same way from any descriptor, byte by byte, so that the rest stays for the next reader. */
int terminal_read_line(int fd, char *out, size_t size, struct err *e) MUST_CHECK;

#endif
