/* SPDX-License-Identifier: MIT */
/* role.c - see role.h. */
#include "x509/lint/role.h"

#include <openssl/x509v3.h>
#include <string.h>

bool role_is_ca(const struct cert_info *c)
{
	return c->is_ca || (c->has_key_usage && (c->key_usage & KU_KEY_CERT_SIGN) != 0) ||
	    (c->is_self_issued && !c->has_basic_constraints && c->n_eku == 0);
}

bool role_has_issuer_name(const struct cert_info *c)
{
	const bool is_other_key = c->aki[0] != '\0' && strcmp(c->aki, c->ski) != 0;

	return c->is_self_issued && (is_other_key || (!role_is_ca(c) && !c->is_self_signed));
}

bool role_has_eku(const struct cert_info *c, const char *oid)
{
	for (unsigned i = 0; i < c->n_eku; i++)
		if (strcmp(c->eku[i], oid) == 0)
			return true;
	return false;
}
