/* SPDX-License-Identifier: MIT */
/* pfx_encryption.h - how a PKCS#12 is encrypted, as far as visible without its password. */
#ifndef MODEL_PFX_ENCRYPTION_H
#define MODEL_PFX_ENCRYPTION_H

#include <stdbool.h>

struct pfx_encryption {
	char ciphers[120];           /* OpenSSL's names, each once, comma-separated; "none": the key is not encrypted */
	char mac[40];                /* digest of the MAC, "PBMAC1" (RFC 9579), or "none" */
	bool is_legacy;              /* only 3DES or RC2 (RFC 7292, appendix C), and a MAC with SHA-1 */
	bool has_rc;                 /* includes RC2 or RC4 */
};

#endif
