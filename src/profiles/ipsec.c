/* SPDX-License-Identifier: MIT */
/* ipsec.c - writes ipsec.conf and ipsec.secrets for strongSwan's older starter, which Microsoft's articles describe. */
#include "out/quote.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/profile.h"
#include "profiles/strongswan.h"
#include "profiles/text.h"
#include "util/text.h"

/*
 * As in Microsoft's instructions: the gateway's certificate must contain the name; the gateway may send another IKE
 * id.
 */
static int add_right(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_add(out, e, "\tright=%s\n\trightid=%%%s\n\trightauth=pubkey\n\trightsubnet=", p->package->server,
		p->package->server) < 0 ||
	    strongswan_routes(out, p, ",", e) < 0)
		return -1;
	return profile_add(out, e, "\n");
}

static int add_left(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (profile_add(out, e, "\tleft=%%any\n\tleftsourceip=%%config\n\tleftauth=%s\n\tleftcert=%s.pem\n",
		p->use_pubkey ? "pubkey" : "eap-tls", stem) < 0 ||
	    profile_add(out, e, "\tleftsendcert=always\n") < 0 || strongswan_local_id(out, p, "\t", "leftid", e) < 0)
		return -1;
	return p->use_pubkey ? 0 : strongswan_local_id(out, p, "\t", "eap_identity", e);
}

/*
 * Issuers must be in ipsec.d/cacerts to be sent. strongSwan would also accept a gateway's certificate from any CA in
 * that folder; rightca restricts the CA. rightca is the DER of the Name, because a text form can fail to match, and
 * strongSwan then ignores rightca with a log line only.
 */
static int add_rightca(struct buf *out, const struct vpn_profile *p, unsigned i, struct err *e)
{
	const struct bytes name = p->package->roots[i].info.subject_der;
	char hex[2 * 2048 + 1];

	if (name.len > sizeof(hex) / 2)
		return err_set(e, ERR_INPUT, "the name of the gateway's root is longer than 2048 bytes");
	text_hex(hex, sizeof(hex), name);
	return profile_add(out, e, "\trightca=\"asn1dn:#%s\"\n", hex);
}

/* The format accepts one CA per connection: each further root of the gateway gets its own connection. */
static int add_ca_constraints(struct buf *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	if (p->n_issuers == 0)
		return 0;
	if (p->package->n_roots == 0)
		return err_set(e, ERR_INPUT, "the package contains no root of the gateway");
	if (add_rightca(out, p, 0, e) < 0)
		return -1;
	for (unsigned i = 1; i < p->package->n_roots; i++)
		if (profile_add(out, e, "\nconn %s-%u\n\talso=%s\n\tauto=add\n", stem, i + 1, stem) < 0 ||
		    add_rightca(out, p, i, e) < 0)
			return -1;
	return 0;
}

static int ipsec_write_conf(struct profile_files *out, const struct vpn_profile *p, const char *stem, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };

	if (profile_add(&text, e, "# Azure VPN Gateway, point-to-site; see INSTALL-ipsec.md.\n"
				  "conn %s\n\tkeyexchange=ikev2\n\ttype=tunnel\n\tauto=add\n", stem) < 0 ||
	    profile_add(&text, e, "\tike=%s!\n\tesp=%s!\n", strongswan_ike, strongswan_esp) < 0 ||
	    add_left(&text, p, stem, e) < 0 || add_right(&text, p, e) < 0 || add_ca_constraints(&text, p, stem, e) < 0)
		return -1;
	return profile_files_add(out, "ipsec.conf", &text, false, e);
}

static int write_secrets(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };

	if (profile_add(&text, e, "# No slot (slots move) and no PIN: `ipsec rereadsecrets` asks for it.\n"
				  ": PIN %%smartcard:%s %%prompt\n", p->cka_id) < 0)
		return -1;
	return profile_files_add(out, "ipsec.secrets", &text, true, e);
}

/* Without issuers, the client's root is not written: no CA has to be sent with the certificate (see add_rightca()). */
static int write_issuers(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	if (p->n_issuers == 0)
		return 0;
	if (profile_issuers(out, p, "cacerts", "@STEM@-issuer-#.pem", e) < 0)
		return -1;
	return profile_cert(out, p, "cacerts", "@STEM@-root.pem", p->root, e);
}

static int ipsec_write(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	char stem[PROFILE_STEM];

	profile_stem(stem, p);
	if (strongswan_check_id(p, e) < 0 || ipsec_write_conf(out, p, stem, e) < 0 || write_secrets(out, p, e) < 0 ||
	    strongswan_module(out, p, "charon", "strongswan.d/@STEM@-ipsec.conf", false, e) < 0 ||
	    profile_cert(out, p, "certs", "@STEM@.pem", p->cert, e) < 0 || write_issuers(out, p, e) < 0)
		return -1;
	return profile_gateway_roots(out, p, "cacerts", "@STEM@-gateway-#.pem", e);
}

static const char steps[] =
    "## 1. Packages\n\n"
    "    sudo apt install strongswan-starter libcharon-extra-plugins libstrongswan-extra-plugins \\\n"
    "        libstrongswan-standard-plugins\n\n"
    "The last three packages contain the plugins for EAP-TLS, PKCS#11 and AES-GCM.\n\n"
    "## 2. Files\n\n"
    "Run these commands in the folder of this page:\n\n"
    "    sudo install -m 0644 cacerts/@STEM@-*.pem /etc/ipsec.d/cacerts/\n"
    "    sudo install -m 0644 certs/@STEM@.pem /etc/ipsec.d/certs/\n"
    "    sudo install -m 0644 strongswan.d/@STEM@-ipsec.conf /etc/strongswan.d/\n"
    "    sudo install -m 0644 ipsec.conf /etc/ipsec.d/@STEM@.conf\n"
    "    sudo install -m 0600 ipsec.secrets /etc/ipsec.d/@STEM@.secrets\n\n"
    "strongSwan must include the last two files. These commands add the lines if they are missing:\n\n"
    "    sudo grep -qxF 'include /etc/ipsec.d/*.conf' /etc/ipsec.conf ||\n"
    "        echo 'include /etc/ipsec.d/*.conf' | sudo tee -a /etc/ipsec.conf\n"
    "    sudo grep -qxF 'include /etc/ipsec.d/*.secrets' /etc/ipsec.secrets ||\n"
    "        echo 'include /etc/ipsec.d/*.secrets' | sudo tee -a /etc/ipsec.secrets\n"
    "    sudo ipsec restart\n\n"
    "Install the files of a renewed certificate in the same way: they replace the old files. An earlier version of\n"
    "this page appended the configuration to `/etc/ipsec.conf` and `/etc/ipsec.secrets`: remove those lines.\n\n";
static const char no_issuers[] =
    "Do not copy the root that issued the client's certificate to `cacerts`: strongSwan would accept gateways with a\n"
    "certificate of that root. The message `cert requests for an unknown ca` refers to it and is harmless.\n\n";
static const char issuers[] =
    "The folder `cacerts` also contains the CA certificates between the client's certificate and its root, because\n"
    "strongSwan sends CA certificates only from there. strongSwan would accept gateways with a certificate of these\n"
    "CAs; the option `rightca`, which names the gateway's own root, prevents that for this connection. Add a\n"
    "`rightca` to your other connections, too. Install the gateway's root before you load the connection: strongSwan\n"
    "ignores a `rightca` that it does not find, and logs `discarding CA constraint`.\n\n";
static const char several_roots[] =
    "The gateway has several roots, and `rightca` accepts only one: @STEM@ is for the first root,\n"
    "@STEM@-2 for the second, and so on. Only the connection for the root that the gateway uses now can connect: try\n"
    "them in this order.\n\n";
static const char module[] =
    "The daemon of strongSwan loads the PKCS#11 module\n"
    "@MODULE@.\n"
    "If AppArmor confines the daemon (Ubuntu) and the module or a file that it opens is not below `/usr/lib`,\n"
    "allow the module and its files in `/etc/apparmor.d/local/usr.lib.ipsec.charon`.\n\n"
    "## 3. Connect\n\n"
    "The private key has the id @CKA_ID@ on the token @LABEL@.\n"
    "No file contains the PIN: ipsec asks for it once after each start of the daemon.\n\n"
    "    sudo ipsec rereadsecrets\n"
    "    sudo ipsec up @STEM@\n\n"
    "To disconnect: `sudo ipsec down @STEM@`. The client identifies itself as @LOCAL_ID@.\n";

static int ipsec_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	const bool has_issuers = p->n_issuers > 0;

	if (profile_install(out, steps, p, e) < 0 ||
	    profile_install(out, has_issuers ? issuers : no_issuers, p, e) < 0 ||
	    (has_issuers && p->package->n_roots > 1 && profile_install(out, several_roots, p, e) < 0) ||
	    profile_install(out, module, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_NUMBERED,
	    "`sudo ipsec statusall` shows ESTABLISHED and, below, INSTALLED with the client's address.\n\n", e);
}

const struct profile_format profile_ipsec = {
	.name = "ipsec",
	.summary = "strongSwan on Linux (ipsec.conf), IKEv2, key on a token",
	.keys = 1U << PROFILE_KEY_TOKEN,
	.why_not = "this format needs a key on a PKCS#11 token; for a PKCS#12, use openvpn, or sswan on Android",
	.needs_ikev2 = true,
	.rule_set = "strongswan",
	.write = ipsec_write,
	.install = ipsec_install,
};
