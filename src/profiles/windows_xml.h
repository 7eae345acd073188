/* SPDX-License-Identifier: MIT */
/* windows_xml.h - the two XML documents of Windows: EapHostConfig and VPNv2's ProfileXML. */
#ifndef PROFILES_WINDOWS_XML_H
#define PROFILES_WINDOWS_XML_H

#include "model/vpn_profile.h"
#include "util/err.h"

/*
 * EAP-TLS (type 13), as the script in Azure's own package has it: the certificate store with CAHashList of our root, or
 * <SmartCard/> on request; the gateway's roots as TrustedRootCA.  Schemas: EapHostConfig, EapCommon,
 * BaseEapConnectionPropertiesV1, EapTlsConnectionPropertiesV1 to V3 (they come with Windows, in schemas\EAPMethods).
 * flags: of xml_open().
 */
int windows_eap(struct buf *out, const struct vpn_profile *p, unsigned flags, struct err *e) MUST_CHECK;

/* ProfileXML (VPNv2 CSP): split tunnel with the package's routes and DNS; the device's, or the user's with EAP-TLS. */
int windows_profile(struct buf *out, const struct vpn_profile *p, bool is_device, unsigned flags, struct err *e)
    MUST_CHECK;

/* Bytes of lower-case hex as Windows writes hashes in them: "DF 3C … A4 ", upper case, a blank after each. */
#define WINDOWS_HASH 64
void windows_hash(char out[WINDOWS_HASH], const char *thumbprint);

/*
 * Adds root.cer, issuer-N.cer, VpnServerRoot-N.cer and, for PROFILE_KEY_PFX, client.pfx to folder.
 * -1 (ERR_INPUT): none there.
 */
int windows_certificates(struct profile_files *out, const char *folder, const struct vpn_profile *p, struct err *e)
    MUST_CHECK;

/*
 * Adds install.ps1 to the folder: text with the blanks NAME, SERVER, CLIENT, ROOT (thumbprints, upper case), PFX
 * ('client.pfx' or ''), XML, and the lists ROUTES, ROOTS ('VpnServerRoot-1.cer' = 'thumbprint' …), ISSUERS.  xml is the
 * document that the script carries with it.
 */
int windows_script(struct profile_files *out, const char *folder, const char *text, const struct vpn_profile *p,
    const struct buf *xml, struct err *e) MUST_CHECK;

#endif
