/* SPDX-License-Identifier: MIT */
/* root_find.c - see root_find.h. */
#include "pki/root_find.h"

#include <string.h>

#include "util/text.h"

struct nearest {
	const char *typed;
	char name[65];
	unsigned distance;
};

static int nearest_root(const struct root_row *root, void *arg, struct err *e)
{
	struct nearest *near = arg;
	const unsigned distance = text_distance(near->typed, root->name);

	(void)e;
	if (distance < near->distance && text_is_near(distance, strlen(root->name))) {
		near->distance = distance;
		(void)snprintf(near->name, sizeof(near->name), "%s", root->name);
	}
	return 0;
}

int root_not_found(struct pki *p, const char *name, struct err *e)
{
	struct nearest near = { .typed = name, .distance = ~0U };

	if (name != NULL && ledger_each_root(p->ledger, nearest_root, &near, e) < 0)
		return -1;
	if (name == NULL)
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root");
	else if (near.name[0] != '\0')
		(void)err_set(
		    e, ERR_NOT_FOUND, "the ledger has no root '%s'; did you mean '%s'?", name, near.name);
	else
		(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root '%s'", name);
	return err_rule(e, "root-not-found", "see `p11ca root list`; make a root with `p11ca root create`");
}

int root_row_find(struct root_row *out, struct pki *p, const char *name, struct err *e)
{
	bool found;

	if (ledger_root_find(out, &found, p->ledger, name, e) < 0)
		return -1;
	return found ? 0 : root_not_found(p, name, e);
}
