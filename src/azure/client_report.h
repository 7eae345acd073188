/* SPDX-License-Identifier: MIT */
/* client_report.h - reports of client machines: the script that collects a report, the reader and the rules. */
#ifndef AZURE_CLIENT_REPORT_H
#define AZURE_CLIENT_REPORT_H

#include "azure/package.h"
#include "model/client_report.h"
#include "model/finding.h"

/*
 * PowerShell for Windows 10 and later: prints the report as ASCII JSON, writes and changes nothing. It works without
 * administrator rights, but reads more with them.
 */
extern const char *const collect_windows[]; /* parts of the script; NULL ends the list */

/*
 * Reads the script's output ("-": standard input), also a UTF-16 file, which PowerShell's `>` writes. read_cert:
 * as for package_read(). The content is not trusted: an unreadable certificate is recorded by its
 * thumbprint alone, an unreadable EAP configuration counts as missing.
 * Limits: 4 MiB, 8,192 objects and lists, 65,536 values, and those of struct client_report.
 * *out is zeroed before; the caller owns its content, also on failure.
 * -1 (ERR_INPUT), by err.code: "report-format" (not JSON, not a report, a value of another type), "report-limit";
 * ERR_OUTPUT: reading failed.
 */
int client_report_read(
    struct client_report *out, const char *path, package_cert_fn *read_cert, struct err *e) MUST_CHECK;

/* eap_xml.c: reads EapHostConfig into vpn. -1 (ERR_INPUT): as xml_read(), or not Microsoft's format. */
int eap_xml_read(struct report_vpn *vpn, struct bytes text, struct err *e) MUST_CHECK;

/*
 * report_rules.c: set "report"; needs FACT_REPORT; some rules FACT_CERT (the client's), FACT_CHAIN (its root),
 * FACT_PACKAGE, FACT_TOKEN (its card).
 */
extern const struct rule rules_report[];

#endif
