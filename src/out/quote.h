/* SPDX-License-Identifier: MIT */
/*
 * quote.h - untrusted text inside other programs' configuration files: one encoder per syntax.
 *
 * All append to out, without a NUL, and are -1 with out unchanged or longer by a part: ERR_INPUT (the syntax cannot
 * carry the text: a control character, or bytes that are not UTF-8 where it demands UTF-8), ERR_INTERNAL (memory).
 * The caller names in err_while() what the text was.
 */
#ifndef OUT_QUOTE_H
#define OUT_QUOTE_H

#include "util/bytes.h"
#include "util/err.h"

/*
 * A quoted value of swanctl.conf, strongswan.conf and ipsec.conf, with the quotes (strongswan.conf(5), "SETTINGS":
 * `\` escapes).  Bytes from 0x80 pass as they are; control characters are refused.
 */
int quote_strongswan(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * A parameter of an OpenVPN option, in double quotes (openvpn(8): `\\` and `\"` inside).  Bytes from 0x80 pass;
 * control characters are refused.  The caller minds the 255 bytes that a line may have.
 */
int quote_openvpn(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * A value of a NetworkManager keyfile (GLib's GKeyFile: `\\`, `\s` for a blank at either end).  UTF-8 only, control
 * characters are refused.
 */
int quote_keyfile(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/* A JSON string with its quotes, by jansson.  UTF-8 only; control characters are escaped, not refused. */
int quote_json(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * One part of a token's or certificate's id as pkcs11-helper serialises it (what `openvpn --show-pkcs11-ids` prints):
 * all but letters, digits and _ = ~ ^ becomes \xNN with upper-case digits.  Carries every byte.
 */
int quote_pkcs11_helper(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/* A code span of Markdown that shows the text as print_safe() does; nothing in it is markup.  Carries every byte. */
int quote_markdown(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/* A word of a POSIX shell, in single quotes (2.2.2).  Bytes from 0x80 pass; control characters are refused. */
int quote_sh(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/*
 * A string of Bicep, in single quotes (data types, strings: `\\`, `\'`, `\$` before a brace, `\u{x}`).  UTF-8 only;
 * control characters are escaped.
 */
int quote_bicep(struct buf *out, const char *text, struct err *e) MUST_CHECK;

/* Base64 in lines of `width` characters (0 = one line), each but an unbroken one ended by eol. */
int quote_base64(struct buf *out, struct bytes b, size_t width, const char *eol, struct err *e) MUST_CHECK;

/* PEM (RFC 7468) with LF: label is "CERTIFICATE" and the like. */
int quote_pem(struct buf *out, const char *label, struct bytes der, struct err *e) MUST_CHECK;

#endif
