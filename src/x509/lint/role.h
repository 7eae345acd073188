/* SPDX-License-Identifier: MIT */
/* role.h - what a certificate is meant to be: rules for issuers and for clients differ. */
#ifndef X509_LINT_ROLE_H
#define X509_LINT_ROLE_H

#include <stdbool.h>

#include "model/cert_info.h"

/*
 * It issues others: it says so (basicConstraints, keyCertSign), or it is self-issued and claims no purpose, as roots
 * of Azure's PowerShell and MakeCert recipes, which have no basicConstraints.
 */
bool role_is_ca(const struct cert_info *c);
/*
 * A client's certificate, or one for a CA's key change, whose issuer has the same name and another key: by its key
 * identifiers, or because its own key did not sign it.
 */
bool role_has_issuer_name(const struct cert_info *c);
bool role_has_eku(const struct cert_info *c, const char *oid);

#endif
