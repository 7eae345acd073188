/* SPDX-License-Identifier: MIT */
/*
 * quote.h - quotes untrusted text for configuration files of other programs: one encoder per syntax.
 *
 * All functions append to out, without a NUL. -1 with out unchanged or longer by a part: ERR_INPUT (the syntax cannot
 * express the text: a control character, or bytes that are not UTF-8 where UTF-8 is required), ERR_INTERNAL (memory).
 * The caller names the text by err_while().
 */
#ifndef OUT_QUOTE_H
#define OUT_QUOTE_H

#include "util/bytes.h"
#include "util/err.h"

/*
 * A quoted value of swanctl.conf, strongswan.conf and ipsec.conf, with the quotes (strongswan.conf(5), "SETTINGS":
 * `\` escapes). Bytes from 0x80 on are copied; control characters are refused.
 */
int quote_strongswan(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * A parameter of an OpenVPN option, in double quotes (openvpn(8): `\\` and `\"` inside). Bytes from 0x80 on are
 * copied; control characters are refused. The caller checks the limit of 255 bytes per line.
 */
int quote_openvpn(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * A value of a NetworkManager keyfile (GLib's GKeyFile: `\\`, `\s` for a space at either end). UTF-8 only, control
 * characters are refused.
 */
int quote_keyfile(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/* A JSON string with its quotes, by jansson. UTF-8 only; control characters are escaped. */
int quote_json(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * One part of a token's or certificate's id as pkcs11-helper serialises it (`openvpn --show-pkcs11-ids` prints it):
 * all but letters, digits and _ = ~ ^ becomes \xNN with upper-case digits. Any byte is allowed.
 */
int quote_pkcs11_helper(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/* A word of a POSIX shell, in single quotes (2.2.2). Bytes from 0x80 on are copied; control characters are refused. */
int quote_sh(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * A string of Bicep, in single quotes (data types, strings: `\\`, `\'`, `\$` before a brace, `\u{x}`).  UTF-8 only;
 * control characters are escaped.
 */
int quote_bicep(struct buf *out, const char *text, struct err *e) MUST_CHECK;

#endif
