/* SPDX-License-Identifier: MIT */
/* root_name.h - names of roots. */
#ifndef PKI_ROOT_ROOT_NAME_H
#define PKI_ROOT_ROOT_NAME_H

#include "util/err.h"

/* -1 (ERR_USAGE): invalid name for a root: 1 to 64 of A-Z a-z 0-9 . _ - */
int root_check_name(const char *name, struct err *e) MUST_CHECK;

#endif
