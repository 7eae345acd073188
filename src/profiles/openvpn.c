/* SPDX-License-Identifier: MIT */
/*
 * openvpn.c - writes an .ovpn with Azure's settings and the client's key: on a token, by URI, or in a PKCS#12.
 *
 * Every line is written from a checked value (model/package.h); no text of the package's file is copied.
 */
#include <string.h>

#include "out/quote.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/profile.h"
#include "profiles/text.h"
#include "util/array.h"
#include "util/base64.h"
#include "util/text.h"

/* An upper-case copy of the CKA_ID, as pkcs11-helper writes ids. */
static int add_upper(struct buf *out, const char *hex, struct err *e)
{
	for (; *hex != '\0'; hex++) {
		char c = *hex >= 'a' && *hex <= 'f' ? (char)(*hex - 'a' + 'A') : *hex;

		if (buf_add(out, &c, 1, e) < 0)
			return -1;
	}
	return 0;
}

/* manufacturer/model/serial/label/id, as `openvpn --show-pkcs11-ids` prints ids. */
static int add_pkcs11_id(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	const char *const parts[] = { p->token_manufacturer, p->token_model, p->token_serial, p->token_label };

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (quote_pkcs11_helper(out, parts[i] != NULL ? parts[i] : "", e) < 0 || buf_add(out, "/", 1, e) < 0)
			return -1;
	return add_upper(out, p->cka_id, e);
}

/* openvpn(8): a line has at most 255 bytes, including its end (CR and LF). */
#define LINE_MAX_BYTES 255

static int add_option(struct buf *out, const char *name, const char *value, struct err *e)
{
	size_t before = out->len;

	if (profile_add(out, e, "%s ", name) < 0 || quote_openvpn(out, value, e) < 0)
		return err_while(e, "writing '%s'", name);
	if (out->len - before + 2 > LINE_MAX_BYTES)
		return err_set(e, ERR_INPUT,
		    "the line '%s' for the token would have %zu bytes; OpenVPN reads at most %d", name,
		    out->len - before + 2, LINE_MAX_BYTES);
	return profile_add(out, e, "\n");
}

static int token_by_id(struct buf *cert, struct buf *key, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) id = { 0 };

	if (p->module_path == NULL || p->cka_id == NULL || p->cka_id[0] == '\0')
		return err_set(e, ERR_INPUT, "the module of the client's machine or the key's CKA_ID is not stated");
	if (add_pkcs11_id(&id, p, e) < 0 || buf_add(&id, "", 1, e) < 0 ||
	    add_option(cert, "pkcs11-providers", p->module_path, e) < 0)
		return -1;
	return add_option(key, "pkcs11-id", (const char *)id.data, e);
}

/* The key is on the token, the certificate is in the file, so the token does not need to hold the certificate. */
static int token_by_uri(struct buf *cert, struct buf *key, const struct vpn_profile *p, struct err *e)
{
	if (p->key_uri == NULL || strncmp(p->key_uri, "pkcs11:", 7) != 0)
		return err_set(e, ERR_INPUT, "the key's pkcs11: URI is not stated");
	if (profile_add(cert, e, "<cert>\n") < 0 || pem_encode(cert, "CERTIFICATE", p->cert, e) < 0 ||
	    profile_add(cert, e, "</cert>\n") < 0)
		return -1;
	return add_option(key, "key", p->key_uri, e);
}

/* Adds the issuers to be sent to a server that knows the root only. A PKCS#12 contains the issuers. */
static int openvpn_add_issuers(struct buf *cert, const struct vpn_profile *p, struct err *e)
{
	if (p->n_issuers == 0 || p->key == PROFILE_KEY_PFX)
		return 0;
	if (profile_add(cert, e, "<extra-certs>\n") < 0)
		return -1;
	for (unsigned i = 0; i < p->n_issuers; i++)
		if (pem_encode(cert, "CERTIFICATE", p->issuers[i], e) < 0)
			return -1;
	return profile_add(cert, e, "</extra-certs>\n");
}

static int inline_pfx(struct buf *cert, const struct vpn_profile *p, struct err *e)
{
	if (p->pfx.len == 0)
		return err_set(e, ERR_INPUT, "no PKCS#12 is given for this client");
	if (profile_add(cert, e, "<pkcs12>\n") < 0 || base64_encode(cert, p->pfx, 64, "\n", e) < 0)
		return -1;
	return profile_add(cert, e, "</pkcs12>\n");
}

static int openvpn_add_key(struct buf *cert, struct buf *key, const struct vpn_profile *p, struct err *e)
{
	if (p->key == PROFILE_KEY_PFX)
		return inline_pfx(cert, p, e);
	return p->openvpn_uri ? token_by_uri(cert, key, p, e) : token_by_id(cert, key, p, e);
}

static int openvpn_add_client(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) key = { 0 };

	/* Without a certificate in the profile, Connect offers those of the system's store and of tokens. */
	if (p->openvpn_connect3)
		return 0;
	if (openvpn_add_key(out, &key, p, e) < 0 || openvpn_add_issuers(out, p, e) < 0)
		return -1;
	return buf_add(out, key.data, key.len, e);
}

/* Azure's settings, in the order of Azure's file. */
static int add_settings(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	const struct package_ovpn *o = &p->package->ovpn;

	return profile_add(out, e,
	    "client\n"
	    "remote %s 443\n"
	    "verify-x509-name %s name\n"
	    "remote-cert-tls server\n"
	    "\n"
	    "dev tun\n"
	    "proto tcp\n"
	    "resolv-retry infinite\n"
	    "nobind\n"
	    "\n"
	    "auth SHA256\n"
	    "cipher AES-256-GCM\n"
	    "persist-key\n"
	    "persist-tun\n"
	    "\n"
	    "tls-timeout %u\n"
	    "tls-version-min 1.2\n"
	    "key-direction 1\n"
	    "\n"
	    "%slog openvpn.log\n" /* OpenVPN Connect 3 refuses the option */
	    "verb %u\n\n",
	    o->server, o->server_name, o->tls_timeout, p->openvpn_connect3 ? "#" : "", o->verb);
}

static int add_ca(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_add(out, e, "<ca>\n") < 0)
		return -1;
	for (unsigned i = 0; i < p->package->n_roots; i++)
		if (pem_encode(out, "CERTIFICATE", buf_bytes(&p->package->roots[i].der), e) < 0)
			return -1;
	return profile_add(out, e, "</ca>\n\n");
}

static int add_tls_auth(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	char hex[2 * 16 + 1];
	int result = profile_add(out, e, "<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n");

	for (size_t i = 0; result == 0 && i < OVPN_KEY_LEN; i += 16) {
		text_hex(hex, sizeof(hex), (struct bytes){ p->package->ovpn.tls_auth + i, 16 });
		result = profile_add(out, e, "%s\n", hex);
	}
	explicit_bzero(hex, sizeof(hex));
	return result < 0 ? -1 :
			    profile_add(out, e, "-----END OpenVPN Static key V1-----\n</tls-auth>\n\n");
}

/* Azure ends its lines with CR and LF, for Windows. */
static int add_lines(struct buf *out, const struct buf *text, struct err *e)
{
	for (size_t i = 0; i < text->len; i++)
		if (buf_add(out, text->data[i] == '\n' ? "\r\n" : (const char *)text->data + i,
			text->data[i] == '\n' ? 2 : 1, e) < 0)
			return -1;
	return 0;
}

/* The rules refuse such a package earlier; the writer checks again. */
static int check_package(const struct package *p, struct err *e)
{
	if (!p->ovpn.is_there) {
		(void)err_set(e, ERR_POLICY, "the package has no OpenVPN/vpnconfig.ovpn");
		return err_rule(e, "profile-tunnel",
		    "choose OpenVPN and Azure certificate in the gateway's Point-to-site "
		    "configuration and download the package again");
	}
	if (p->ovpn.n_faults == 0 && p->n_roots > 0)
		return 0;
	(void)err_set(e, ERR_POLICY, "vpnconfig.ovpn is not as Azure writes it: %s",
	    p->ovpn.n_faults > 0 ? p->ovpn.faults[0].text : "no gateway root");
	return err_rule(e, p->ovpn.n_faults > 0 ? p->ovpn.faults[0].code : "package-gateway-root-missing",
	    "download the package again from Azure, and do not change it");
}

static int openvpn_write(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 }, crlf = { 0 };
	const char *at_end = p->openvpn_connect3 ? "ping-restart 0\n" : p->openvpn_windows26 ? "disable-dco\n" : "";

	if (check_package(p->package, e) < 0 || add_settings(&text, p, e) < 0 || add_ca(&text, p, e) < 0 ||
	    add_tls_auth(&text, p, e) < 0 || openvpn_add_client(&text, p, e) < 0 ||
	    profile_add(&text, e, "%s", at_end) < 0 || add_lines(&crlf, &text, e) < 0)
		return -1;
	/* The file is secret because of the tls-auth key and the PKCS#12. */
	return profile_file(out, p, "@STEM@.ovpn", &crlf, true, e);
}

static const char secret[] =
    "The file `@STEM@.ovpn` contains the settings of Azure's file, this client's certificate and the gateway's\n"
    "tls-auth key: only its user should be able to read it.\n\n";
static const char by_id[] =
    "The private key stays on the token @LABEL@. OpenVPN uses it through the PKCS#11 module\n"
    "@MODULE@ and finds it by the id that\n"
    "`openvpn --show-pkcs11-ids` prints. The token must also contain the certificate. OpenVPN asks for the PIN; no\n"
    "file contains it. The gateway uses TLS 1.3, so the token must support RSA-PSS signatures.\n\n"
    "## Linux\n\n"
    "1. `sudo apt install openvpn` (version 2.4 or later, with PKCS#11 as in Debian).\n"
    "2. `sudo install -m 0600 @STEM@.ovpn /etc/openvpn/client/@STEM@.conf`\n"
    "3. `sudo openvpn --config /etc/openvpn/client/@STEM@.conf`; enter the PIN.\n\n"
    "## Windows (OpenVPN 2.x)\n\n"
    "1. Install OpenVPN's community client and the token's PKCS#11 module. If the module has another path than the\n"
    "   line `pkcs11-providers` of the file, correct the path.\n"
    "2. Copy `@STEM@.ovpn` to `C:\\Program Files\\OpenVPN\\config`.\n"
    "3. Right-click the OpenVPN icon in the taskbar, select *Connect*, and enter the PIN.\n\n";
static const char has_dco[] =
    "The file has the line `disable-dco`, which OpenVPN 2.6 on Windows needs.\n\n";
static const char lacks_dco[] =
    "OpenVPN 2.6 on Windows needs a file with the line `disable-dco`, which this file does not have: ask the person\n"
    "who sent it for a profile for OpenVPN 2.6 on Windows.\n\n";
static const char by_id_end[] =
    "## macOS (Tunnelblick)\n\n"
    "1. Install Tunnelblick and the token's PKCS#11 module. The path of the module in the file must be its path on\n"
    "   the Mac.\n"
    "2. Double-click `@STEM@.ovpn` and select *Only Me* or *All Users*.\n"
    "3. Click Tunnelblick's icon in the menu bar, select *Connect @STEM@*, and enter the PIN.\n\n"
    "## iOS, Android\n\n"
    "OpenVPN Connect cannot use PKCS#11 tokens there: ask the person who sent this file for a certificate with a key\n"
    "of its own for the device, in a PKCS#12 file, and for its profile.\n";
static const char by_uri[] =
    "The private key stays on the token; the file names it by a PKCS#11 URI. This needs OpenSSL 3 with its provider\n"
    "pkcs11, which loads the module\n"
    "@MODULE@,\n"
    "and an OpenVPN that accepts a URI as a key (`--key` in `man openvpn`). Otherwise, ask the person who sent this\n"
    "file for a profile that names the key by its id. The gateway uses TLS 1.3, so the token must support RSA-PSS\n"
    "signatures.\n\n"
    "## Linux\n\n"
    "1. `sudo apt install openvpn pkcs11-provider` (Debian 13 and later); activate the provider in\n"
    "   `/etc/ssl/openssl.cnf`.\n"
    "2. `sudo install -m 0600 @STEM@.ovpn /etc/openvpn/client/@STEM@.conf`\n"
    "3. `sudo openvpn --config /etc/openvpn/client/@STEM@.conf`; enter the PIN.\n";
static const char by_pfx[] =
    "The file also contains the private key, in a PKCS#12 that is encrypted with a password: copy the file to the\n"
    "device over a private channel. You receive the password separately.\n\n"
    "## Linux\n\n"
    "1. `sudo apt install openvpn`\n"
    "2. `sudo install -m 0600 @STEM@.ovpn /etc/openvpn/client/@STEM@.conf`\n"
    "3. `sudo openvpn --config /etc/openvpn/client/@STEM@.conf`; enter the password.\n\n"
    "## Windows (OpenVPN 2.x)\n\n"
    "Copy `@STEM@.ovpn` to `C:\\Program Files\\OpenVPN\\config`, right-click the OpenVPN icon in the taskbar, and\n"
    "select *Connect*.\n\n";
static const char by_pfx_end[] =
    "## macOS (Tunnelblick)\n\n"
    "Double-click `@STEM@.ovpn` and select *Only Me*. Click Tunnelblick's icon in the menu bar and select\n"
    "*Connect @STEM@*.\n\n"
    "## iOS, Android, Windows (OpenVPN Connect 3)\n\n"
    "OpenVPN Connect 3 rejects the line `log` of this file: ask the person who sent it for a profile for OpenVPN\n"
    "Connect 3.\n";
static const char by_connect[] =
    "This file is for OpenVPN Connect 3: the line `log` is a comment, and the file does not contain the certificate,\n"
    "because Connect stores certificates separately and asks which certificate to use.\n\n"
    "## Windows, macOS\n\n"
    "1. In OpenVPN Connect, open *Certificates & Tokens*. For a PKCS#12 file, select *Add certificate*. For a token,\n"
    "   plug it in, select it under *Hardware tokens* and enter the PIN.\n"
    "2. Select *Import profile*, *Upload file*, and the file `@STEM@.ovpn`.\n"
    "3. In the profile, select the certificate of @CN@, then connect.\n\n"
    "## iOS, Android\n\n"
    "1. Install OpenVPN Connect, and copy `@STEM@.ovpn` and the PKCS#12 file to the device over a private channel\n"
    "   (iOS: AirDrop, the Files app, or mail to the device itself). Tokens do not work there.\n"
    "2. Open the PKCS#12 file with Connect and enter its password.\n"
    "3. Open `@STEM@.ovpn` with Connect, select *Add*, select the certificate, then connect.\n";

/* For OpenVPN 2.x on Windows: a note about disable-dco, and the newer systems. */
static int add_systems(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	const bool is_pfx = p->key == PROFILE_KEY_PFX;

	if (p->openvpn_connect3)
		return profile_install(out, by_connect, p, e);
	if (!is_pfx && p->openvpn_uri)
		return profile_install(out, by_uri, p, e);
	if (profile_install(out, is_pfx ? by_pfx : by_id, p, e) < 0 ||
	    profile_install(out, p->openvpn_windows26 ? has_dco : lacks_dco, p, e) < 0)
		return -1;
	return profile_install(out, is_pfx ? by_pfx_end : by_id_end, p, e);
}

static int openvpn_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, secret, p, e) < 0 || add_systems(out, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_NUMBERED,
	    "The log ends with `Initialization Sequence Completed`; `ip address show dev tun0` (Windows:\n"
	    "`ipconfig /all`, macOS: `ifconfig`) shows the address.\n\n", e);
}

const struct profile_format profile_openvpn = {
	.name = "openvpn",
	.summary = "OpenVPN on any system, with the settings of Azure's file",
	.keys = 1U << PROFILE_KEY_TOKEN | 1U << PROFILE_KEY_PFX,
	.why_not = "OpenVPN uses a key on a PKCS#11 token or in a PKCS#12; SCEP and ACME are for mobileconfig",
	.needs_openvpn = true,
	.rule_set = "openvpn",
	.write = openvpn_write,
	.install = openvpn_install,
};
