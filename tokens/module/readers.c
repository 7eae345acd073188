/* SPDX-License-Identifier: MIT */
/*
 * readers.c - finds card readers that another program uses exclusively: PKCS#11 only shows that a card is missing.
 *
 * Asks the PC/SC resource manager after a failure. Its library is loaded only then, because HSMs need no PC/SC.
 */
#include <dlfcn.h>
#include <string.h>

#include "tokens/internal.h"
#include "util/text.h"

/* PC/SC workgroup, part 5, 3.2, with the types of pcsc-lite (pcsclite.h): a DWORD is an unsigned long. */
#define SCOPE_SYSTEM 2UL
#define STATE_EXCLUSIVE 0x80UL
#define READERS_MAX 16
struct reader {
	const char *name;
	void *unused;
	unsigned long state, event, atr_len;
	unsigned char atr[33];
};
struct pcsc {
	void *so;
	long context;
	long (*establish)(unsigned long scope, const void *unused, const void *unused_too, long *context);
	long (*release)(long context);
	long (*list)(long context, const char *groups, char *names, unsigned long *size);
	long (*status)(long context, unsigned long ms, struct reader *readers, unsigned long n);
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
	       p->establish(SCOPE_SYSTEM, NULL, NULL, &p->context) == 0;
}

bool readers_find_busy(char *out, size_t size)
{
	AUTO_VALUE(pcsc) p = { 0 };
	struct reader readers[READERS_MAX];
	char names[4096];
	unsigned long room = sizeof(names), n = 0;

	if (!pcsc_open(&p) || p.list(p.context, NULL, names, &room) != 0)
		return false;
	for (const char *name = names; *name != '\0' && n < READERS_MAX; name += strlen(name) + 1)
		readers[n++] = (struct reader){ .name = name };
	if (n == 0 || p.status(p.context, 0, readers, n) != 0)
		return false;
	for (unsigned long i = 0; i < n; i++) {
		if ((readers[i].event & STATE_EXCLUSIVE) == 0)
			continue;
		(void)print_safe(out, size, readers[i].name, strlen(readers[i].name));
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
