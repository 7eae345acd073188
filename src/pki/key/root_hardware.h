/* SPDX-License-Identifier: MIT */
/* root_hardware.h - warns about or refuses roots on tokens that keep keys in files. */
#ifndef PKI_KEY_ROOT_HARDWARE_H
#define PKI_KEY_ROOT_HARDWARE_H

#include "pki/key/key_job.h"

/* Whether the token recorded for this key keeps keys in files, by its manufacturer, model and module. */
bool root_is_in_file(const struct key_row *key);
/* Roots of a test ledger may be on any token. */
bool root_may_be_in_file(const struct pki *p);
/*
 * For a root to be made, adopted, attached, renewed or installed on the open token: warns if the token keeps keys in
 * files, except in a test ledger. -1 (ERR_POLICY, "root-in-file-refused"): p11ca.conf requires hardware.
 */
int root_check_hardware(struct key_job *job, struct err *e) MUST_CHECK;
/* Warns about a root of the ledger. */
void root_warn_of_file(const struct pki *p, const struct root_row *root, const struct key_row *key);

#endif
