/* SPDX-License-Identifier: MIT */
/* user_templates.h - templates of the user's own: INI files in the home, each a built-in one with changes. */
#ifndef PKI_USER_TEMPLATES_H
#define PKI_USER_TEMPLATES_H

#include "out/out.h"
#include "pki/pki.h"
#include "x509/templates.h"

#define IMPORTED_TEMPLATE "imported" /* of a certificate that was made without p11ca: no template of that name exists */

struct user_template {
	struct cert_template t;      /* its name and summary are those below, the rest is static */
	char name[33], summary[81];
};

/*
 * Reads HOME/templates/NAME.ini, or any file of that form: `base` first (a built-in template for clients), then
 * summary, days, keys, min-rsa-bits, extended-key-usage, user-principal-name, host-names-only.  It may ask for more
 * than its base, never for less.  -1: ERR_INPUT with file and line (unknown key, wrong value, given twice), ERR_OUTPUT.
 */
int user_template_read(struct user_template *out, const char *path, const struct trust_rule *rule, struct err *e)
    MUST_CHECK;

/* A built-in template, or the home's own; it lives as long as p.  -1: ERR_USAGE (none), or as user_template_read(). */
int pki_template_find(const struct cert_template **out, struct pki *p, const char *name, struct err *e) MUST_CHECK;
/* Every one: the built-in, then the home's by name. */
typedef int template_fn(const struct cert_template *t, void *arg, struct err *e);
int pki_each_template(struct pki *p, template_fn *fn, void *arg, struct err *e) MUST_CHECK;

/*
 * What root's section in p11ca.conf says of its clients' certificates where the command line said nothing (*template
 * NULL, *days 0); without either azure-client, and days stay 0.
 * -1 (ERR_USAGE): no such template, or one for roots or the ledger.
 */
int pki_client_defaults(struct pki *p, const char *root, const struct cert_template **template, unsigned *days,
    struct err *e) MUST_CHECK;

/* Record "template". */
int template_print(const struct cert_template *t, struct out *o, struct err *e) MUST_CHECK;
extern const struct out_field template_fields[];

#endif
