/* SPDX-License-Identifier: MIT */
/* key_uri.c - see key_uri.h. */
#include "pki/key_uri.h"

#include "tokens/token.h"

int key_location_uri(struct token_uri **out, const struct key_location *place, struct err *e)
{
	struct token_info info = { .is_initialised = true };
	char text[sizeof(info.uri)];

	(void)snprintf(info.label, sizeof(info.label), "%s", place->token_label);
	(void)snprintf(info.serial, sizeof(info.serial), "%s", place->token_serial);
	(void)snprintf(info.manufacturer, sizeof(info.manufacturer), "%s", place->token_manufacturer);
	(void)snprintf(info.model, sizeof(info.model), "%s", place->token_model);
	return uri_format_token(text, sizeof(text), &info, e) < 0 ? -1 : uri_parse(out, text, e);
}
