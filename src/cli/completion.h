/* SPDX-License-Identifier: MIT */
/*
 * completion.h - prints the commands and options as text of shells for completion/, whose files contain the logic.
 *
 *	@COMMANDS@   array elements: the paths      @OPTIONS@   case rows: PATH -> the options' names
 *	@OPERANDS@   case rows: PATH -> completer   @VALUES@    case rows: PATH OPTION -> completer of its value
 *	@FISH_COMMANDS@  list elements: the paths   @FISH_OPTIONS@  `complete` commands for all options and operands
 *
 * A space follows each word of PATH. A completer is a word of values.def, the choices ("pem|der"), or
 * "text" for a value that cannot be completed.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/fill.h"

extern const struct fill_row completion_rows[];

#endif
