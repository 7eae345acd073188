#!/bin/sh
# SPDX-License-Identifier: MIT
# jobs.t - the compiler sees a step that uses more than the job of its list has.
. "$srcdir/tests/tap.sh"
head='#include "pki/op.h"
struct narrow_job { struct op op; int n; };
struct wide_job { struct narrow_job narrow; int m; };
struct late_job { int n; struct op op; };
#define narrow_job_STEPS op_STEPS, const struct narrow_job_step *: 0
JOB_DEFINE(narrow_job, op);
#define wide_job_STEPS narrow_job_STEPS, const struct wide_job_step *: 0
JOB_DEFINE(wide_job, narrow.op);
int narrow_run(struct narrow_job *job, struct err *e);
int wide_run(struct wide_job *job, struct err *e);
static const struct narrow_job_step narrow = { STEP_OF(narrow_job, "narrow"), .run = narrow_run };
static const struct wide_job_step wide = { STEP_OF(wide_job, "wide"), .run = wide_run };
extern const struct narrow_job_list narrow_list[];
const struct narrow_job_list narrow_list[] = { STEP(narrow_job, narrow), STEPS_END };
extern const struct wide_job_list wide_list[];
const struct wide_job_list wide_list[] = { STEP(wide_job, narrow), STEP(wide_job, wide), STEPS_END };
'
# compiles NAME EXPECTED-STATUS CODE
compiles() {
	printf '%s%s\n' "$head" "$3" >"$WORK/x.c"
	check "$1" "$2" $CC $TEST_CPPFLAGS -I"$srcdir/src" -I"$srcdir" -D_GNU_SOURCE -std=gnu11 -Wall -Wextra -Werror \
	    -c -o "$WORK/x.o" "$WORK/x.c"
}
compiles "a list takes steps of its job and of the job that this begins with" 0 ''
compiles "a step of a wider job is refused" 1 'const struct narrow_job_list l[] = { STEP(narrow_job, wide), STEPS_END };'
compiles "a function of another job is refused" 1 \
	'const struct narrow_job_step s = { STEP_OF(narrow_job, "s"), .run = wide_run };'
compiles "a list runs with its job" 0 'int run(struct wide_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{ return wide_job_run(wide_list, job, mode, o, e); }'
compiles "a list does not run with another job" 1 \
	'int run(struct narrow_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{ return narrow_job_run(wide_list, job, mode, o, e); }'
compiles "a job that does not begin with its op is refused" 1 '#define late_job_STEPS op_STEPS
JOB_DEFINE(late_job, op);'
plan
