/* SPDX-License-Identifier: MIT */
/* package.h - reads the package that Azure generates: zip, folder, or a lone VpnSettings.xml.  Never extracts. */
#ifndef AZURE_PACKAGE_H
#define AZURE_PACKAGE_H

#include "model/finding.h"
#include "model/package.h"
#include "util/err.h"

/*
 * Reads the one certificate in file (DER, PEM or bare base64): appends its DER to der, fills out, which borrows der.
 * x509/ knows certificates, azure/ does not know x509/: pki hands this in.  -1 (ERR_INPUT): it is none.
 */
typedef int package_cert_fn(struct cert_info *out, struct buf *der, struct bytes file, struct err *e);

/*
 * Reads a .zip (backslashes in names, VpnServerRoot.cer and .cer_N, DER or PEM), a folder of the same layout or its
 * Generic folder, or a VpnSettings.xml alone ("-": zip or XML from standard input).  Both generations of the XML.
 * Bounds: 64 MiB of zip, 256 entries, 1 MiB for each file that is read (counted while inflating), nothing else is
 * inflated.  Without Generic/ the server is the one of azurevpnconfig*.xml or vpnconfig.ovpn; the roots are those of
 * all files, each once, VpnSettings.xml first.  out is { 0 } before; owned by the caller also on failure.
 * -1 (ERR_INPUT), by err.code: "package-format" (not a package, encrypted, truncated, wrong root element, NULs, not
 * UTF-8, not well-formed, an element twice), "package-name" (an entry name that is absolute, has `..`, or is there
 * twice: a\\b and a/b are one name, in any case; a link), "package-limit" (more than the bounds, or a size that is
 * claimed), "package-dtd" (any DTD or entity), "package-value" (a value that is none; what names it); or as
 * read_cert.  ERR_OUTPUT: cannot be read.
 */
int package_read(struct package *out, const char *path, package_cert_fn *read_cert, struct err *e) MUST_CHECK;

/* What one difference of two packages is.  Text is safe to print; a secret is never in it. */
struct package_change {
	const char *what;            /* static: "server", "route", … as diff.c lists them */
	char old[256], new[256];     /* "" = was not there, is no longer there */
	const char *formats;         /* static: profile formats that break until written anew, "a,b"; "" = none does */
};
typedef int package_change_fn(const struct package_change *c, void *arg, struct err *e);
/*
 * Calls fn for each difference: fields in the order of diff.c, elements in the order of the packages, those that went
 * before those that came.  -1: as fn, ERR_INTERNAL (no memory).
 */
int package_diff(const struct package *old, const struct package *new, package_change_fn *fn, void *arg, struct err *e)
    MUST_CHECK;

/* The block <tls-auth> of vpnconfig.ovpn with LF, appended; nothing where there is none.  A secret. */
int package_tls_auth(struct buf *out, const struct package *p, struct err *e) MUST_CHECK;

/*
 * True where OpenVPN is for Microsoft Entra ID alone: azurevpnconfig.xml says aad and no file is for certificates.
 * VpnSettings.xml says EAPTLS in such a package too.
 */
bool package_is_aad_only(const struct package *p);

/* rules.c: sets "package" and clients'; FACT_PACKAGE, some FACT_CHAIN (our root) */
extern const struct rule rules_package[];
/* agree.c: the same sets; FACT_PACKAGE */
extern const struct rule rules_package_files[];

#endif
