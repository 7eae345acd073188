/* SPDX-License-Identifier: MIT */
/* sswan.c - writes a profile for strongSwan's Android app, with the encrypted PKCS#12 inside. */
#include "out/quote.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/profile.h"
#include "profiles/strongswan.h"
#include "profiles/text.h"
#include "util/base64.h"

static int add_member(struct buf *out, const char *key, const char *value, const char *after, struct err *e)
{
	if (profile_add(out, e, "\"%s\": ", key) < 0 || quote_json(out, value, e) < 0)
		return err_while(e, "writing '%s'", key);
	return profile_add(out, e, "%s", after);
}

static int add_base64(struct buf *out, const char *key, struct bytes b, struct err *e)
{
	if (profile_add(out, e, ",\n    \"%s\": \"", key) < 0 || base64_encode(out, b, 0, "", e) < 0)
		return -1;
	return profile_add(out, e, "\"");
}

/*
 * The app accepts one root. With several roots (Microsoft is changing roots) the app uses Android's store, which
 * contains them.
 */
static int sswan_add_remote(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	const struct package *package = p->package;

	if (profile_add(out, e, "  \"remote\": {\n    ") < 0 ||
	    add_member(out, "addr", package->server, ",\n    ", e) < 0 ||
	    add_member(out, "id", package->server, "", e) < 0 ||
	    (package->n_roots == 1 && add_base64(out, "cert", buf_bytes(&package->roots[0].der), e) < 0))
		return -1;
	return profile_add(out, e, "\n  },\n");
}

static int sswan_add_local(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_add(out, e, "  \"local\": {\n    ") < 0 || add_member(out, "id", p->local_id, "", e) < 0 ||
	    add_base64(out, "p12", p->pfx, e) < 0)
		return -1;
	return profile_add(out, e, "\n  },\n");
}

static int add_first(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char uuid[UUID_TEXT];

	if (profile_uuid(uuid, p, "sswan", e) < 0 || profile_add(out, e, "{\n  ") < 0 ||
	    add_member(out, "uuid", uuid, ",\n  ", e) < 0 ||
	    add_member(out, "name", p->connection, ",\n  ", e) < 0)
		return -1;
	return add_member(out, "type", p->use_pubkey ? "ikev2-cert" : "ikev2-eap-tls", ",\n", e);
}

/* The app accepts one proposal for IKE and one for ESP; a proposal can contain several algorithms of a type. */
static int add_last(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_add(out, e, "  \"ike-proposal\": \"aes256gcm16-prfsha384-prfsha256-modp2048\",\n"
				"  \"esp-proposal\": \"aes256gcm16-modp2048\",\n"
				"  \"split-tunneling\": {\n    \"subnets\": [\"") < 0 ||
	    strongswan_routes(out, p, "\", \"", e) < 0)
		return -1;
	return profile_add(out, e, "\"]\n  }\n}\n");
}

static int sswan_write(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };

	if (p->pfx.len == 0)
		return err_set(e, ERR_INPUT, "no PKCS#12 is given for this client");
	if (add_first(&text, p, e) < 0 || sswan_add_remote(&text, p, e) < 0 || sswan_add_local(&text, p, e) < 0 ||
	    add_last(&text, p, e) < 0)
		return -1;
	return profile_file(out, p, "@STEM@.sswan", &text, true, e);
}

static const char steps[] =
    "1. Install *strongSwan VPN Client* from Google Play or F-Droid.\n"
    "2. Copy `@STEM@.sswan` to the device over a private channel: it contains the private key, encrypted with the\n"
    "   password of the PKCS#12. You receive the password separately.\n"
    "3. In the app, open the menu (three dots), select *Import VPN profile* and choose `@STEM@.sswan`. The app fills\n"
    "   in the server @PLAIN_SERVER@\n"
    "   and the identity @LOCAL_ID@.\n"
    "4. Select *Import certificate from VPN profile*, enter the password, keep the name, and select *Import*.\n"
    "5. Tap the profile and allow the VPN connection.\n"
    "6. Delete the file from the device.\n";

static int sswan_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, steps, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_NUMBERED,
	    "The app says *Connected*; its log (menu, *View log*) has a line `installing new virtual IP`.\n\n", e);
}

const struct profile_format profile_sswan = {
	.name = "sswan",
	.summary = "strongSwan VPN Client on Android, IKEv2, key in a PKCS#12",
	.keys = 1U << PROFILE_KEY_PFX,
	.why_not = "the app uses a key in a PKCS#12, not on a token: if this client has a PKCS#12, give it with --pfx; "
		   "otherwise enrol the Android device with a key of its own",
	.needs_ikev2 = true,
	.rule_set = "strongswan",
	.write = sswan_write,
	.install = sswan_install,
};
