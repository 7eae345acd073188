/* SPDX-License-Identifier: MIT */
/* swanctl.c - writes swanctl.conf for strongSwan: EAP-TLS or certificate authentication, key on a token by CKA_ID. */
#include "out/quote.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/profile.h"
#include "profiles/strongswan.h"
#include "profiles/text.h"

/*
 * Lists the gateway's own roots as cacerts: the client's root, stored in the same folder, must not authenticate the
 * gateway.
 */
static int swanctl_add_remote(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (profile_add(out, e, "\t\tremote {\n\t\t\tauth = pubkey\n\t\t\tid = \"fqdn:%s\"\n\t\t\tcacerts = ",
		p->package->server) < 0)
		return -1;
	for (unsigned i = 0; i < p->package->n_roots; i++)
		if (profile_add(out, e, "%s%s-gateway-%u.pem", i > 0 ? "," : "", stem, i + 1) < 0)
			return -1;
	return profile_add(out, e, "\n\t\t}\n");
}

static int swanctl_add_local(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (profile_add(out, e, "\t\tlocal {\n\t\t\tauth = %s\n\t\t\tcerts = %s.pem\n",
		p->use_pubkey ? "pubkey" : "eap-tls", stem) < 0 ||
	    strongswan_local_id(out, p, "\t\t\t", "id", e) < 0 ||
	    (!p->use_pubkey && strongswan_local_id(out, p, "\t\t\t", "eap_id", e) < 0))
		return -1;
	return profile_add(out, e, "\t\t}\n");
}

static int add_child(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (profile_add(out, e, "\t\tchildren {\n\t\t\t%s {\n\t\t\t\tremote_ts = ", stem) < 0 ||
	    strongswan_routes(out, p, ",", e) < 0)
		return -1;
	return profile_add(out, e, "\n\t\t\t\tesp_proposals = %s\n\t\t\t\tdpd_action = clear\n\t\t\t}\n\t\t}\n",
	    strongswan_esp);
}

static bool has_v6_pool(const struct package *package)
{
	for (unsigned i = 0; i < package->n_pools; i++)
		if (package->pools[i].is_v6)
			return true;
	return false;
}

static int add_connection(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (profile_add(out, e, "connections {\n\t%s {\n\t\tversion = 2\n\t\tremote_addrs = %s\n\t\tvips = %s\n", stem,
		p->package->server, has_v6_pool(p->package) ? "0.0.0.0,::" : "0.0.0.0") < 0 ||
	    profile_add(out, e, "\t\tproposals = %s\n\t\tsend_cert = always\n\t\tdpd_delay = 30s\n", strongswan_ike) <
		0 ||
	    swanctl_add_local(out, p, stem, e) < 0 || swanctl_add_remote(out, p, stem, e) < 0 ||
	    add_child(out, p, stem, e) < 0)
		return -1;
	return profile_add(out, e, "\t}\n}\n");
}

static int add_secret(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	return profile_add(out, e,
	    "\n# No slot (slots move) and no PIN: swanctl --load-creds asks for it.\n"
	    "secrets {\n\ttoken-%s {\n\t\thandle = %s\n\t\tmodule = %s\n\t}\n}\n",
	    stem, p->cka_id, stem);
}

static int swanctl_write_conf(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	char stem[PROFILE_STEM];

	profile_stem(stem, p);
	if (profile_add(&text, e, "# Azure VPN Gateway, point-to-site: goes into conf.d; see INSTALL-swanctl.md.\n") <
		0 ||
	    add_connection(&text, p, stem, e) < 0 || add_secret(&text, p, stem, e) < 0)
		return -1;
	return profile_files_add(out, "swanctl.conf", &text, false, e);
}

static int swanctl_write(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	if (strongswan_check_id(p, e) < 0 || swanctl_write_conf(out, p, e) < 0 ||
	    strongswan_module(out, p, "charon", "strongswan.d/@STEM@.conf", false, e) < 0 ||
	    profile_cert(out, p, "x509", "@STEM@.pem", p->cert, e) < 0 ||
	    profile_issuers(out, p, "x509ca", "@STEM@-issuer-#.pem", e) < 0 ||
	    profile_cert(out, p, "x509ca", "@STEM@-root.pem", p->root, e) < 0)
		return -1;
	return profile_gateway_roots(out, p, "x509ca", "@STEM@-gateway-#.pem", e);
}

static const char steps[] =
    "## 1. Packages\n\n"
    "    sudo apt install charon-systemd strongswan-swanctl libcharon-extra-plugins libstrongswan-extra-plugins \\\n"
    "        libstrongswan-standard-plugins\n\n"
    "The last three packages contain the plugins for EAP-TLS, PKCS#11 and AES-GCM. Do not install\n"
    "`strongswan-starter` as well: only one of the two daemons can run.\n\n"
    "## 2. Files\n\n"
    "Run these commands in the folder of this page:\n\n"
    "    sudo install -m 0644 swanctl.conf /etc/swanctl/conf.d/@STEM@.conf\n"
    "    sudo install -m 0644 x509/@STEM@.pem /etc/swanctl/x509/\n"
    "    sudo install -m 0644 x509ca/@STEM@-*.pem /etc/swanctl/x509ca/\n"
    "    sudo install -m 0644 strongswan.d/@STEM@.conf /etc/strongswan.d/\n"
    "    sudo systemctl restart strongswan\n\n"
    "The daemon of strongSwan loads the PKCS#11 module\n"
    "@MODULE@.\n"
    "If AppArmor confines the daemon (Ubuntu) and the module or a file that it opens is not below `/usr/lib`,\n"
    "allow the module and its files in `/etc/apparmor.d/local/usr.lib.ipsec.charon` and\n"
    "`/etc/apparmor.d/local/usr.sbin.charon-systemd`.\n\n"
    "## 3. Connect\n\n"
    "The private key has the id @CKA_ID@ on the token @LABEL@.\n"
    "No file contains the PIN: swanctl asks for it once after each start of the daemon.\n\n"
    "    sudo swanctl --load-creds\n"
    "    sudo swanctl --load-conns\n"
    "    sudo swanctl --initiate --child @STEM@\n\n"
    "With `--noprompt`, as the service runs it at its start, swanctl does not load the key: run the first command\n"
    "after each restart. To disconnect: `sudo swanctl --terminate --ike @STEM@`.\n"
    "The client identifies itself as @LOCAL_ID@.\n";

static int swanctl_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, steps, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_NUMBERED,
	    "`sudo swanctl --list-sas` shows the connection as ESTABLISHED and its child as INSTALLED;\n"
	    "`local` is followed by the address in brackets.\n\n", e);
}

const struct profile_format profile_swanctl = {
	.name = "swanctl",
	.summary = "strongSwan on Linux (swanctl), IKEv2, key on a token",
	.keys = 1U << PROFILE_KEY_TOKEN,
	.why_not = "this format needs a key on a PKCS#11 token; for a PKCS#12, use openvpn, or sswan on Android",
	.needs_ikev2 = true,
	.rule_set = "strongswan",
	.write = swanctl_write,
	.install = swanctl_install,
};
