/* SPDX-License-Identifier: MIT */
/* token_ref.c - see token_ref.h. */
#include "pki/token_ref.h"

#include "util/text.h"

#define TOKEN_REF_FIELDS(label_heading, serial_heading, uri_heading)                                             \
	{                                                                                                        \
		{ OUT_TEXT("label", label_heading, struct token_ref, label), .help = "label of the token" },     \
		{ OUT_TEXT("serial", serial_heading, struct token_ref, serial), .help = "its serial number" },   \
		{ OUT_TEXT("manufacturer", NULL, struct token_ref, manufacturer), .help = "its manufacturer" },  \
		{ OUT_TEXT("model", NULL, struct token_ref, model), .help = "its model" },                       \
		{ OUT_TEXT("uri", uri_heading, struct token_ref, uri), .help = "RFC 7512; null: not known" },    \
		{ .key = NULL },                                                                                 \
	}

const struct out_field token_ref_fields[] = TOKEN_REF_FIELDS("Label", "Serial", NULL);
const struct out_field token_ref_by_label[] = TOKEN_REF_FIELDS("Label", NULL, NULL);
const struct out_field token_ref_by_serial[] = TOKEN_REF_FIELDS(NULL, "Serial", NULL);
const struct out_field token_ref_by_uri[] = TOKEN_REF_FIELDS(NULL, NULL, "URI");

struct token_ref token_ref_of_info(const struct token_info *info)
{
	return (struct token_ref){ .label = text_or_null(info->label), .serial = text_or_null(info->serial),
		.manufacturer = text_or_null(info->manufacturer), .model = text_or_null(info->model),
		.uri = text_or_null(info->uri) };
}

struct token_ref token_ref_of_location(const struct key_location *location)
{
	return (struct token_ref){ .label = text_or_null(location->token_label),
		.serial = text_or_null(location->token_serial),
		.manufacturer = text_or_null(location->token_manufacturer),
		.model = text_or_null(location->token_model) };
}
