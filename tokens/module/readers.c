/* SPDX-License-Identifier: MIT */
/*
 * readers.c - finds card readers that another program uses exclusively: PKCS#11 only shows that a card is missing.
 *
 * Asks the PC/SC resource manager after a failure. Its library is loaded only then, because HSMs need no PC/SC. The
 * types are those of pcsc-lite.
 */
#include <dlfcn.h>
#include <string.h>
#include <winscard.h>

#include "tokens/internal.h"
#include "util/array.h"
#include "util/text.h"

struct pcsc {
	void *so;
	SCARDCONTEXT context;
	__typeof__(SCardEstablishContext) *establish;
	__typeof__(SCardReleaseContext) *release;
	__typeof__(SCardListReaders) *list;
	__typeof__(SCardGetStatusChange) *status;
};

static void pcsc_close(struct pcsc *p)
{
	if (p->context != 0)
		(void)p->release(p->context);
	if (p->so != NULL)
		(void)dlclose(p->so);
}
AUTO_VALUE_DEFINE(pcsc, pcsc_close);

static bool readers_take(struct pcsc *p, void *function, const char *name)
{
	void *symbol = dlsym(p->so, name);

	memcpy(function, &symbol, sizeof(symbol)); /* ISO C has no cast from data to function pointer */
	return symbol != NULL;
}

static bool pcsc_open(struct pcsc *p)
{
	p->so = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);
	return p->so != NULL && readers_take(p, &p->establish, "SCardEstablishContext") &&
	       readers_take(p, &p->release, "SCardReleaseContext") && readers_take(p, &p->list, "SCardListReaders") &&
	       readers_take(p, &p->status, "SCardGetStatusChange") &&
	       p->establish(SCARD_SCOPE_SYSTEM, NULL, NULL, &p->context) == SCARD_S_SUCCESS;
}

bool readers_find_busy(char *out, size_t size)
{
	AUTO_VALUE(pcsc) p = { 0 };
	SCARD_READERSTATE readers[PCSCLITE_MAX_READERS_CONTEXTS];
	char names[4096];
	DWORD room = sizeof(names), n = 0;

	if (!pcsc_open(&p) || p.list(p.context, NULL, names, &room) != SCARD_S_SUCCESS)
		return false;
	for (const char *name = names; *name != '\0' && n < ARRAY_LEN(readers); name += strlen(name) + 1)
		readers[n++] = (SCARD_READERSTATE){ .szReader = name };
	if (n == 0 || p.status(p.context, 0, readers, n) != SCARD_S_SUCCESS)
		return false;
	for (DWORD i = 0; i < n; i++) {
		if ((readers[i].dwEventState & SCARD_STATE_EXCLUSIVE) == 0)
			continue;
		(void)print_safe(out, size, readers[i].szReader, strlen(readers[i].szReader));
		return true;
	}
	return false;
}

/* Whether a slot is empty, or the module has no slot: so a reader looks that another program uses exclusively. */
bool readers_may_matter(struct module *m)
{
	CK_ULONG n_all = 0, n_full = 0;

	return m->f->C_GetSlotList(CK_FALSE, NULL, &n_all) == CKR_OK &&
	    m->f->C_GetSlotList(CK_TRUE, NULL, &n_full) == CKR_OK && (n_all > n_full || n_all == 0);
}

int token_hint_reader_busy(struct module *m, struct err *e)
{
	char name[200], before[sizeof(e->cause)];

	if (!readers_find_busy(name, sizeof(name)))
		return -1;
	memcpy(before, e->cause, sizeof(before));
	(void)err_cause(e, "another program or module has reader '%s' for itself%s%.200s", name,
	    before[0] != '\0' ? "; " : "", before);
	if (m == NULL || !readers_may_matter(m))
		return -1;
	return err_rule(e, "reader-in-use", "end the program that has the reader, then run the command again");
}
