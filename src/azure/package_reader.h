/* SPDX-License-Identifier: MIT */
/* package_reader.h - a package while it is read, and the files that fill it. */
#ifndef AZURE_PACKAGE_READER_H
#define AZURE_PACKAGE_READER_H

#include "azure/package.h"

struct reading {
	struct package *out;
	package_cert_fn *read_cert;
	enum package_file file;      /* that is being read */
	struct ip_net route;         /* azurevpnconfig.xml: the destination that the next mask belongs to */
};

/*
 * Each reads one file (text: a NUL behind it) into r->out.  A value that another file gave is kept.
 * -1 (ERR_INPUT): codes as package_read() has them.
 */
int settings_xml_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;  /* VpnSettings.xml */
int azurevpn_xml_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;  /* azurevpnconfig*.xml */
int ovpn_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;          /* vpnconfig.ovpn */
int setup_ps1_read(struct reading *r, struct bytes text, struct err *e) MUST_CHECK;     /* VpnProfileSetup.ps1 */

/* Records that the file states this; text: at most 253 bytes, harmless, in the form that package.h says. */
int package_reader_state(struct reading *r, enum package_subject subject, const char *text, struct err *e) MUST_CHECK;
/* Records a network as network/prefix, without bits beyond the prefix. */
int package_reader_state_net(struct reading *r, const struct ip_net *net, struct err *e) MUST_CHECK;
/* Records the address of a name server. */
int package_reader_state_dns(struct reading *r, const struct ip_net *address, struct err *e) MUST_CHECK;
/* Records an OpenVPN static key by its SHA-256. */
int package_reader_state_key(struct reading *r, struct bytes key, struct err *e) MUST_CHECK;

/* What several files have.  name: what it was read from, for messages. */
int package_reader_add_root(
    struct reading *r, const char *name, struct bytes file, struct err *e) MUST_CHECK; /* each once */
int package_reader_set_server(struct reading *r, const char *name, struct bytes host, struct err *e) MUST_CHECK;
/* Records the name of the network; the first file's is kept. */
int package_reader_set_vnet(struct reading *r, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* 40 hex digits, blanks between them allowed, to lower case.  "package-value": it is none. */
int package_reader_thumbprint(char out[SHA1_HEX], const char *name, struct bytes text, struct err *e) MUST_CHECK;
/*
 * Of a gateway's list of revoked certificates: NULL, and out is the thumbprint; else what is wrong, as static text, and
 * out the thumbprint where it can be recognised.  text.at NULL: there is none.
 */
const char *package_reader_thumbprint_problem(char out[SHA1_HEX], struct bytes text);
/* Each once. */
int package_reader_add_issuer(struct reading *r, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* Copies a harmless text of at most size - 1 bytes.  "package-value": it is none. */
int package_reader_text(char *out, size_t size, const char *name, struct bytes text, struct err *e) MUST_CHECK;
/* "package-format": the file has NULs or is not UTF-8. */
int package_reader_check_text(struct bytes text, struct err *e) MUST_CHECK;

#endif
