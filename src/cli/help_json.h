/* SPDX-License-Identifier: MIT */
/*
 * help_json.h - prints the command tables and the version as JSON: --json with --help or --version.
 *
 * All functions open app->out, which the caller closes. -1: ERR_OUTPUT, ERR_INTERNAL.
 */
#ifndef CLI_HELP_JSON_H
#define CLI_HELP_JSON_H

#include "cli/command.h"

int help_json_command(struct app *app, const struct command *cmd, struct err *e) MUST_CHECK;
/* The commands whose path begins with the words. */
int help_json_program(struct app *app, int n_words, char *const words[], struct err *e) MUST_CHECK;
int help_json_version(struct app *app, struct err *e) MUST_CHECK;

/* The members that they print. */
extern const struct command_prints help_json_prints[], help_json_version_prints[];

#endif
