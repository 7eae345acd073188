/* SPDX-License-Identifier: MIT */
/* package_kit.h - client packages as Azure makes them, and as it does not, for the tests of azure/. */
#ifndef TESTS_UNIT_AZURE_PACKAGE_KIT_H
#define TESTS_UNIT_AZURE_PACKAGE_KIT_H

#include <stdint.h>

#include "azure/package.h"
#include "util/bytes.h"

#define PKIT_SERVER "azuregateway-7e570000-1111-4222-8333-444455556666-0123456789ab.vpn.azure.com"

extern struct buf pkit_gateway, pkit_gateway2, pkit_ours; /* DER: two roots of gateways, one of clients */
int pkit_set_up(void **state);
int pkit_tear_down(void **state);

/* A file of tests/data/package, @WORDS@ replaced, CRLF.  Appended. */
void pkit_fixture(struct buf *out, const char *name);
/* Replaces the one place where `from` stands. */
void pkit_replace(struct buf *text, const char *from, const char *to);

struct pkit_entry {
	const char *name;            /* ends with NULL */
	struct bytes content;
	/* only in pkit_raw_zip() */
	uint16_t flags;              /* general purpose bits: 1 = encrypted */
	uint64_t claim;              /* size that the headers state; 0 = the true one; from 4 GiB on as Zip64 */
	uint8_t system;              /* 3 = Unix */
	uint32_t attributes;         /* st_mode << 16 */
};
/* By libzip, deflated; password NULL = not encrypted. */
void pkit_zip(struct buf *out, const struct pkit_entry *entries, const char *password);
/* Byte by byte, stored, with whatever the entries say. */
void pkit_raw_zip(struct buf *out, const struct pkit_entry *entries);

/* package_read() of these bytes as a file; e may be looked at afterwards. */
int pkit_read(struct package *out, struct bytes file, struct err *e);
int pkit_read_cert(struct cert_info *out, struct buf *der, struct bytes file, struct err *e);
/* A new folder of this process; pkit_tear_down() removes it and what pkit_put() put there. */
const char *pkit_folder(void);
void pkit_put(const char *name, struct bytes content); /* makes one folder of the name if it has a '/' */

struct bytes pkit_bytes(const char *text);

/*
 * pkit_read() refuses the file with this code, and `part` stands in what, in the cause or in what was being done; the
 * same of a raw zip of these entries.
 */
void pkit_refused(struct bytes file, const char *code, const char *part);
void pkit_raw_refused(const struct pkit_entry *entries, const char *code, const char *part);
/* An XML of a head, n times a middle, and a tail. */
void pkit_many(struct buf *out, const char *head, const char *middle, size_t n, const char *tail);

/* A lone VpnSettings.xml that is taken; an entry that has it; another entry. */
#define PKIT_GOOD "<VpnProfile><VpnServer>" PKIT_SERVER "</VpnServer></VpnProfile>"
#define PKIT_LIST(...) (struct pkit_entry[]){ __VA_ARGS__, { .name = NULL } }
#define PKIT_SETTINGS(n) { .name = (n), .content = pkit_bytes(PKIT_GOOD) }
#define PKIT_OTHER(n) { .name = (n), .content = pkit_bytes("x") }

/* The package of the second generation, complete; of the first. */
void pkit_new_package(struct buf *zip);
void pkit_old_package(struct buf *zip);

#endif
