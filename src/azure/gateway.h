/* SPDX-License-Identifier: MIT */
/* gateway.h - what a gateway is to be, by Azure's rules. */
#ifndef AZURE_GATEWAY_H
#define AZURE_GATEWAY_H

#include <stdbool.h>

/* "172.16.201.0/24": an address and a prefix, as ip_net_parse() takes it. */
bool gateway_is_network(const char *text);

#endif
