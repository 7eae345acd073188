/* SPDX-License-Identifier: MIT */
/* templates.c - see templates.h. */
#include "x509/templates.h"

#include <string.h>

#include "model/key_spec.h"

#define BIT(type) (1U << KEY_##type)
#define OID_SMARTCARD_LOGON "1.3.6.1.4.1.311.20.2.2" /* Microsoft, szOID_KP_SMARTCARD_LOGON */
#define AZURE_RSA_ONLY \
	"every certificate recipe of Azure VPN Gateway is RSA, and no other key is known to connect"
#define ANY_KNOWN_KEY "the keys taken are RSA, EC on P-256, P-384 or P-521, and Ed25519"

static const struct cert_template rows[] = {
#define TEMPLATE(n, ...) { .name = (n), __VA_ARGS__ },
#include "x509/templates.def"
#undef TEMPLATE
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

#define TEMPLATE(n, ...) " " n
static const char names_hint[] = "the templates are:"
#include "x509/templates.def"
    ;
#undef TEMPLATE

const struct cert_template *template_at(size_t i)
{
	return i < N_ROWS ? &rows[i] : NULL;
}

int template_find(const struct cert_template **out, const char *name, struct err *e)
{
	for (size_t i = 0; i < N_ROWS; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*out = &rows[i];
			return 0;
		}
	}
	(void)err_set(e, ERR_USAGE, "no template is called '%s'", name);
	e->hint = names_hint;
	return -1;
}
