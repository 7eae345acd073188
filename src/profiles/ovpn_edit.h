/* SPDX-License-Identifier: MIT */
/*
 * ovpn_edit.h - Azure's vpnconfig.ovpn line for line, but for the <cert> and <key> blocks.
 *
 * Lines are read as OpenVPN reads them (openvpn(8), "INLINE FILE SUPPORT"), so that nothing hides from the check.
 */
#ifndef PROFILES_OVPN_EDIT_H
#define PROFILES_OVPN_EDIT_H

#include "util/bytes.h"
#include "util/err.h"

/* openvpn(8): a line has at most 255 bytes, its end included. */
#define OVPN_LINE_MAX 255

struct ovpn_edit {
	const char *for_cert, *for_key; /* complete lines with \n that replace the block, "" = nothing */
	const char *at_end;             /* options that are added unless the file has them: one word a line, or "" */
	bool comment_log;               /* `log` becomes a comment (OpenVPN Connect 3 refuses it) */
};

/*
 * Appends the edited file to out; line ends of what is added follow the file's.
 * -1 (ERR_INPUT): not Azure's file (a block is missing, doubled or unended, a line too long, NUL or control
 * characters), an added line too long; (ERR_POLICY) "openvpn-program": an option that runs a program, loads code,
 * reads or writes other files, or opens a port.
 */
int ovpn_edit(struct buf *out, struct bytes ovpn, const struct ovpn_edit *edit, struct err *e) MUST_CHECK;

#endif
