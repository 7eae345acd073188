/* SPDX-License-Identifier: MIT */
/* role.h - the role of a certificate (issuer or client), because rules for issuers and clients differ. */
#ifndef X509_LINT_ROLE_H
#define X509_LINT_ROLE_H

#include <stdbool.h>

#include "model/cert_info.h"

/*
 * Whether the certificate is an issuer: basicConstraints and keyCertSign say so, or it is self-issued without a
 * purpose, like roots of Azure's PowerShell and MakeCert recipes, which have no basicConstraints.
 */
bool role_is_ca(const struct cert_info *c);
/*
 * Whether the certificate is a client's, or one for a CA's key change, whose issuer has the same name and another
 * key: by its key identifiers, or because its own key did not sign it.
 */
bool role_has_issuer_name(const struct cert_info *c);
bool role_has_eku(const struct cert_info *c, const char *oid);

#endif
