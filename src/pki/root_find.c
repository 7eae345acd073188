/* SPDX-License-Identifier: MIT */
/* root_find.c - see root_find.h. */
#include "pki/root_find.h"

int root_row_find(struct root_row *out, struct pki *p, const char *name, struct err *e)
{
	bool found;

	if (ledger_root_find(out, &found, p->ledger, name, e) < 0)
		return -1;
	if (found)
		return 0;
	(void)err_set(e, ERR_NOT_FOUND, "the ledger has no root '%s'", name != NULL ? name : "");
	return err_rule(e, "root-not-found", "see `p11ca root list`");
}
