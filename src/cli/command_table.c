/* SPDX-License-Identifier: MIT */
/* command_table.c - the array of all commands, made from commands.def. */
#include "cli/command.h"

const struct command *const command_table[] = {
#define COMMAND(id) &cmd_##id,
#include "cli/commands.def"
#undef COMMAND
	NULL,
};
