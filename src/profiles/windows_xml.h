/* SPDX-License-Identifier: MIT */
/* windows_xml.h - the two XML documents of Windows VPN connections: EapHostConfig and VPNv2's ProfileXML. */
#ifndef PROFILES_WINDOWS_XML_H
#define PROFILES_WINDOWS_XML_H

#include "model/vpn_profile.h"
#include "util/err.h"

/*
 * EAP-TLS (type 13), as in the script of Azure's package: the certificate store with the client's root in CAHashList,
 * or <SmartCard/> on request; the gateway's roots as TrustedRootCA. Schemas: EapHostConfig, EapCommon,
 * BaseEapConnectionPropertiesV1, EapTlsConnectionPropertiesV1 to V3 (part of Windows, in schemas\EAPMethods). flags:
 * of xml_open().
 */
int windows_eap(struct buf *out, const struct vpn_profile *p, unsigned flags, struct err *e) MUST_CHECK;

/*
 * ProfileXML (VPNv2 CSP): split tunnel with the package's routes and DNS; device tunnel, or user tunnel with EAP-TLS.
 */
int windows_profile(struct buf *out, const struct vpn_profile *p, bool is_device, unsigned flags, struct err *e)
    MUST_CHECK;

/* Converts lower-case hex to Windows' form: "DF 3C … A4 ", upper case, a space after each byte. */
#define WINDOWS_HASH 64
void windows_hash(char out[WINDOWS_HASH], const char *thumbprint);

/*
 * Adds root.cer, issuer-N.cer, VpnServerRoot-N.cer and, for PROFILE_KEY_PFX, client.pfx to folder.
 * -1 (ERR_INPUT): the package has no root, or the profile no PKCS#12.
 */
int windows_certificates(struct profile_files *out, const char *folder, const struct vpn_profile *p, struct err *e)
    MUST_CHECK;

/*
 * Adds install.ps1 to the folder: text with the template variables NAME, SERVER, CLIENT, ROOT (thumbprints, upper
 * case), PFX ('client.pfx' or ''), XML, and the lists ROUTES, ROOTS ('VpnServerRoot-1.cer' = 'thumbprint' …),
 * ISSUERS. xml is the document that the script contains.
 */
int windows_script(struct profile_files *out, const char *folder, const char *text, const struct vpn_profile *p,
    const struct buf *xml, struct err *e) MUST_CHECK;

#endif
