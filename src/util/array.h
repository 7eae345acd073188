/* SPDX-License-Identifier: MIT */
/* array.h - the number of elements of an array. */
#ifndef UTIL_ARRAY_H
#define UTIL_ARRAY_H

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
