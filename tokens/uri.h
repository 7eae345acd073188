/* SPDX-License-Identifier: MIT */
/* uri.h - strictly parses and formats RFC 7512 URIs; a word without "pkcs11:" is a token label. */
#ifndef TOKENS_URI_H
#define TOKENS_URI_H

#include "model/token_info.h"
#include "util/cleanup.h"
#include "util/err.h"

struct token_uri;

/*
 * Parses "pkcs11:token=alice;serial=…?pin-source=…", or a bare label. Refused (ERR_USAGE): repeated attributes,
 * unknown or x- attributes, bad percent-encoding, slot-id that overflows, pin-source and pin-value together,
 * pin-value (the message does not show the text), more than 4 KiB. The text is never used as a file name.
 */
int uri_parse(struct token_uri **out, const char *text, struct err *e) MUST_CHECK;
void uri_free(struct token_uri *u);
AUTO_STRUCT_DEFINE(token_uri, uri_free);

/* Borrowed, NULL = not given. */
const char *uri_module_path(const struct token_uri *u);
const char *uri_pin_source(const struct token_uri *u);
const char *uri_id_hex(const struct token_uri *u);      /* id=, as lower-case hex */
/* The URI as given, without its query; safe to print, no secret. */
const char *uri_text(const struct token_uri *u);

/*
 * The URI of a token (RFC 7512, 2.3: token, manufacturer, serial, model; empty fields are omitted), and
 * of an object on it. class_name: "private", "public", "cert", "data", "secret-key"; NULL omits it, as
 * id_hex "" does. Safe to print: everything but unreserved characters is percent-encoded.
 * -1: ERR_INTERNAL (no memory, or size too small), ERR_INPUT (id_hex is not hex).
 */
int uri_format_token(char *out, size_t size, const struct token_info *info, struct err *e) MUST_CHECK;
int uri_format_object(char *out, size_t size, const struct token_info *info, const char *class_name, const char *id_hex,
    struct err *e) MUST_CHECK;

#endif
