/* SPDX-License-Identifier: MIT */
/* templates.c - see templates.h. */
#include "x509/templates.h"

#include <string.h>

#include "model/key_spec.h"
#include "util/array.h"

#define BIT(type) (1U << KEY_##type)
#define OID_SMARTCARD_LOGON "1.3.6.1.4.1.311.20.2.2" /* Microsoft, szOID_KP_SMARTCARD_LOGON */
#define AZURE_RSA_ONLY \
	"every certificate recipe of Azure VPN Gateway is RSA, and no other key is known to connect"
#define CMS_KEYS "readers of CMS agree on RSA and EC keys only"
#define ANY_KNOWN_KEY "the keys taken are RSA, EC on P-256, P-384 or P-521, and Ed25519"

static const struct cert_template rows[] = {
#define TEMPLATE(n, ...) { .name = (n), __VA_ARGS__ },
#include "x509/templates.def"
#undef TEMPLATE
};
#define N_ROWS ARRAY_LEN(rows)

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
	(void)err_set(e, ERR_NOT_FOUND, "no template is called '%s'", name);
	return err_rule(e, "template-not-found", names_hint);
}

int template_check_key(const struct cert_template *t, const struct key_spec *key, const char *key_name, struct err *e)
{
	if ((t->key_types & 1U << key->type) == 0 || key->type == KEY_OTHER) {
		(void)err_set(e, ERR_POLICY, "template %s does not certify %s keys: %s", t->name,
		    key_name != NULL ? key_name : "such", t->why_not);
		return err_rule(e, "template-key-type",
		    "choose another key, or --template vpn-root or vpn-client for gateways other than Azure's");
	}
	if (key->type == KEY_RSA && key->bits < t->min_rsa_bits) {
		(void)err_set(e, ERR_POLICY, "template %s requires RSA keys of %u bits or more, this key has "
		    "%u", t->name,
		    t->min_rsa_bits, key->bits);
		return err_rule(e, "template-key-size", "make a larger key");
	}
	return 0;
}

int template_check_cn(const struct cert_template *t, enum cn_kind *out, const char *cn, struct err *e)
{
	enum cn_kind kind;

	if (name_check_cn(&kind, cn, e) < 0)
		return -1;
	if (t->is_cn_host && kind != CN_HOST) {
		(void)err_set(e, ERR_POLICY, "template %s requires a host name, not '%s'", t->name, cn);
		return err_rule(e, "template-name", "give the machine's host name");
	}
	if (t->has_upn && kind != CN_EMAIL) {
		(void)err_set(e, ERR_POLICY, "template %s requires name@domain, not '%s'", t->name, cn);
		return err_rule(e, "template-name", "give the user's principal name, such as alice@contoso.com");
	}
	*out = kind;
	return 0;
}
