/* SPDX-License-Identifier: MIT */
/*
 * mobileconfig.c - writes a configuration profile for IKEv2 on macOS and iOS, and the values for manual setup.
 *
 * Keys and values: Apple's device-management schemas (com.apple.vpn.managed, .security.root, .pkcs12, .scep, .acme).
 * The certificate authenticates the machine (AuthenticationMethod Certificate), as in Microsoft's steps for the Mac.
 */
#include "profiles/profile.h"

#include <stdio.h>
#include <string.h>

#include "out/plist.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "util/uuid.h"

#define FOLDER "mobileconfig"

/* UUIDs of the payloads; the VPN payload refers to the UUID of the identity. */
struct ids {
	char profile[UUID_TEXT], vpn[UUID_TEXT], identity[UUID_TEXT], roots[PACKAGE_ROOTS_MAX][UUID_TEXT];
	char issuers[VPN_ISSUERS_MAX][UUID_TEXT];
};

/*
 * RFC 4122, 4.3 (version 5).  The same certificate and gateway give the same UUIDs: the file is reproducible, and
 * installed again it replaces itself instead of standing there twice.  In upper case.
 */
static int make_uuid(char out[UUID_TEXT], const struct vpn_profile *p, const char *role, unsigned n, struct err *e)
{
	static const unsigned char space[16] = { 0x0d, 0x6a, 0x5c, 0x3e, 0x91, 0x27, 0x4b, 0x7f, 0xa3, 0x58, 0x2c, 0xe4,
		0x70, 0x1b, 0x9d, 0xf6 };
	AUTO_VALUE(buf) name = { 0 };
	char text[640];
	int len = snprintf(text, sizeof(text), "%s %u\n%s\n%s\n", role, n, p->package->server,
	    p->cert_info != NULL ? p->cert_info->fingerprint : "");

	if (len < 0 || (size_t)len >= sizeof(text))
		return err_set(e, ERR_INTERNAL, "too long for a UUID");
	if (buf_add(&name, space, sizeof(space), e) < 0 || buf_add(&name, text, (size_t)len, e) < 0 ||
	    buf_add(&name, p->local_id, strlen(p->local_id), e) < 0 ||
	    uuid_from_name(out, buf_bytes(&name), e) < 0)
		return -1;
	for (; *out != '\0'; out++)
		if (*out >= 'a')
			*out = (char)(*out - 'a' + 'A');
	return 0;
}

static int make_ids(struct ids *out, const struct vpn_profile *p, struct err *e)
{
	if (make_uuid(out->profile, p, "profile", 0, e) < 0 || make_uuid(out->vpn, p, "vpn", 0, e) < 0 ||
	    make_uuid(out->identity, p, "identity", 0, e) < 0)
		return -1;
	for (unsigned i = 0; i < p->package->n_roots; i++)
		if (make_uuid(out->roots[i], p, "root", i, e) < 0)
			return -1;
	for (unsigned i = 0; i < p->n_issuers; i++)
		if (make_uuid(out->issuers[i], p, "issuer", i, e) < 0)
			return -1;
	return 0;
}

/* The name of the connection for an identifier or a file; periods stay, as installed profiles have them. */
static void mobileconfig_name(char out[sizeof(((struct vpn_profile *)NULL)->connection)], const struct vpn_profile *p)
{
	memcpy(out, p->connection, sizeof(p->connection));
	for (char *c = out; *c != '\0'; c++)
		*c = *c == ' ' ? '-' : *c;
}

/* Adds the keys of every payload (CommonPayloadKeys); identifiers stay the same when the certificate is renewed. */
static void add_common(struct xml *x, const struct vpn_profile *p, const char *type, const char *part, const char *uuid,
    const char *shown)
{
	char id[128], name[sizeof(p->connection)];

	mobileconfig_name(name, p);
	(void)snprintf(id, sizeof(id), "p11ca.vpn.%s%s", name, part);
	plist_string(x, "PayloadDisplayName", shown);
	plist_string(x, "PayloadIdentifier", id);
	plist_string(x, "PayloadType", type);
	plist_string(x, "PayloadUUID", uuid);
	plist_integer(x, "PayloadVersion", 1);
}

static void mobileconfig_add_root(struct xml *x, const struct vpn_profile *p, unsigned n, const char *uuid)
{
	const struct package_root *root = &p->package->roots[n];
	char part[32], file[PROFILE_NUMBERED];

	profile_numbered(file, PROFILE_ROOT_CER, n);
	(void)snprintf(part, sizeof(part), ".root%u", n + 1);
	plist_dict(x, NULL);
	plist_string(x, "PayloadCertificateFileName", file);
	plist_data(x, "PayloadContent", buf_bytes(&root->der));
	add_common(x, p, "com.apple.security.root", part, uuid, root->info.cn[0] != '\0' ? root->info.cn : file);
	plist_end(x);
}

/* Uses Apple's payload type for certificates that are not trust anchors. */
static void add_issuer(struct xml *x, const struct vpn_profile *p, unsigned n, const char *uuid)
{
	char part[32], file[PROFILE_NUMBERED];

	profile_numbered(file, PROFILE_ISSUER_CER, n);
	(void)snprintf(part, sizeof(part), ".issuer%u", n + 1);
	plist_dict(x, NULL);
	plist_string(x, "PayloadCertificateFileName", file);
	plist_data(x, "PayloadContent", p->issuers[n]);
	add_common(x, p, "com.apple.security.pkcs1", part, uuid, file);
	plist_end(x);
}

static struct bytes mobileconfig_pfx_of(const struct vpn_profile *p)
{
	return p->pfx_apple.len > 0 ? p->pfx_apple : p->pfx;
}

static void add_pfx(struct xml *x, const struct vpn_profile *p, const char *uuid)
{
	plist_dict(x, NULL);
	plist_bool(x, "KeyIsExtractable", false);
	plist_string(x, "PayloadCertificateFileName", "client.p12");
	plist_data(x, "PayloadContent", mobileconfig_pfx_of(p));
	if (p->pfx_password != NULL) /* without Password, the person is asked at installation */
		plist_secret(x, "Password", p->pfx_password);
	add_common(x, p, "com.apple.security.pkcs12", ".identity", uuid, p->local_id);
	plist_end(x);
}

/* [[["CN", "alice"]]], the form of a name in both payloads. */
static void add_subject(struct xml *x, const struct vpn_profile *p)
{
	bool has_cn = p->cert_info != NULL && p->cert_info->cn[0] != '\0';

	plist_array(x, "Subject");
	plist_array(x, NULL);
	plist_array(x, NULL);
	plist_string(x, NULL, "CN");
	plist_string(x, NULL, has_cn ? p->cert_info->cn : p->local_id);
	plist_end(x);
	plist_end(x);
	plist_end(x);
	plist_dict(x, "SubjectAltName");
	plist_string(x, strchr(p->local_id, '@') != NULL ? "rfc822Name" : "dNSName", p->local_id);
	plist_end(x);
}

static void add_scep(struct xml *x, const struct vpn_profile *p, const char *uuid)
{
	plist_dict(x, NULL);
	plist_dict(x, "PayloadContent");
	plist_bool(x, "KeyIsExtractable", false);
	plist_string(x, "Key Type", "RSA");
	plist_integer(x, "Key Usage", 1); /* signing */
	plist_integer(x, "Keysize", 2048);
	add_subject(x, p);
	plist_string(x, "URL", p->enrolment_url);
	plist_end(x);
	add_common(x, p, "com.apple.security.scep", ".identity", uuid, p->local_id);
	plist_end(x);
}

static void add_acme(struct xml *x, const struct vpn_profile *p, const char *uuid)
{
	plist_dict(x, NULL);
	plist_bool(x, "Attest", false);
	plist_string(x, "ClientIdentifier", p->local_id);
	plist_string(x, "DirectoryURL", p->enrolment_url);
	plist_array(x, "ExtendedKeyUsage");
	plist_string(x, NULL, "1.3.6.1.5.5.7.3.2"); /* clientAuth */
	plist_end(x);
	plist_bool(x, "HardwareBound", false); /* Apple's hardware-bound keys are EC only, Azure accepts RSA only */
	plist_bool(x, "KeyIsExtractable", false);
	plist_integer(x, "KeySize", 2048);
	plist_string(x, "KeyType", "RSA");
	add_subject(x, p);
	plist_integer(x, "UsageFlags", 1); /* digital signature */
	add_common(x, p, "com.apple.security.acme", ".identity", uuid, p->local_id);
	plist_end(x);
}

static void mobileconfig_add_dns(struct xml *x, const struct package *g)
{
	if (g->n_dns == 0)
		return;
	plist_dict(x, "DNS");
	plist_string(x, "DNSProtocol", "Cleartext");
	plist_array(x, "ServerAddresses");
	for (unsigned i = 0; i < g->n_dns; i++)
		plist_string(x, NULL, g->dns[i]);
	plist_end(x);
	plist_array(x, "SupplementalMatchDomains"); /* the empty domain: use these servers for all names */
	plist_string(x, NULL, "");
	plist_end(x);
	plist_end(x);
}

/* AES-256, SHA2-256 and group 14 are in both of Azure's tables (IKE and ESP), unlike Apple's older defaults. */
static void add_algorithms(struct xml *x, const char *key)
{
	plist_dict(x, key);
	plist_integer(x, "DiffieHellmanGroup", 14);
	plist_string(x, "EncryptionAlgorithm", "AES-256");
	plist_string(x, "IntegrityAlgorithm", "SHA2-256");
	plist_end(x);
}

static void mobileconfig_add_vpn(struct xml *x, const struct vpn_profile *p, const struct ids *ids)
{
	plist_dict(x, NULL);
	mobileconfig_add_dns(x, p->package);
	plist_dict(x, "IKEv2");
	plist_string(x, "AuthenticationMethod", "Certificate");
	add_algorithms(x, "ChildSecurityAssociationParameters");
	plist_string(x, "DeadPeerDetectionRate", "Medium");
	plist_integer(x, "EnablePFS", 1); /* without PFS, rekeying drops the tunnel after about 20 minutes */
	plist_integer(x, "ExtendedAuthEnabled", 0);
	add_algorithms(x, "IKESecurityAssociationParameters");
	plist_string(x, "LocalIdentifier", p->local_id);
	plist_string(x, "PayloadCertificateUUID", ids->identity);
	plist_string(x, "RemoteAddress", p->package->server);
	plist_string(x, "RemoteIdentifier", p->package->server);
	plist_end(x);
	plist_string(x, "UserDefinedName", p->connection);
	plist_string(x, "VPNType", "IKEv2");
	add_common(x, p, "com.apple.vpn.managed", ".connection", ids->vpn, p->connection);
	plist_end(x);
}

static const struct key_row {
	void (*add)(struct xml *x, const struct vpn_profile *p, const char *uuid);
	const char *scheme;          /* required beginning of the URL; NULL = no URL */
} key_rows[] = {
	[PROFILE_KEY_PFX] = { add_pfx, NULL },
	[PROFILE_KEY_SCEP] = { add_scep, "http" },
	[PROFILE_KEY_ACME] = { add_acme, "https://" }, /* Apple's schema requires https */
};

static int mobileconfig_check_key(const struct vpn_profile *p, struct err *e)
{
	const char *scheme = key_rows[p->key].scheme;

	if (scheme == NULL)
		return mobileconfig_pfx_of(p).len > 0
			   ? 0
			   : err_set(e, ERR_INPUT, "the profile requires a PFX");
	if (p->enrolment_url == NULL || strncmp(p->enrolment_url, scheme, strlen(scheme)) != 0 ||
	    strstr(p->enrolment_url, "://") == NULL)
		return err_set(e, ERR_INPUT, "the address of the enrolment server must begin with %s", scheme);
	return 0;
}

static int mobileconfig_format(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	struct ids ids;
	struct xml *x;

	if (make_ids(&ids, p, e) < 0 || plist_open(&x, e) < 0)
		return -1;
	plist_array(x, "PayloadContent");
	for (unsigned i = 0; i < p->package->n_roots; i++)
		mobileconfig_add_root(x, p, i, ids.roots[i]);
	for (unsigned i = 0; i < p->n_issuers; i++)
		add_issuer(x, p, i, ids.issuers[i]);
	key_rows[p->key].add(x, p, ids.identity);
	mobileconfig_add_vpn(x, p, &ids);
	plist_end(x);
	plist_string(x, "PayloadDescription", "IKEv2 to an Azure VPN gateway with a client certificate");
	add_common(x, p, "Configuration", "", ids.profile, p->connection);
	return plist_close(x, out, e);
}

static int mobileconfig_write_files(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) text = { 0 };
	bool has_pfx = p->key == PROFILE_KEY_PFX;
	char name[sizeof(p->connection)], file[sizeof(name) + 16];

	mobileconfig_name(name, p);
	(void)snprintf(file, sizeof(file), "%s.mobileconfig", name);
	if (mobileconfig_check_key(p, e) < 0 || mobileconfig_format(&text, p, e) < 0 ||
	    profile_copy(out, FOLDER, file, buf_bytes(&text), has_pfx, e) < 0 ||
	    profile_gateway_roots(out, p, FOLDER, PROFILE_ROOT_CER, e) < 0)
		return -1;
	return has_pfx ? profile_copy(out, FOLDER, "client.p12", mobileconfig_pfx_of(p), true, e) : 0;
}

static const char road_a[] =
    "Install the profile (section A), or make the connection by hand if profiles are not allowed (section B).\n\n"
    "## A. The profile\n\n"
    "1. Copy the file in this folder that ends with `.mobileconfig` to the device (AirDrop, mail, a web page), over a\n"
    "   private channel: it lets its owner connect. Delete it afterwards. The system shows it as not verified, unless\n"
    "   it is signed.\n"
    "2. macOS: double-click the file, open **System Settings > Privacy & Security > Profiles** (before macOS 13:\n"
    "   **System Preferences > Profiles**) and select **Install**. iPhone and iPad: tap the file, open **Settings >\n"
    "   General > VPN & Device Management** and select **Install**.\n";
static const char road_a_key[][240] = {
	[PROFILE_KEY_PFX] = "3. Enter the password of the PKCS#12 if the system asks for it.\n",
	[PROFILE_KEY_SCEP] = "3. The device makes its own key and fetches the certificate from the enrolment server.\n",
	[PROFILE_KEY_ACME] = "3. The device makes its own key and fetches the certificate from the enrolment server.\n",
};
static const char road_b_roots[] =
    "4. Switch the connection @NAME@ on: **System Settings > VPN**, or **Settings > VPN**.\n\n"
    "Server Address and Remote ID are\n"
    "@SERVER@.\n"
    "The Local ID is @LOCAL_ID@.\n\n"
    "## B. By hand (macOS)\n\n"
    "### Install the certificates\n\n"
    "1. Copy the gateway's root certificates to the Mac and double-click each of them. If **Add Certificates**\n"
    "   appears, choose the keychain **login** and select **Add**. Install all of them: Microsoft changes the\n"
    "   gateway's root from time to time.\n";
static const char road_b[] =
    "2. Double-click `client.p12`, choose the keychain **login**, and enter its password. (If the device made the key\n"
    "   itself, there is no such file.)\n"
    "3. Check that **Keychain Access > Certificates** lists @LOCAL_ID@, with a private key below it, and the\n"
    "   gateway's roots.\n\n"
    "### Make the connection\n\n"
    "1. Select **System Preferences > Network > +** (macOS 13 and later: **System Settings > VPN > Add VPN\n"
    "   Configuration**), Interface **VPN**, VPN Type **IKEv2**, Service Name @NAME@, **Create**.\n"
    "2. **Server Address**:\n"
    "   @SERVER@\n"
    "3. **Remote ID**: the same name in full, not an IP address.\n"
    "4. **Local ID**: @LOCAL_ID@, the name in the certificate.\n"
    "5. Select the certificate:\n"
    "   * Catalina: **Authentication Settings > None**, then **Certificate > Select**, @LOCAL_ID@, **OK**.\n"
    "   * Big Sur and later: **Authentication Settings > Certificate > Select**; in **Choose An Identity**, select\n"
    "     @LOCAL_ID@, then **Continue** and **OK**.\n"
    "6. Select **Apply**, then **Connect**.\n\n"
    "A connection that was made by hand has no perfect forward secrecy, and may drop after about 20 minutes. The\n"
    "profile sets it.\n";
static const char up[] =
    "* The status says **Connected** and shows the address that the gateway assigned.\n"
    "* In a terminal: `scutil --nc list`, `ifconfig`, `netstat -rn`, and `scutil --dns` for the DNS servers.\n";

static int mobileconfig_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, road_a, p, e) < 0 || profile_install(out, road_a_key[p->key], p, e) < 0 ||
	    profile_install(out, road_b_roots, p, e) < 0 || profile_list_roots(out, p, e) < 0 ||
	    profile_install(out, road_b, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_BULLETS, up, e);
}

const struct profile_format profile_mobileconfig = {
	.name = "mobileconfig",
	.summary = "macOS and iOS, IKEv2: a configuration profile, and the steps by hand",
	.keys = 1u << PROFILE_KEY_PFX | 1u << PROFILE_KEY_SCEP | 1u << PROFILE_KEY_ACME,
	.why_not = "Apple's IKEv2 client cannot use a key on a token: on a Mac use --for openvpn with Tunnelblick, "
		   "which supports PKCS#11; on iPhone and iPad use a PKCS#12 (--pfx), or a key that the device "
		   "makes (--scep, --acme)",
	.needs_ikev2 = true,
	.rule_set = "apple",
	.write = mobileconfig_write_files,
	.install = mobileconfig_install,
};
