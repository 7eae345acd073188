/* SPDX-License-Identifier: MIT */
/*
 * pki.h - the environment of every operation: ledger, modules, configuration, user interface, clock.
 *
 * A command opens and closes it. No function here logs in.
 */
#ifndef PKI_PKI_H
#define PKI_PKI_H

#include "ledger/ledger.h"
#include "pki/config.h"
#include "tokens/token.h"
#include "util/clock.h"
#include "util/random.h"
#include "util/ui.h"

struct pki_options {             /* borrowed; NULL = not given */
	const char *home;            /* else $P11CA_HOME, else $XDG_DATA_HOME/p11ca, else ~/.local/share/p11ca */
	const char *module_path, *root_module_path;
	const char *root_token;      /* chooses one of the tokens with the root's key */
	const char *note;
	const char *kind;            /* kind of tokens that are not recognised: see tokens/kinds/ */
	bool batch, last_try, allow_untrusted, clock_ok, verbose;
	bool creates_test;           /* the command creates a test ledger if the home is empty: pki/test_mode.h */
	const struct ui *ui;
};

enum ledger_use {
	LEDGER_IF_THERE,             /* open if it exists; else p->ledger stays NULL */
	LEDGER_READ_IF_THERE,        /* the same, without writing */
	LEDGER_NOTE,                 /* as LEDGER_IF_THERE; if sealed or of another machine: a warning, NULL */
	LEDGER_READ,                 /* ERR_NOT_FOUND if it does not exist */
	LEDGER_WRITE,                /* the same, for writing */
	LEDGER_CREATE,               /* create if it does not exist */
	LEDGER_MOVE,                 /* as LEDGER_WRITE, also if sealed */
};

#define PKI_MODULES_MAX 4
#define PKI_TEMPLATES_MAX 32

struct user_template;

struct pki {
	struct pki_options o;
	const struct ui *ui;
	struct clock clock;
	struct random_source random; /* of values that are stored: pki/test_mode.h */
	char *home;                  /* owned */
	char *state_dir;             /* owned; lock files, 0700 */
	char actor[160];             /* actor for the ledger */
	char host[SHA256_HEX];       /* identifies the machine; "" = no id (machine-id(5)) */
	bool is_home_foreign;        /* another user's home: its p11ca.conf and templates are not read */
	struct config config;
	struct ledger *ledger;       /* owned; NULL until pki_use_ledger() */
	struct token_env env;
	struct pki_module {
		char path[256];
		struct module *module;
	} modules[PKI_MODULES_MAX];
	size_t n_modules;
	struct user_template *templates[PKI_TEMPLATES_MAX]; /* owned; templates used so far: pki/user_templates.h */
	size_t n_templates;
};

/* Reads the environment and the configuration. *p is zeroed before; call pki_close() also after -1. */
int pki_open(struct pki *p, const struct pki_options *o, struct err *e) MUST_CHECK;
/*
 * Opens a ledger's file (or a folder with one) for reading: no home, no configuration, no module; nothing is written,
 * not even beside the file. Only p->ledger, p->home (the file), p->ui and p->clock are set.
 */
int pki_open_copy(struct pki *p, const char *file, const struct ui *ui, struct err *e) MUST_CHECK;
void pki_close(struct pki *p);
AUTO_VALUE_DEFINE(pki, pki_close);

/* The options for the ledger in p->home; texts borrowed from p. */
struct ledger_options pki_ledger_options(const struct pki *p, enum ledger_use how, bool is_test);
int pki_use_ledger(struct pki *p, enum ledger_use how, bool is_test, struct err *e) MUST_CHECK;
/* Checks whether a ledger open for reading could be written here. -1: "ledger-moved", "ledger-other-host". */
int pki_ledger_is_here(struct pki *p, struct err *e) MUST_CHECK;

/*
 * The module for a token: --module, else module-path of the URI (may be NULL), else
 * $PKCS11_MODULE_PATH, else the configuration. Loaded once per path; borrowed, valid while p is open.
 * -1: ERR_USAGE (no module given), or as module_open().
 */
int pki_module(struct module **out, struct pki *p, const struct token_uri *which, struct err *e) MUST_CHECK;
/* The module for a root: --root-module, else the recorded module of the root, else as pki_module(). */
int pki_root_module(struct module **out, struct pki *p, const char *remembered, struct err *e) MUST_CHECK;

#endif
