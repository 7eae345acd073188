/* SPDX-License-Identifier: MIT */
/* list_format.h - prints a list in the format of the option --format, for commands that have one. */
#ifndef CLI_LIST_FORMAT_H
#define CLI_LIST_FORMAT_H

#include "cli/command.h"

typedef int list_print_fn(struct out *o, void *arg, struct err *e);
/*
 * Calls print(): with the command's own output if --json is given or format is NULL, otherwise with an output in that
 * format (of formats.def) on standard output. Returns what print() returns, or -1 if the output fails.
 */
int list_print_as(struct app *app, const char *format, list_print_fn *print, void *arg, struct err *e) MUST_CHECK;

#endif
