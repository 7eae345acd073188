/* SPDX-License-Identifier: MIT */
/* gateway_entries.c - see gateway_entries.h. */
#include "pki/gateway/gateway_entries.h"

int gateway_plan_copy(struct gateway_entries *list, const char *name, const char *thumbprint, struct bytes der,
    const char *who, struct err *e)
{
	struct gateway_entry *entry = gateway_entries_add(list);

	if (entry == NULL)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (name[0] == '\0') {
		(void)err_set(e, ERR_INPUT, "the entry with %s has no name", thumbprint);
		return err_rule(e, "gateway-format", "give the state as Azure prints it");
	}
	(void)snprintf(entry->name, sizeof(entry->name), "%s", name);
	(void)snprintf(entry->thumbprint, sizeof(entry->thumbprint), "%s", thumbprint);
	(void)snprintf(entry->subject, sizeof(entry->subject), "%s", who);
	if (gateway_entries_index(list) < 0)
		return err_set(e, ERR_INTERNAL, "out of memory");
	return buf_add(&entry->der, der.data, der.len, e);
}

bool gateway_plan_has_name(const struct gateway_entries *list, const char *name)
{
	const struct gateway_entry *there = gateway_entries_find_name(list, name);

	return there != NULL && !(there->is_unreadable && there->action == GATEWAY_REMOVE);
}

/* Like the scripts, which read the lists again: NAME-2 and so on if another entry is called NAME. */
static int find_free_name(
    char out[GATEWAY_NAME_MAX], const struct gateway_entries *list, const char *name, struct err *e)
{
	(void)snprintf(out, GATEWAY_NAME_MAX, "%s", name);
	for (unsigned i = 2; i < 1000; i++) {
		if (!gateway_plan_has_name(list, out))
			return 0;
		(void)snprintf(out, GATEWAY_NAME_MAX, "%s-%u", name, i);
	}
	(void)err_set(e, ERR_POLICY, "'%s' is the name of another certificate on the gateway", name);
	return err_rule(e, "gateway-entry-name-taken", "remove that entry by hand, then run the command again");
}

int gateway_plan_add(struct gateway_entries *list, const char *name, const struct cert_row *c, const char *who,
    struct bytes der, struct err *e)
{
	struct gateway_entry *entry;
	char free_name[GATEWAY_NAME_MAX];

	if (find_free_name(free_name, list, name, e) < 0 ||
	    gateway_plan_copy(list, free_name, c->thumbprint, der, who, e) < 0)
		return -1;
	entry = &list->all[list->n - 1];
	entry->action = GATEWAY_ADD;
	entry->is_ours = true;
	entry->cert_id = c->id;
	entry->root_id = c->root_id;
	return 0;
}
