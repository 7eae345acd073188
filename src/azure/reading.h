/* SPDX-License-Identifier: MIT */
/* reading.h - a package while it is read, and the files that fill it. */
#ifndef AZURE_READING_H
#define AZURE_READING_H

#include "azure/package.h"

struct reading {
	struct package *out;
	package_cert_fn *read_cert;
};

/*
 * Each reads one file (text: a NUL behind it) into r->out.  A value that another file gave is kept.
 * -1 (ERR_INPUT): codes as package_read() has them.
 */
int settings_xml_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;  /* VpnSettings.xml */
int azurevpn_xml_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;  /* azurevpnconfig*.xml */
int ovpn_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;          /* vpnconfig.ovpn */
int setup_ps1_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;     /* VpnProfileSetup.ps1 */

/* What several files have.  name: what it was read from, for messages. */
int reading_add_root(struct reading *r, const char *name, struct bytes file, struct err *e) MUST_CHECK; /* each once */
int reading_set_server(struct reading *r, const char *name, struct bytes host, struct err *e) MUST_CHECK;
/* 40 hex digits, blanks between them allowed, to lower case.  "package-value": it is none. */
int reading_thumbprint(char out[SHA1_HEX], const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* Each once. */
int reading_add_issuer(struct reading *r, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* Copies a harmless text of at most size - 1 bytes.  "package-value": it is none. */
int reading_text(char *out, size_t size, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* "package-format": the file has NULs or is not UTF-8. */
int reading_check_text(struct bytes text, struct err *e) MUST_CHECK;

#endif
