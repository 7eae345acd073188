/* SPDX-License-Identifier: MIT */
/* client_report.h - what a client's machine says of itself: the script that asks it, and its answer read and judged. */
#ifndef AZURE_CLIENT_REPORT_H
#define AZURE_CLIENT_REPORT_H

#include "azure/package.h"
#include "model/client_report.h"
#include "model/finding.h"

/*
 * PowerShell for Windows 10 and later: prints the report as JSON of ASCII, writes and changes nothing, needs no
 * administrator (but sees more as one).
 */
extern const char *const collect_windows[]; /* in parts, NULL-ended */

/*
 * Reads what it printed ("-": standard input), also from a file in UTF-16, which PowerShell's `>` writes.  read_cert:
 * as for package_read().  Nothing in it is believed: a certificate that cannot be read is known by its
 * thumbprint alone, an EAP configuration that cannot be read is none.
 * Bounds: 4 MiB, 8,192 objects and lists, 65,536 values, and those of struct client_report.
 * out is { 0 } before; owned by the caller also on failure.
 * -1 (ERR_INPUT), by err.code: "report-format" (no JSON, not such a report, a value of another type), "report-limit";
 * ERR_OUTPUT: cannot be read.
 */
int client_report_read(
    struct client_report *out, const char *path, package_cert_fn *read_cert, struct err *e) MUST_CHECK;

/* eap_xml.c: EapHostConfig into vpn.  -1 (ERR_INPUT): as xml_read(), or not Microsoft's. */
int eap_xml_read(struct report_vpn *vpn, struct bytes text, struct err *e) MUST_CHECK;

/* report_rules.c: set "report"; FACT_REPORT, some FACT_CERT (the client's), FACT_CHAIN (its root), FACT_PACKAGE,
 * FACT_TOKEN (its card). */
extern const struct rule rules_report[];

#endif
