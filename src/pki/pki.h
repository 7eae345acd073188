/* SPDX-License-Identifier: MIT */
/*
 * pki.h - what every operation stands on: ledger, modules, configuration, the person, the clock.
 *
 * Opened by a command, closed by it.  Nothing here logs in.
 */
#ifndef PKI_PKI_H
#define PKI_PKI_H

#include "ledger/ledger.h"
#include "pki/config.h"
#include "tokens/token.h"
#include "util/clock.h"
#include "util/ui.h"

struct pki_options {             /* borrowed; NULL = not given */
	const char *home;            /* else $P11CA_HOME, else $XDG_DATA_HOME/p11ca, else ~/.local/share/p11ca */
	const char *module_path, *root_module_path;
	const char *root_token;      /* which of the tokens that hold the root's key */
	const char *note;
	const char *kind;            /* of tokens that are not recognised: see tokens/kinds/ */
	bool batch, last_try, allow_untrusted, clock_ok, verbose;
	const struct ui *ui;
};

enum ledger_use {
	LEDGER_IF_THERE,             /* opened where there is one: p->ledger stays NULL otherwise */
	LEDGER_READ_IF_THERE,        /* likewise, and nothing is written */
	LEDGER_NOTE,                 /* as LEDGER_IF_THERE; one that is sealed or another machine's: a warning, NULL */
	LEDGER_READ,                 /* ERR_NOT_FOUND where there is none */
	LEDGER_WRITE,                /* the same */
	LEDGER_CREATE,               /* made where there is none */
	LEDGER_MOVE,                 /* as LEDGER_WRITE, also where it is sealed */
};

#define PKI_MODULES_MAX 4
#define PKI_TEMPLATES_MAX 32

struct user_template;

struct pki {
	struct pki_options o;
	const struct ui *ui;
	struct clock clock;
	char *home;                  /* owned */
	char *state_dir;             /* owned; lock files, 0700 */
	char actor[160];             /* for the ledger */
	char host[SHA256_HEX];       /* stands for this machine; "" = it has no id (machine-id(5)) */
	bool is_home_foreign;        /* another user's: neither its p11ca.conf nor its templates are read */
	struct config config;
	struct ledger *ledger;       /* owned; NULL until pki_use_ledger() */
	struct token_env env;
	struct pki_module {
		char path[256];
		struct module *module;
	} modules[PKI_MODULES_MAX];
	size_t n_modules;
	struct user_template *templates[PKI_TEMPLATES_MAX]; /* owned; those that were named: pki/user_templates.h */
	size_t n_templates;
};

/* Reads the environment and the configuration.  p is { 0 } before; -1 leaves it so that pki_close() is right. */
int pki_open(struct pki *p, const struct pki_options *o, struct err *e) MUST_CHECK;
/*
 * A ledger's file alone (or a folder with one), for reading: no home, no configuration, no module; out of it nothing is
 * written, not even beside it.  Only p->ledger, p->home (the file), p->ui and p->clock count.
 */
int pki_open_copy(struct pki *p, const char *file, const struct ui *ui, struct err *e) MUST_CHECK;
void pki_close(struct pki *p);
AUTO_VALUE_DEFINE(pki, pki_close);

/* What the ledger in p->home is opened with; texts borrowed from p. */
struct ledger_options pki_ledger_options(const struct pki *p, enum ledger_use how, bool is_test);
int pki_use_ledger(struct pki *p, enum ledger_use how, bool is_test, struct err *e) MUST_CHECK;
/* Of a ledger that is open for reading: whether it could be written here.  -1: "ledger-moved", "ledger-other-host". */
int pki_ledger_is_here(struct pki *p, struct err *e) MUST_CHECK;

/*
 * The module for a token: --module, else module-path of the URI (which may be NULL), else
 * $PKCS11_MODULE_PATH, else the configuration.  Loaded once per path; borrowed, lives as long as p.
 * -1: ERR_USAGE (none named), or as module_open().
 */
int pki_module(struct module **out, struct pki *p, const struct token_uri *which, struct err *e) MUST_CHECK;
/* The same for a root: --root-module, else what the root remembers, else as pki_module(). */
int pki_root_module(struct module **out, struct pki *p, const char *remembered, struct err *e) MUST_CHECK;

#endif
