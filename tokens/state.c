/* SPDX-License-Identifier: MIT */
/* state.c - state kept between runs: a lock per module and per token, and the PINs that failed in batch mode. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tokens/internal.h"
#include "util/array.h"
#include "util/file.h"
#include "util/hash.h"

#define WAIT_MS 60000 /* another process may wait for a person who types on a reader */

#define FLAG_USER 'u'
#define FLAG_SO 's'

/* Blank, or one digit repeated: NSS and TPM modules state sixteen zeros for every token. */
static bool is_serial_telling(const char *serial)
{
	return serial[0] != '\0' && strspn(serial, (const char[]){ serial[0], '\0' }) != strlen(serial);
}

static int lock_name(char out[SHA256_HEX], const struct token_info *i, struct err *e)
{
	AUTO_VALUE(buf) name = { 0 };
	const char *const parts[] = { i->manufacturer, i->model, i->serial,
		is_serial_telling(i->serial) ? "" : i->label };

	for (size_t k = 0; k < ARRAY_LEN(parts); k++)
		if (buf_add(&name, parts[k], strlen(parts[k]) + 1, e) < 0)
			return -1;
	return hash_sha256_hex(out, buf_bytes(&name), e);
}

static int state_take(struct lock *out, const struct module *m, const char *what, const char *hex, struct err *e)
{
	const char *folder = m->env->state_dir;
	char path[4096];

	if (snprintf(path, sizeof(path), "%s/%s-%.32s", folder, what, hex) >= (int)sizeof(path))
		return err_set(e, ERR_INPUT, "the path of folder '%s' is too long", folder);
	return lock_take(out, path, WAIT_MS, e);
}

int module_take_lock(struct lock *out, const struct module *m, struct err *e)
{
	char hex[SHA256_HEX];

	if (hash_sha256_hex(hex, (struct bytes){ (const unsigned char *)m->path, strlen(m->path) }, e) < 0 ||
	    state_take(out, m, "module", hex, e) < 0)
		return err_while(e, "waiting for other programs that log in through module '%s'", m->path);
	return 0;
}

int token_take_lock(struct lock *out, const struct token *t, struct err *e)
{
	char hex[SHA256_HEX];

	if (lock_name(hex, &t->info, e) < 0 || state_take(out, t->m, "token", hex, e) < 0)
		return err_while(e, "waiting for other programs to leave token '%s'", t->info.label);
	return 0;
}

/* A context-specific login uses the user PIN. */
static char flag_of(enum pin_role role)
{
	return role == PIN_SO ? FLAG_SO : FLAG_USER;
}

static bool has_flag(const struct lock *l, char flag)
{
	char flags[2];
	ssize_t n = pread(l->fd, flags, sizeof(flags), 0);

	return n > 0 && memchr(flags, flag, (size_t)n) != NULL;
}

bool pin_has_failed(const struct lock *l, enum pin_role role)
{
	return has_flag(l, flag_of(role));
}

int pin_note_failed(const struct lock *l, enum pin_role role, bool failed, struct err *e)
{
	char flags[2];
	size_t n = 0;

	if (has_flag(l, flag_of(role)) == failed)
		return 0;
	if (flag_of(role) == FLAG_USER ? failed : has_flag(l, FLAG_USER))
		flags[n++] = FLAG_USER;
	if (flag_of(role) == FLAG_SO ? failed : has_flag(l, FLAG_SO))
		flags[n++] = FLAG_SO;
	if (pwrite(l->fd, flags, n, 0) != (ssize_t)n || ftruncate(l->fd, (off_t)n) < 0 || fsync(l->fd) < 0)
		return err_set_errno(e, ERR_OUTPUT, "cannot note that the PIN failed");
	return 0;
}
