/* SPDX-License-Identifier: MIT */
/* falsify.h - lies about keys, for p11fault.c. */
#ifndef FALSIFY_H
#define FALSIFY_H

#include <p11-kit/pkcs11.h>

/* Puts functions that follow P11FAULT_LIES in front of those of the list. */
void falsify_install(CK_FUNCTION_LIST *list);

#endif
