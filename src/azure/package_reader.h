/* SPDX-License-Identifier: MIT */
/* package_reader.h - the state of reading a package, and the functions that read its files. */
#ifndef AZURE_PACKAGE_READER_H
#define AZURE_PACKAGE_READER_H

#include "azure/package.h"

struct reading {
	struct package *out;
	package_cert_fn *read_cert;
	enum package_file file;      /* the file being read */
	struct ip_net route;         /* azurevpnconfig.xml: the destination for the next mask */
};

/*
 * Each function reads one file (text: followed by a NUL) into r->out. A value of an earlier file is kept.
 * -1 (ERR_INPUT): codes as for package_read().
 */
int settings_xml_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;  /* VpnSettings.xml */
int azurevpn_xml_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;  /* azurevpnconfig*.xml */
int ovpn_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;          /* vpnconfig.ovpn */
int setup_ps1_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;     /* VpnProfileSetup.ps1 */

/* Records that the file states this value; text: at most 253 bytes, sanitised, normalised as in package.h. */
int package_reader_state(struct reading *r, enum package_subject subject, const char *text, struct err *e) MUST_CHECK;
/* Records a network as network/prefix without host bits. */
int package_reader_state_net(struct reading *r, const struct ip_net *net, struct err *e) MUST_CHECK;
/* Records the address of a name server. */
int package_reader_state_dns(struct reading *r, const struct ip_net *address, struct err *e) MUST_CHECK;
/* Records an OpenVPN static key by its SHA-256. */
int package_reader_state_key(struct reading *r, struct bytes key, struct err *e) MUST_CHECK;

/* Values that several files have. name: the element, for messages. */
int package_reader_add_root(
    struct reading *r, const char *name, struct bytes file, struct err *e) MUST_CHECK; /* skips duplicates */
int package_reader_set_server(struct reading *r, const char *name, struct bytes host, struct err *e) MUST_CHECK;
/* Records the name of the network; the name in the first file is kept. */
int package_reader_set_vnet(struct reading *r, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* Parses 40 hex digits, spaces between them allowed, into lower case. -1: "package-value". */
int package_reader_thumbprint(char out[SHA1_HEX], const char *name, struct bytes text, struct err *e) MUST_CHECK;
/*
 * Checks a thumbprint of a gateway's revocation list. NULL: valid, out is the thumbprint. Otherwise the problem as
 * static text, and out is the thumbprint if it can be recognised. text.data NULL: no thumbprint.
 */
const char *package_reader_thumbprint_problem(char out[SHA1_HEX], struct bytes text);
/* Skips duplicates. */
int package_reader_add_issuer(struct reading *r, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* Copies a printable text of at most size - 1 bytes. -1: "package-value". */
int package_reader_text(char *out, size_t size, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* "package-format": the file has NULs or is not UTF-8. */
int package_reader_check_text(struct bytes text, struct err *e) MUST_CHECK;

#endif
