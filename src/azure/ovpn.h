/* SPDX-License-Identifier: MIT */
/*
 * ovpn.h - reads OpenVPN/vpnconfig.ovpn by an allow list of the options and inline files that Azure writes.
 *
 * Options run programs, load code and name files, and new versions of OpenVPN add more (openvpn(8)), so a list of
 * dangerous options would never be complete.
 */
#ifndef AZURE_OVPN_H
#define AZURE_OVPN_H

#include "azure/package_reader.h"

/* openvpn(8): a line has at most 255 bytes with its end; OpenVPN reads the rest as another line. */
#define OVPN_LINE_MAX 255

/* Ids of the rules that report lines which Azure does not write: codes of the faults. */
#define OVPN_OPTION "package-ovpn-option"         /* an option, or an argument of an option */
#define OVPN_BLOCK "package-ovpn-block"           /* an inline file, or its content */
#define OVPN_INCOMPLETE "package-ovpn-incomplete" /* an option or inline file that is missing or repeated */

/*
 * ovpn_fault.c.  Adds a fault, or counts it where there is no room.  line: from 1; 0 = the whole file.  text: may be
 * untrusted.
 */
void ovpn_fault(struct package_ovpn *o, const char *code, unsigned line, const char *fmt, ...)
    __attribute__((__format__(__printf__, 4, 5)));

/*
 * Reads one option without its line end. row: bits of the options read so far.
 * -1 (ERR_INTERNAL): memory. An option that Azure does not write becomes a fault.
 */
int ovpn_option(struct reading *r, unsigned line, struct bytes text, unsigned *seen, struct err *e) MUST_CHECK;
/* Adds a fault for each missing option that profiles need. */
void ovpn_options_missing(struct package_ovpn *o, unsigned seen);

/* The inline file that is being read. */
struct ovpn_block {
	const struct ovpn_block_form *form; /* NULL: no block is open, or a block that Azure does not write */
	char end[40];                /* "</ca>"; "" = no inline file is open */
	bool is_faulty;              /* each block reports one fault only */
	struct buf pem;              /* <ca>: the certificate being read */
	unsigned char key[OVPN_KEY_LEN];
	size_t key_len;
	enum { BLOCK_HEAD, BLOCK_BODY, BLOCK_DONE } state;
	unsigned seen;               /* bits of the inline files read so far */
};
/* Opens the block that begins with this line. */
void ovpn_block_open(struct ovpn_block *b, struct package_ovpn *o, unsigned line, struct bytes text);
/* Reads one line of the open block, or its end. -1: a certificate as package_reader_add_root(), ERR_INTERNAL. */
int ovpn_block_line(struct ovpn_block *b, struct reading *r, unsigned line, struct bytes text, struct err *e)
    MUST_CHECK;
/* Adds a fault for a block without end and for each missing block. */
void ovpn_blocks_missing(const struct ovpn_block *b, struct package_ovpn *o);

#endif
