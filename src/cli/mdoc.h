/* SPDX-License-Identifier: MIT */
/*
 * mdoc.h - prints the command tables as mdoc(7), for the generated parts of the manual pages.
 *
 *	@SYNOPSIS token list@    the usage line          @OPTIONS token list@   its own options and its groups
 *	@SUMMARY token list@     its description         @JSON token list@      its output fields
 *	@COMMANDS token@         a subsection with all of these for each command of the noun
 *	@GLOBAL@                 options for all         @EXIT@                 exit statuses
 */
#ifndef CLI_MDOC_H
#define CLI_MDOC_H

#include "cli/fill.h"

extern const struct fill_row mdoc_rows[];

#endif
