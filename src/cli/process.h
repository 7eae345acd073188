/* SPDX-License-Identifier: MIT */
/* process.h - protects a process that handles PINs: no core dumps, no tracing, signals recorded. */
#ifndef CLI_PROCESS_H
#define CLI_PROCESS_H

#include <stdbool.h>

#include "util/err.h"

/*
 * No core dumps, not traceable (prctl(2), PR_SET_DUMPABLE), umask 077, SIGPIPE ignored, SIGINT and SIGTERM recorded.
 * A closed descriptor 0, 1 or 2 is opened, so that no file of p11ca gets the number of a standard stream; using 0 or
 * 1 then still fails. -1 (ERR_INTERNAL): a system call failed.
 */
int process_harden(struct err *e) MUST_CHECK;
bool process_stop_seen(void); /* SIGINT or SIGTERM was received */

#endif
