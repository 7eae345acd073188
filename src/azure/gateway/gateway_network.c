/* SPDX-License-Identifier: MIT */
/* gateway_network.c - networks around a gateway and its address pools, from text. */
#include "azure/gateway/gateway.h"

#include <string.h>

#include "azure/net.h"

bool gateway_is_network(const char *text)
{
	struct ip_net net;

	return ip_net_parse(&net, (struct bytes){ (const void *)text, strlen(text) });
}

int gateway_add_local(struct gateway_network *around, const char *text, struct err *e)
{
	struct ip_net net;

	if (!ip_net_parse(&net, (struct bytes){ (const void *)text, strlen(text) }))
		return err_set(e, ERR_USAGE, "'%.60s' is not a network, such as 192.168.1.0/24", text);
	if (around->n_locals >= GATEWAY_NETWORK_MAX)
		return err_set(e, ERR_USAGE, "more than %d networks", GATEWAY_NETWORK_MAX);
	around->locals[around->n_locals++] = net;
	return 0;
}

static int gateway_network_add_pool(struct bytes text, void *arg, struct err *e)
{
	struct gateway *g = arg;

	if (g->n_pools >= PACKAGE_DNS_MAX || !ip_net_parse(&g->pools[g->n_pools], text))
		return err_set(e, ERR_INTERNAL, "'%.*s' is not an address "
		    "pool", (int)text.len, (const char *)text.data);
	g->n_pools++;
	return 0;
}

int gateway_set_pools(struct gateway *g, const char *pools, struct err *e)
{
	return net_each_item((struct bytes){ (const void *)pools, strlen(pools) }, gateway_network_add_pool, g, e);
}
