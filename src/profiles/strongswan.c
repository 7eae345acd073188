/* SPDX-License-Identifier: MIT */
/* strongswan.c - see strongswan.h. */
#include "profiles/strongswan.h"

#include <string.h>

#include "out/quote.h"
#include "profiles/files.h"
#include "profiles/text.h"

const char strongswan_ike[] = "aes256gcm16-prfsha384-modp2048,aes256gcm16-prfsha256-modp2048,"
			      "aes256-sha384-modp2048,aes256-sha256-modp2048,"
			      "aes256gcm16-prfsha384-ecp384,aes256gcm16-prfsha256-ecp256,aes256-sha256-ecp256";
/* With and without a DH group: the group is used only for rekeying, and custom policies differ. */
const char strongswan_esp[] = "aes256gcm16-modp2048,aes256gcm16,aes256-sha256-modp2048,aes256-sha256";

int strongswan_routes(struct buf *out, const struct vpn_profile *p, const char *separator, struct err *e)
{
	if (p->package->n_routes == 0)
		return profile_add(out, e, "0.0.0.0/0");
	if (p->package->n_routes > STRONGSWAN_TS_MAX)
		return err_set(e, ERR_INPUT, "the package has %u routes; IKEv2 carries at most %d",
		    p->package->n_routes, STRONGSWAN_TS_MAX);
	for (unsigned i = 0; i < p->package->n_routes; i++)
		if (profile_add(out, e, "%s%s", i > 0 ? separator : "", p->package->routes[i].text) < 0)
			return -1;
	return 0;
}

/*
 * strongSwan guesses the type of an identity from its text unless a prefix states the type; it takes a UPN for an RFC
 * 822 name.
 */
static const char *id_type(const struct vpn_profile *p)
{
	static const char *const types[] = { [SAN_DNS] = "fqdn:", [SAN_EMAIL] = "email:", [SAN_UPN] = "email:" };

	for (unsigned i = 0; i < p->cert_info->n_sans; i++) {
		const struct san *san = &p->cert_info->sans[i];

		if (san->type < SAN_OTHER && strcmp(san->text, p->local_id) == 0)
			return types[san->type];
	}
	return NULL;
}

int strongswan_local_id(struct buf *out, const struct vpn_profile *p, const char *indent, const char *key,
    struct err *e)
{
	AUTO_VALUE(buf) id = { 0 };
	const char *type = id_type(p);

	if (type == NULL)
		return 0;
	if (profile_add(&id, e, "%s%s%c", type, p->local_id, '\0') < 0)
		return -1;
	if (profile_add(out, e, "%s%s = ", indent, key) < 0 || quote_strongswan(out, (const char *)id.data, e) < 0)
		return err_while(e, "writing the client's identity");
	return profile_add(out, e, "\n");
}

int strongswan_module(struct profile_files *out, const struct vpn_profile *p, const char *daemon, const char *pattern,
    bool load_certs, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	char stem[PROFILE_STEM];

	if (p->module_path == NULL || p->module_path[0] == '\0')
		return err_set(e, ERR_INPUT, "the PKCS#11 module of the client's machine is not stated");
	profile_stem(stem, p);
	if (profile_add(&text, e, "# The PKCS#11 module that holds the key of %s.\n", stem) < 0 ||
	    profile_add(&text, e, "%s {\n\tplugins {\n\t\tpkcs11 {\n\t\t\tmodules {\n\t\t\t\t%s {\n", daemon, stem) <
		0 ||
	    profile_add(&text, e, "\t\t\t\t\tpath = ") < 0)
		return -1;
	if (quote_strongswan(&text, p->module_path, e) < 0)
		return err_while(e, "writing the module's path");
	if (profile_add(&text, e, "\n\t\t\t\t\tload_certs = %s\n\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n}\n",
		load_certs ? "yes" : "no") < 0)
		return -1;
	return profile_file(out, p, pattern, &text, false, e);
}

int strongswan_check_id(const struct vpn_profile *p, struct err *e)
{
	size_t len = p->cka_id != NULL ? strlen(p->cka_id) : 0;

	if (len == 0 || len % 2 != 0 || strspn(p->cka_id, "0123456789abcdef") != len)
		return err_set(e, ERR_INPUT, "the key's CKA_ID is missing or not lower-case hex");
	return 0;
}
