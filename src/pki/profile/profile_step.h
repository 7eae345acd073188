/* SPDX-License-Identifier: MIT */
/* profile_step.h - the step of an operation that writes profiles. */
#ifndef PKI_PROFILE_PROFILE_STEP_H
#define PKI_PROFILE_PROFILE_STEP_H

#include "pki/step.h"

extern const struct op_step step_write_profiles;

#endif
