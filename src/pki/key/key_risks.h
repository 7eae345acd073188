/* SPDX-License-Identifier: MIT */
/* key_risks.h - the risks of a key on a token as letters; `p11ca explain` describes each. */
#ifndef PKI_KEY_KEY_RISKS_H
#define PKI_KEY_KEY_RISKS_H

#include "model/evidence.h"
#include "model/key_ref.h"

#define KEY_RISKS_MAX 160        /* all letters, with the NUL */
/* "XTR NLO", or "" for no risk. key: the certificates beside the key, with their risks CRT and CRO; may be NULL. */
void key_risks_spell(char *out, size_t size, const struct key_evidence *ev, const struct key_ref *key);

#endif
