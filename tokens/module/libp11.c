/* SPDX-License-Identifier: MIT */
/*
 * libp11.c - calls C_InitToken through libp11; the only file that uses libp11.
 *
 * libp11 is loaded when first needed and unloaded last, because unloading finalises the module. Slots are listed for
 * each token that is initialised and released afterwards: releasing closes all sessions, and none is open then.
 */
#include <stdlib.h>

#include <libp11.h>
#include <openssl/err.h>

#include "tokens/internal.h"

struct libp11 {
	PKCS11_CTX *ctx;
	bool is_loaded;              /* 0.4.12: unload after a failed load crashes */
};

static bool libp11_load(struct module *m)
{
	struct libp11 *l = m->libp11;

	if (l == NULL)
		l = m->libp11 = calloc(1, sizeof(*l));
	if (l != NULL && l->ctx == NULL)
		l->ctx = PKCS11_CTX_new();
	/* p11ca initialised the module: libp11 treats CKR_CRYPTOKI_ALREADY_INITIALIZED as success. */
	if (l != NULL && l->ctx != NULL && !l->is_loaded)
		l->is_loaded = PKCS11_CTX_load(l->ctx, m->path) == 0;
	return l != NULL && l->is_loaded;
}

/* OpenSSL's queue keeps 23 bits of a CK_RV, so a vendor's value (bit 31) is incomplete. */
static CK_RV init_slot(PKCS11_SLOT *slot, const char *pin, const char *label)
{
	unsigned long code;

	ERR_clear_error();
	if (PKCS11_init_token(slot->token, pin, label) == 0)
		return CKR_OK;
	code = ERR_peek_last_error();
	return ERR_GET_LIB(code) == ERR_get_CKR_code() ? (CK_RV)ERR_GET_REASON(code) : CKR_FUNCTION_FAILED;
}

CK_RV libp11_init_token(bool *is_done, struct module *m, CK_SLOT_ID slot, const char *pin, const char *label)
{
	PKCS11_SLOT *slots = NULL;
	CK_RV rv = CKR_OK;
	unsigned n = 0;

	*is_done = false;
	if (libp11_load(m) && PKCS11_enumerate_slots(m->libp11->ctx, &slots, &n) == 0) {
		for (unsigned i = 0; i < n && !*is_done; i++) {
			if (PKCS11_get_slotid_from_slot(&slots[i]) != slot || slots[i].token == NULL)
				continue;
			rv = init_slot(&slots[i], pin, label);
			*is_done = true;
		}
		PKCS11_release_all_slots(m->libp11->ctx, slots, n);
	}
	ERR_clear_error();
	return rv;
}

void libp11_close(struct module *m)
{
	struct libp11 *l = m->libp11;

	if (l == NULL)
		return;
	if (l->is_loaded)
		PKCS11_CTX_unload(l->ctx); /* calls C_Finalize, even if another caller initialised the module */
	else if (m->is_initialised)
		(void)m->f->C_Finalize(NULL);
	if (l->ctx != NULL)
		PKCS11_CTX_free(l->ctx);
	free(l);
	m->libp11 = NULL;
}
