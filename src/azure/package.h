/* SPDX-License-Identifier: MIT */
/* package.h - reads the package that Azure generates: zip, unpacked folder, or a lone VpnSettings.xml.  Never extracts. */
#ifndef AZURE_PACKAGE_H
#define AZURE_PACKAGE_H

#include "model/package.h"
#include "util/err.h"

/*
 * Reads a .zip (backslashes in names, VpnServerRoot.cer and .cer_N, DER or PEM), a folder of the same layout, or a
 * VpnSettings.xml alone.  Both generations of the XML.  Bounds: 64 MiB of zip, 256 entries, 1 MiB for each file that is
 * read (counted while inflating), nothing else is inflated.  out is { 0 } before; owned by the caller also on failure.
 * -1 (ERR_INPUT): not a package, encrypted, truncated, an entry name that is absolute, has `..`, or is there twice
 * (a\\b and a/b are one name), a link, any DTD or entity, wrong root element, a value that is none; ERR_OUTPUT: cannot
 * be read.
 */
int package_read(struct package *out, const char *path, struct err *e) MUST_CHECK;

extern const struct rule rules_package[]; /* rules.c: set "package"; FACT_PACKAGE, some FACT_CHAIN (our root) */

#endif
