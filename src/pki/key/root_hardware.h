/* SPDX-License-Identifier: MIT */
/* root_hardware.h - roots whose keys no hardware protects. */
#ifndef PKI_KEY_ROOT_HARDWARE_H
#define PKI_KEY_ROOT_HARDWARE_H

#include "pki/op.h"

/* Does the token that the ledger names for this key keep its keys in files?  By manufacturer, model and module. */
bool root_is_in_file(const struct key_row *key);
/* Roots of a test ledger may be anywhere. */
bool root_may_be_in_file(const struct pki *p);
/*
 * For a root that is to be made, adopted, attached, renewed or installed on op's card, which is open: warns where that
 * keeps its keys in files, unless the home is a test home.  -1 (ERR_POLICY, "root-in-file-refused"): p11ca.conf
 * requires hardware.
 */
int root_check_hardware(struct op *op, struct err *e) MUST_CHECK;
/* The warning about a root of the ledger. */
void root_warn_of_file(const struct pki *p, const struct root_row *root, const struct key_row *key);

#endif
