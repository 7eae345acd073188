/* SPDX-License-Identifier: MIT */
/* process.h - what a process that handles PINs does before anything else. */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <stdbool.h>

#include "util/err.h"

/*
 * No core dumps, not traceable (prctl(2), PR_SET_DUMPABLE), umask 077, SIGPIPE ignored, SIGINT and SIGTERM
 * noted.  A closed descriptor 0, 1 or 2 is filled, so that no file of ours becomes "standard output"; one
 * that was closed still fails when it is used.  -1 (ERR_INTERNAL): the system refuses.
 */
int process_harden(struct err *e) MUST_CHECK;
bool process_stop_seen(void); /* SIGINT or SIGTERM came */

#endif
