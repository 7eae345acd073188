/* SPDX-License-Identifier: MIT */
/* token_ref.h - the object `token` in records that name a token: the same members everywhere. */
#ifndef PKI_TOKEN_REF_H
#define PKI_TOKEN_REF_H

#include "model/ledger_rows.h"
#include "model/token_info.h"
#include "out/out.h"

/* Texts are borrowed; NULL or "": not known. */
struct token_ref {
	const char *label, *serial, *manufacturer, *model, *uri;
};
struct token_ref token_ref_of_info(const struct token_info *info);
struct token_ref token_ref_of_location(const struct key_location *location); /* without a URI */

/* Fields for OUT_OBJECT, of the same members; as text a token is its label and serial, its serial, or its URI. */
extern const struct out_field token_ref_fields[], token_ref_by_label[], token_ref_by_serial[], token_ref_by_uri[];

#endif
