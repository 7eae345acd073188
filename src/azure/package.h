/* SPDX-License-Identifier: MIT */
/* package.h - reads the VPN client package that Azure generates: zip, folder or VpnSettings.xml. Extracts no file. */
#ifndef AZURE_PACKAGE_H
#define AZURE_PACKAGE_H

#include "model/finding.h"
#include "model/package.h"
#include "util/err.h"

/*
 * Reads the certificate in file (DER, PEM or bare base64): appends its DER to der and fills *out, which borrows der.
 * pki passes this function, because azure/ does not depend on x509/. -1 (ERR_INPUT): not a certificate.
 */
typedef int package_cert_fn(struct cert_info *out, struct buf *der, struct bytes file, struct err *e);

/*
 * Reads a .zip (backslashes in names, VpnServerRoot.cer and .cer_N, DER or PEM), a folder of the same layout or its
 * Generic folder, or a VpnSettings.xml alone ("-": zip or XML from standard input); both generations of the XML.
 * Limits: 64 MiB of zip, 256 entries, 1 MiB for each file that is read (counted while inflating); other files are not
 * inflated. Without Generic/, azurevpnconfig*.xml or vpnconfig.ovpn states the server; the roots of all files are
 * read, each once, VpnSettings.xml first. *out is zeroed before; the caller owns its content, also on failure.
 * -1 (ERR_INPUT), by err.code: "package-format" (not a package, encrypted, truncated, wrong root element, NULs, not
 * UTF-8, not well-formed, an element twice), "package-name" (an entry name that is absolute, has `..`, or is
 * repeated: a\\b and a/b are the same name, in any case; a link), "package-limit" (more than the limits, or a claimed
 * size beyond them), "package-dtd" (any DTD or entity), "package-value" (an invalid value, named in the message); or
 * as read_cert. ERR_OUTPUT: reading failed.
 */
int package_read(struct package *out, const char *path, package_cert_fn *read_cert, struct err *e) MUST_CHECK;

/* One difference of two packages. Text is safe to print and never contains a secret. */
struct package_change {
	const char *what;            /* static: "server", "route" and so on, see diff.c */
	char old[256], new[256];     /* "" = the value was added or removed */
	const char *formats;         /* static: formats whose profiles must be written again, "a,b"; "" = none */
};
typedef int package_change_fn(const struct package_change *c, void *arg, struct err *e);
/*
 * Calls fn for each difference: fields in the order of diff.c, elements in the order of the packages, removed
 * elements before added ones. -1: as fn, ERR_INTERNAL (memory).
 */
int package_diff(const struct package *old, const struct package *new, package_change_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

/* Appends the block <tls-auth> of vpnconfig.ovpn with LF; nothing if the package has no key. The block is secret. */
int package_tls_auth(struct buf *out, const struct package *p, struct err *e) MUST_CHECK;

/*
 * True if OpenVPN accepts Microsoft Entra ID only: azurevpnconfig.xml states aad, and no file is for certificates.
 * VpnSettings.xml states EAPTLS in such a package too.
 */
bool package_is_aad_only(const struct package *p);

/* rules.c: sets "package" and RULES_CLIENTS; needs FACT_PACKAGE; some rules FACT_CHAIN (the client's root) */
extern const struct rule rules_package[];
/* agree.c: the same sets; needs FACT_PACKAGE */
extern const struct rule rules_package_files[];

#endif
