/* SPDX-License-Identifier: MIT */
/* gateway_name.c - see gateway_name.h. */
#include "pki/gateway/gateway_name.h"

#include <string.h>

#include "pki/user_templates.h"

void azure_name(char out[AZURE_NAME_MAX], const struct cert_row *c)
{
	const bool is_foreign = strcmp(c->template_name, IMPORTED_TEMPLATE) == 0 && c->thumbprint[0] != '\0';

	(void)snprintf(out, AZURE_NAME_MAX, "p11ca-%.16s", is_foreign ? c->thumbprint : c->serial);
}

void azure_ca_name(char out[AZURE_CA_NAME_MAX], const char *fingerprint)
{
	(void)snprintf(out, AZURE_CA_NAME_MAX, "p11ca-ca-%.16s", fingerprint);
}
