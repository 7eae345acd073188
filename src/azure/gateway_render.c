/* SPDX-License-Identifier: MIT */
/* gateway_render.c - see gateway.h. */
#include "azure/gateway.h"

#include <string.h>

#include "azure/net.h"

bool gateway_is_network(const char *text)
{
	struct ip_net net;

	return ip_net_parse(&net, (struct bytes){ (const void *)text, strlen(text) });
}
