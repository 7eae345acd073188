/* SPDX-License-Identifier: MIT */
/* ovpn.h - OpenVPN/vpnconfig.ovpn, line by line. */
#ifndef AZURE_OVPN_H
#define AZURE_OVPN_H

#include <stdbool.h>

#include "util/bytes.h"

/* Takes the next line off rest, without CR and LF.  False: none left. */
bool ovpn_next_line(struct bytes *rest, struct bytes *line);
/* The line is word, or word and a blank. */
bool ovpn_is(struct bytes line, const char *word);

#endif
