/* SPDX-License-Identifier: MIT */
/* gateway_id.c - resource group and subscription of a resource, from its ARM id. */
#include <string.h>

#include "azure/gateway/gateway_state.h"
#include "util/json_read.h"
#include "util/text.h"

/* The segment that follows key, such as "/resourceGroups/"; Azure changes the case of its ids. */
static void gateway_id_segment(char *out, size_t size, const char *id, const char *key)
{
	const char *at = strcasestr(id, key);

	out[0] = '\0';
	if (at == NULL)
		return;
	at += strlen(key);
	(void)print_safe(out, size, at, strcspn(at, "/"));
}

void gateway_take_id(struct gateway *out, const json_t *resource)
{
	const char *id = json_string_value(json_object_get(resource, "id")),
		   *group = json_string_value(json_object_get(resource, "resourceGroup"));

	if (id != NULL) {
		gateway_id_segment(out->subscription, sizeof(out->subscription), id, "/subscriptions/");
		gateway_id_segment(out->resource_group, sizeof(out->resource_group), id, "/resourceGroups/");
	}
	if (out->resource_group[0] == '\0' && group != NULL)
		(void)print_safe(out->resource_group, sizeof(out->resource_group), group, strlen(group));
}
