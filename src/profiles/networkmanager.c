/* SPDX-License-Identifier: MIT */
/* networkmanager.c - writes a keyfile for NetworkManager's strongSwan plugin in smart-card mode. */
#include "out/quote.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/profile.h"
#include "profiles/strongswan.h"
#include "profiles/text.h"

/* Replaces the commas of strongSwan's lists by semicolons, NetworkManager's separator. */
static int add_proposals(struct buf *out, const char *key, const char *list, struct err *e)
{
	if (profile_add(out, e, "%s=", key) < 0)
		return -1;
	for (; *list != '\0'; list++)
		if (buf_add(out, *list == ',' ? ";" : list, 1, e) < 0)
			return -1;
	return profile_add(out, e, "\n");
}

/*
 * The plugin accepts one root. If the gateway has several (Microsoft is changing roots), the keyfile names no root
 * and the plugin uses the system's store; INSTALL tells the user to add the roots there.
 */
static int networkmanager_add_vpn(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (profile_add(out, e,
		"\n[vpn]\nservice-type=org.freedesktop.NetworkManager.strongswan\naddress=%s\nremote-identity=%s\n"
		"method=%s\ncert-source=smartcard\npassword-flags=2\nvirtual=yes\nencap=no\nipcomp=no\nproposal=yes\n",
		p->package->server, p->package->server, p->use_pubkey ? "cert" : "eap-tls") < 0 ||
	    add_proposals(out, "ike", strongswan_ike, e) < 0 || add_proposals(out, "esp", strongswan_esp, e) < 0 ||
	    profile_add(out, e, "remote-ts=") < 0 || strongswan_routes(out, p, ";", e) < 0)
		return -1;
	if (p->package->n_roots == 1 &&
	    profile_add(out, e, "\ncertificate=/etc/ssl/certs/%s-gateway-1.pem", stem) < 0)
		return -1;
	return profile_add(out, e, "\n");
}

static int write_keyfile(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	char stem[PROFILE_STEM], uuid[UUID_TEXT];

	profile_stem(stem, p);
	if (profile_uuid(uuid, p, "networkmanager", e) < 0 || profile_add(&text, e, "[connection]\nid=") < 0 ||
	    quote_keyfile(&text, p->connection, e) < 0 ||
	    profile_add(&text, e, "\nuuid=%s\ntype=vpn\nautoconnect=false\n", uuid) < 0 ||
	    networkmanager_add_vpn(&text, p, stem, e) < 0 ||
	    profile_add(&text, e, "\n[ipv4]\nmethod=auto\nnever-default=true\n\n[ipv6]\nmethod=auto\n"
				  "never-default=true\n") < 0)
		return -1;
	/*
	 * Mode 0600 although the file contains no secret: NetworkManager ignores a keyfile that other users can read.
	 */
	return profile_file(out, p, "@STEM@.nmconnection", &text, true, e);
}

static int networkmanager_write(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	if (write_keyfile(out, p, e) < 0 ||
	    strongswan_module(out, p, "charon-nm", "strongswan.d/@STEM@-nm.conf", true, e) < 0)
		return -1;
	return profile_gateway_roots(out, p, "gateway", "@STEM@-gateway-#.pem", e);
}

static const char steps[] =
    "## 1. Packages\n\n"
    "    sudo apt install network-manager-strongswan libcharon-extra-plugins libstrongswan-extra-plugins \\\n"
    "        libstrongswan-standard-plugins\n\n"
    "## 2. Files\n\n"
    "Run these commands in the folder of this page:\n\n"
    "    sudo install -m 0644 strongswan.d/@STEM@-nm.conf /etc/strongswan.d/\n"
    "    sudo install -m 0600 -o root -g root @STEM@.nmconnection /etc/NetworkManager/system-connections/\n";
static const char one_root[] =
    "    sudo install -m 0644 gateway/@STEM@-gateway-1.pem /etc/ssl/certs/\n"
    "    sudo nmcli connection reload\n\n";
static const char several_roots[] =
    "    for f in gateway/@STEM@-gateway-*.pem; do\n"
    "        sudo install -m 0644 \"$f\" \"/usr/local/share/ca-certificates/$(basename \"$f\" .pem).crt\"; done\n"
    "    sudo update-ca-certificates\n"
    "    sudo nmcli connection reload\n\n"
    "The gateway has several roots, and the plugin accepts only one certificate. The connection therefore trusts the\n"
    "CA certificates of the system, to which these commands add the roots.\n\n";
static const char issuers[] =
    "The plugin does not send the CA certificates between the client's certificate and its root: a gateway that has\n"
    "only the root refuses this client. Ask the person who sent this profile for the format `swanctl` or `ipsec`.\n\n";
static const char token[] =
    "## 3. Token\n\n"
    "The plugin uses the first certificate on a token of the module\n"
    "@MODULE@\n"
    "that is not a CA certificate, permits client authentication, and has the id of its private key as its Subject\n"
    "Key Identifier. Here this is @CKA_ID@\n"
    "on the token @LABEL@. Unplug other tokens that have such a certificate.\n\n"
    "## 4. Connect\n\n"
    "In the network menu choose the connection `@PLAIN_NAME@`, or run:\n\n"
    "    nmcli --ask connection up id \"@PLAIN_NAME@\"\n\n"
    "NetworkManager asks for the PIN each time; no file contains it. The client identifies itself as @LOCAL_ID@.\n";

static int networkmanager_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, steps, p, e) < 0 ||
	    profile_install(out, p->package->n_roots == 1 ? one_root : several_roots, p, e) < 0 ||
	    (p->n_issuers > 0 && profile_install(out, issuers, p, e) < 0) || profile_install(out, token, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_NUMBERED,
	    "`nmcli connection show --active` lists it, and\n"
	    "`nmcli -f IP4 connection show id \"@PLAIN_NAME@\"` shows the address.\n\n", e);
}

const struct profile_format profile_networkmanager = {
	.name = "networkmanager",
	.summary = "NetworkManager's strongSwan plugin, IKEv2, key on a token",
	.keys = 1U << PROFILE_KEY_TOKEN,
	.why_not = "this format uses the plugin's smart-card mode; for a PKCS#12, use openvpn, or sswan on Android",
	.needs_ikev2 = true,
	.rule_set = "strongswan",
	.own_rule_set = "networkmanager",
	.write = networkmanager_write,
	.install = networkmanager_install,
};
