/* SPDX-License-Identifier: MIT */
/* admin.c - initialises a token and sets its PINs. */
#include <string.h>

#include "tokens/internal.h"

#define LABEL_LEN 32 /* of CK_TOKEN_INFO */

/*
 * Calls Cryptoki directly where libp11 cannot: a pinpad (a NULL PIN crashes 0.4.12), a NUL in the PIN, p11-kit's
 * proxy.
 */
static CK_RV call_init(struct token *t, CK_BYTE *pin, CK_ULONG len, void *arg)
{
	unsigned char padded[LABEL_LEN + 1];
	const char *label = arg;
	bool is_done = false;
	CK_RV rv;

	memset(padded, ' ', LABEL_LEN);
	padded[LABEL_LEN] = '\0';
	memcpy(padded, label, strlen(label));
	if (pin != NULL && !t->m->is_proxy && strlen((const char *)pin) == len) {
		rv = libp11_init_token(&is_done, t->m, t->slot, (const char *)pin, (const char *)padded);
		if (is_done)
			return rv;
	}
	return t->m->f->C_InitToken(t->slot, pin, len, padded);
}

struct new_pin {
	struct secret pin;
	CK_RV rv;                    /* the token's answer about the new PIN */
};
static void new_pin_clear(struct new_pin *n)
{
	secret_clear(&n->pin);
}
AUTO_VALUE_DEFINE(new_pin, new_pin_clear);

/* An answer about the new PIN does not count as a failed try of the old PIN. */
static CK_RV admin_classify(struct new_pin *n, CK_RV rv)
{
	bool about_new = rv == CKR_PIN_INVALID || rv == CKR_PIN_LEN_RANGE || rv == CKR_PIN_TOO_WEAK;

	n->rv = about_new ? rv : CKR_OK;
	return about_new ? CKR_OK : rv;
}

static CK_RV admin_set_pin(struct token *t, CK_BYTE *old, CK_ULONG len, struct new_pin *n)
{
	return t->m->f->C_SetPIN(t->session, old, len, old != NULL ? n->pin.data : NULL,
	    old != NULL ? (CK_ULONG)n->pin.len : 0);
}

static CK_RV change_as(CK_USER_TYPE who, struct token *t, CK_BYTE *pin, CK_ULONG len, void *arg)
{
	CK_RV rv = t->m->f->C_Login(t->session, who, pin, len);

	if (rv != CKR_OK)
		return rv;
	rv = admin_set_pin(t, pin, len, arg);
	(void)t->m->f->C_Logout(t->session); /* result ignored: the PIN is set, or the token reported the error */
	return admin_classify(arg, rv);
}

/* Without a login C_SetPIN changes the user PIN (PKCS#11 2.40, 5.5); NSS then ignores the old PIN but requires one. */
static CK_RV call_change(struct token *t, CK_BYTE *pin, CK_ULONG len, void *arg)
{
	CK_RV rv = admin_set_pin(t, pin, len, arg);

	return rv == CKR_USER_NOT_LOGGED_IN ? change_as(CKU_USER, t, pin, len, arg) : admin_classify(arg, rv);
}

static CK_RV call_change_so(struct token *t, CK_BYTE *pin, CK_ULONG len, void *arg)
{
	return change_as(CKU_SO, t, pin, len, arg);
}

static CK_RV call_unblock(struct token *t, CK_BYTE *pin, CK_ULONG len, void *arg)
{
	struct new_pin *n = arg;
	CK_RV rv = t->m->f->C_Login(t->session, CKU_SO, pin, len);

	if (rv != CKR_OK)
		return rv;
	n->rv =
	    t->m->f->C_InitPIN(t->session, pin != NULL ? n->pin.data : NULL, pin != NULL ? (CK_ULONG)n->pin.len : 0);
	(void)t->m->f->C_Logout(t->session); /* result ignored, as above */
	return CKR_OK;
}

static const struct change {
	enum pin_role old, new;
	pin_fn *call;
} changes[] = {
	[PIN_CHANGE] = { PIN_USER, PIN_USER, call_change },
	[PIN_CHANGE_SO] = { PIN_SO, PIN_SO, call_change_so },
	[PIN_UNBLOCK] = { PIN_SO, PIN_USER, call_unblock },
};

/* A PIN that was just set has no failed tries. */
static int forget_failure(struct token *t, enum pin_role role, struct err *e)
{
	AUTO_VALUE(lock) lock = LOCK_NONE;

	return token_take_lock(&lock, t, e) < 0 ? -1 : pin_note_failed(&lock, role, false, e);
}

static int make_change(struct token *t, const struct change *c, struct secret *old, struct new_pin *new, struct err *e)
{
	if (pin_try(t, c->old, old, c->call, new, e) < 0)
		return -1;
	if (new->rv != CKR_OK) {
		(void)token_fail(e, new->rv, "the token did not take the new PIN");
		if (c->call == call_unblock && t->kind->unblock_hint != NULL)
			e->hint = t->kind->unblock_hint;
		return -1;
	}
	return forget_failure(t, c->new, e);
}

/* Checks before a person is asked for a PIN, and before the token counts a try. */
static int check_can_set(const struct token *t, enum pin_change what, struct err *e)
{
	if (what == PIN_UNBLOCK ? !t->kind->cannot_unblock : what != PIN_CHANGE_SO || !t->kind->cannot_set_so_pin)
		return 0;
	(void)err_set(e, ERR_TOKEN, "through this module the security officer sets no %s on a token of kind %s",
	    what == PIN_UNBLOCK ? "user PIN" : "PIN of his own", t->kind->name);
	return err_rule(e, "pin-not-by-so", t->kind->unblock_hint);
}

int token_set_pin(struct token *t, enum pin_change what, const char *uri_source, struct err *e)
{
	const struct change *c = &changes[what];
	AUTO_VALUE(new_pin) new = { .rv = CKR_OK };
	AUTO_VALUE(secret) old = { 0 };

	if (check_can_set(t, what, e) < 0 || pin_get(&old, t, c->old, "card", uri_source, e) < 0 ||
	    pin_get_new(&new.pin, t, c->new, "card", e) < 0 ||
	    make_change(t, c, &old, &new, e) < 0)
		return err_while(e, "setting a PIN of token '%s'", t->info.label);
	return 0;
}

static int check_label(const char *label, struct err *e)
{
	size_t len = strlen(label);

	if (len == 0 || len > LABEL_LEN || label[len - 1] == ' ')
		return err_set(
		    e, ERR_USAGE, "a token label has 1 to %d bytes and does not end with a blank", LABEL_LEN);
	return 0;
}

/* Most modules keep the slot number; SoftHSM keeps it until it is loaded again. */
static int admin_find_again(struct token *t, const char *label, struct err *e)
{
	AUTO_STRUCT(token_uri) by_label = NULL;
	struct token_info info;
	struct err unread = ERR_INIT;

	if (slot_read_info(&info, t->m, t->slot, &unread) == 0 && info.is_initialised &&
	    strcmp(info.label, label) == 0) {
		t->info = info;
		return 0;
	}
	return uri_parse(&by_label, label, e) < 0 ? -1 : slot_find(t, t->m, by_label, WANT_INITIALISED, e);
}

/* The new token exists; a later failure leaves it without a user PIN, and the message says so. */
static int give_user_pin(struct token *t, struct secret *so, struct new_pin *user, struct err *e)
{
	int result;

	t->is_writable = true;
	if (session_open(t, e) < 0)
		return -1;
	result = make_change(t, &changes[PIN_UNBLOCK], so, user, e);
	session_close(t);
	return result < 0 ? -1 : slot_read_info(&t->info, t->m, t->slot, e);
}

static int admin_init(struct token *t, const char *label, struct err *e)
{
	AUTO_VALUE(new_pin) user = { .rv = CKR_OK };
	AUTO_VALUE(secret) so = { 0 };
	AUTO_VALUE(secret) so_again = { 0 };
	char name[LABEL_LEN + 1];

	(void)snprintf(name, sizeof(name), "%s", label);
	if (t->kind->init_warning != NULL)
		t->m->env->ui->warn(t->m->env->ui->self, "token-init-is-final", t->kind->init_warning);
	if ((t->info.is_initialised ? pin_get(&so, t, PIN_SO, "init", NULL, e) :
				      pin_get_new(&so, t, PIN_SO, "init", e)) < 0 ||
	    pin_get_new(&user.pin, t, PIN_USER, "init", e) < 0)
		return -1;
	so_again = so;
	if (pin_try(t, PIN_SO, &so, call_init, name, e) < 0)
		return -1;
	if (admin_find_again(t, label, e) < 0 || give_user_pin(t, &so_again, &user, e) < 0) {
		(void)err_while(e, "setting the user PIN; token '%s' is initialised, but has none", label);
		e->hint = "set one with the SO PIN: see `p11ca token pin`";
		return -1;
	}
	return 0;
}

int token_init(struct token_info *info, struct module *m, const struct token_uri *which, const char *label,
    struct err *e)
{
	struct token t = { .m = m };

	if (check_label(label, e) < 0)
		return -1;
	if (__atomic_load_n(&m->n_sessions, __ATOMIC_SEQ_CST) != 0)
		return err_set(e, ERR_INTERNAL, "a session is open, so the token cannot be initialised");
	if (slot_find(&t, m, which, WANT_ANY, e) < 0 || admin_init(&t, label, e) < 0)
		return err_while(e, "initialising a token as '%s'", label);
	*info = t.info;
	return 0;
}
