/* SPDX-License-Identifier: MIT */
/* open_pki.c - see open_pki.h. */
#include "cli/open_pki.h"

static int open_pki_as(struct pki *p, const struct app *app, bool is_test, struct err *e)
{
	const struct pki_options o = { .home = app->home,
		.module_path = app->module_path,
		.root_module_path = app->root_module_path,
		.root_token = app->root_token,
		.note = app->mode.note,
		.batch = app->batch,
		.last_try = app->last_try,
		.allow_untrusted = app->allow_untrusted_module,
		.kind = app->kind,
		.clock_ok = app->clock_ok,
		.verbose = app->verbose,
		.creates_test = is_test,
		.ui = &app->ui };

	return pki_open(p, &o, e);
}

int open_pki(struct pki *p, const struct app *app, struct err *e)
{
	return open_pki_as(p, app, false, e);
}

/* Opens read-only; fails where opening for writing would fail because of the ledger's location. */
static int use_dry(struct pki *p, enum ledger_use how, bool is_test, struct err *e)
{
	const bool writes = how == LEDGER_CREATE || how == LEDGER_IF_THERE || how == LEDGER_WRITE;

	if (how == LEDGER_CREATE || how == LEDGER_IF_THERE || how == LEDGER_NOTE)
		how = LEDGER_READ_IF_THERE;
	else if (how == LEDGER_WRITE || how == LEDGER_MOVE)
		how = LEDGER_READ;
	if (pki_use_ledger(p, how, is_test, e) < 0)
		return -1;
	return writes && p->ledger != NULL ? pki_ledger_is_here(p, e) : 0;
}

int open_pki_ledger(struct pki *p, const struct app *app, enum ledger_use how, bool is_test, struct err *e)
{
	if (open_pki_as(p, app, is_test, e) < 0)
		return -1;
	return app->mode.dry_run ? use_dry(p, how, is_test, e) : pki_use_ledger(p, how, is_test, e);
}
