/* SPDX-License-Identifier: MIT */
/* user_templates.h - the user's own certificate templates: INI files in the home, based on built-in templates. */
#ifndef PKI_USER_TEMPLATES_H
#define PKI_USER_TEMPLATES_H

#include "out/out.h"
#include "pki/pki.h"
#include "x509/templates.h"

#define IMPORTED_TEMPLATE "imported" /* of a certificate that was made without p11ca: no template of that name exists */

struct user_template {
	struct cert_template t;      /* name and summary point to the members below, the rest is static */
	char name[33], summary[81];
};

/*
 * Reads HOME/templates/NAME.ini, or any file of that form: `base` first (a built-in template for clients), then
 * summary, days, keys, min-rsa-bits, extended-key-usage, user-principal-name, host-names-only. A template may be
 * stricter than its base, never weaker. -1: ERR_INPUT with file and line (unknown key, wrong value, given twice),
 * ERR_OUTPUT.
 */
int user_template_read(struct user_template *out, const char *path, const struct trust_rule *rule, struct err *e)
    MUST_CHECK;

/*
 * Finds a built-in template, or one of the home; valid while p is open. -1: ERR_NOT_FOUND, or as
 * user_template_read().
 */
int pki_template_find(const struct cert_template **out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* Calls fn for every template: the built-in ones, then the home's by name. */
typedef int template_fn(const struct cert_template *t, void *arg, struct err *e);
int pki_each_template(struct pki *p, template_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * Applies the root's section of p11ca.conf for its clients if the command line gave no value (*template NULL, *days
 * 0); without either azure-client, and days stay 0.
 * -1 (ERR_USAGE): unknown template, or one for roots or the ledger.
 */
int pki_client_defaults(struct pki *p, const char *root, const struct cert_template **template, unsigned *days,
    struct err *e) MUST_CHECK;

/* Prints record "template". */
int template_print(const struct cert_template *t, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field template_fields[];

#endif
