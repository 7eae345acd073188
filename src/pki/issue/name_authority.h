/* SPDX-License-Identifier: MIT */
/* name_authority.h - who says what a request is certified as: the operator, never the request (promise 5). */
#ifndef PKI_ISSUE_NAME_AUTHORITY_H
#define PKI_ISSUE_NAME_AUTHORITY_H

#include "model/request_info.h"
#include "pki/pki.h"
#include "util/bytes.h"

struct name_list;                /* of --names */

struct name_authority {
	const char *cn;              /* --cn: this name; NULL */
	const struct name_list *list; /* --names; NULL */
	bool trust;                  /* --trust-names: the request's own commonName, as far as it is one */
	const char *allow;           /* the root's allow-names patterns; "" = none */
	const struct ui *ui;
	bool batch;
};

/*
 * Reads the list: CSV with a header of `csr` (file name, with or without folder) or `spki` (SHA-256 of the
 * SubjectPublicKeyInfo or of the key's value, x509/key/key_value.h, hex), `cn`, and where wanted `device`.
 * -1 (ERR_INPUT): malformed, no such column, one request twice.
 */
int name_list_read(struct name_list **out, struct bytes csv, struct err *e) MUST_CHECK;
void name_list_free(struct name_list *l);
AUTO_STRUCT_DEFINE(name_list, name_list_free);

/*
 * The name for one request: --cn, else the list, else a pattern that its own commonName fits, else that name where
 * it is trusted, else the person is asked.  device is filled from the list where it has one.
 * -1 (ERR_POLICY): "name-not-approved".
 */
int name_authorise(char name[256], char device[65], const struct name_authority *a, const char *file,
    const struct request_info *request, struct err *e) MUST_CHECK;

#endif
