/* SPDX-License-Identifier: MIT */
/* uri.h - RFC 7512 URIs, parsed strictly and formatted; a bare word is a token label. */
#ifndef TOKENS_URI_H
#define TOKENS_URI_H

#include "model/token_info.h"
#include "util/cleanup.h"
#include "util/err.h"

struct token_uri;

/*
 * Parses "pkcs11:token=alice;serial=…?pin-source=…", or a bare label.  Refused (ERR_USAGE): an attribute twice,
 * unknown or x- attributes, bad percent-encoding, slot-id that overflows, pin-source and pin-value together,
 * pin-value at all (the text is not repeated), more than 4 KiB.  Nothing is ever taken for a file name.
 */
int uri_parse(struct token_uri **out, const char *text, struct err *e) MUST_CHECK;
void uri_free(struct token_uri *u);
AUTO_STRUCT_DEFINE(token_uri, uri_free);

/* Borrowed, NULL = not given. */
const char *uri_module_path(const struct token_uri *u);
const char *uri_pin_source(const struct token_uri *u);
const char *uri_id_hex(const struct token_uri *u);      /* id=, as lower-case hex */
/* As it was given, without its query; print-safe, no secret. */
const char *uri_text(const struct token_uri *u);

/*
 * The URI of a token (RFC 7512, 2.3: token, manufacturer, serial, model; fields that are empty are left out), and
 * of an object on it.  class_name: "private", "public", "cert", "data", "secret-key"; NULL leaves it out, as
 * id_hex "" does.  Print-safe: everything but unreserved characters is percent-encoded.
 * -1: ERR_INTERNAL (no memory, or size too small), ERR_INPUT (id_hex is no hex).
 */
int uri_format_token(char *out, size_t size, const struct token_info *info, struct err *e) MUST_CHECK;
int uri_format_object(char *out, size_t size, const struct token_info *info, const char *class_name, const char *id_hex,
    struct err *e) MUST_CHECK;

#endif
