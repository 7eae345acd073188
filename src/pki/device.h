/* SPDX-License-Identifier: MIT */
/* device.h - names of the devices of a client. */
#ifndef PKI_DEVICE_H
#define PKI_DEVICE_H

#include "util/err.h"

/* -1 (ERR_USAGE, "device-name"): not a device name, which has 1 to 64 harmless characters; "" stands for no device. */
int device_check(const char *device, struct err *e) MUST_CHECK;

#endif
