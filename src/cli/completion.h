/* SPDX-License-Identifier: MIT */
/*
 * completion.h - the tables as bash, for completion/p11ca.in, which has the logic.
 *
 *	@COMMANDS@   array elements: the paths      @OPTIONS@   case rows: PATH -> the options' names
 *	@OPERANDS@   case rows: PATH -> completer   @VALUES@    case rows: PATH OPTION -> completer of its value
 *
 * PATH has a blank after each word.  A completer is a word of values.def, the choices ("pem|der"), or
 * "text" for a value that nothing can complete.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/fill.h"

extern const struct fill_row completion_rows[];

#endif
