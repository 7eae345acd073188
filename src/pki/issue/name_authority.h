/* SPDX-License-Identifier: MIT */
/* name_authority.h - decides the name in a certificate by the operator's options, never by the request alone. */
#ifndef PKI_ISSUE_NAME_AUTHORITY_H
#define PKI_ISSUE_NAME_AUTHORITY_H

#include "model/request_info.h"
#include "pki/pki.h"
#include "util/bytes.h"

struct name_list;                /* of --names */

struct name_authority {
	const char *cn;              /* --cn: this name; NULL */
	const struct name_list *list; /* --names; NULL */
	bool trust;                  /* --trust-names: accept the request's own commonName if it is valid */
	const char *allow;           /* the root's allow-names patterns; "" = none */
	const struct ui *ui;
	bool batch;
};

/*
 * Reads the list: CSV with a header of `csr` (file name, with or without folder) or `spki` (SHA-256 of the
 * SubjectPublicKeyInfo or of the key's value, x509/key/key_value.h, hex), `cn`, and optionally `device`.
 * -1 (ERR_INPUT): malformed, unknown column, a repeated request.
 */
int name_list_read(struct name_list **out, struct bytes csv, struct err *e) MUST_CHECK;
void name_list_free(struct name_list *l);
AUTO_STRUCT_DEFINE(name_list, name_list_free);

/*
 * Compares the list with the request files. Warns of entries whose file is not among them ("names-unused").
 * -1 (ERR_POLICY, "name-file-ambiguous"): one entry without a folder stands for two files.
 */
int name_list_check_files(const struct name_list *l, char *const files[], size_t n_files, const struct ui *ui,
    struct err *e) MUST_CHECK;

/*
 * The name for one request: --cn, else from the list, else its own commonName if a pattern matches or --trust-names
 * is given, else asked. device is filled from the list if given there.
 * -1 (ERR_POLICY): "name-not-approved".
 */
int name_authorise(char name[256], char device[65], const struct name_authority *a, const char *file,
    const struct request_info *request, struct err *e) MUST_CHECK;

#endif
