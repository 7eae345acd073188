/* SPDX-License-Identifier: MIT */
/* sample_commands.h - a command table for the tests of the infrastructure; it stands in for the real one. */
#ifndef TESTS_UNIT_CLI_SAMPLE_COMMANDS_H
#define TESTS_UNIT_CLI_SAMPLE_COMMANDS_H

#include "cli/command.h"

struct sample_args {
	const char *cn, *format;
	struct opt_list chain;
	struct key_spec key;
	unsigned days;
};

/* What the last run of a sample command was given. */
struct sample_seen {
	struct app app;
	struct sample_args args;
	char operands[4][40];
	unsigned runs;
};
extern struct sample_seen sample_seen;
extern int sample_result; /* what run() returns; -1 fills e */

#endif
