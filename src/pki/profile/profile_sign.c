/* SPDX-License-Identifier: MIT */
/* profile_sign.c - see profile_sign.h. */
#include "pki/profile/profile_sign.h"

#include <string.h>

#include "pki/token_signer.h"
#include "x509/cert.h"
#include "x509/cms.h"

struct search {
	struct profile_seal *s;
	const char *wanted;          /* CKA_ID; NULL = the only one */
	char id[129];                /* id found; "" = not found yet */
	char others[256];            /* ids, if there are several */
};

static int take_chain(struct profile_seal *s, struct bytes der, struct err *e)
{
	if (s->n_chain >= SEAL_CHAIN_MAX)
		return 0;
	return buf_add(&s->chain[s->n_chain++], der.data, der.len, e);
}

static int profile_sign_inspect_cert(const struct object_info *o, struct bytes der, void *arg, struct err *e)
{
	struct search *f = arg;
	AUTO_VALUE(buf) spki = { 0 };
	struct cert_info info;
	struct err unreadable = ERR_INIT;

	if (cert_read_known(&info, der, &unreadable) < 0)
		return 0; /* a certificate without a key on this token */
	if (info.is_ca && (f->wanted == NULL || strcmp(f->wanted, o->id) != 0))
		return take_chain(f->s, der, e);
	if ((f->wanted != NULL && strcmp(f->wanted, o->id) != 0) ||
	    token_read_spki(&spki, f->s->token, o->id, &unreadable) < 0)
		return 0;
	(void)snprintf(f->others + strlen(f->others), sizeof(f->others) - strlen(f->others), "%s%.40s",
	    f->others[0] != '\0' ? ", " : "", o->id);
	if (f->id[0] != '\0') {
		f->s->cert.len = 0;
		return 0;
	}
	(void)snprintf(f->id, sizeof(f->id), "%s", o->id);
	return buf_add(&f->s->cert, der.data, der.len, e);
}

static int find_pair(struct search *f, struct err *e)
{
	const char *label = token_get_info(f->s->token)->label;

	if (token_each_cert(f->s->token, profile_sign_inspect_cert, f, e) < 0)
		return -1;
	if (f->s->cert.len > 0)
		return 0;
	if (f->id[0] == '\0') {
		(void)err_set(e, ERR_NOT_FOUND, "token '%s' has no certificate for its signing key", label);
	} else {
		(void)err_set(e, ERR_NOT_FOUND, "token '%s' has several certificates with a signing key", label);
		(void)err_cause(e, "ids %s", f->others);
	}
	e->hint = "name it with id= in --sign-with, as `p11ca token show` prints it";
	return -1;
}

int profile_seal_open(struct profile_seal *s, struct pki *p, const struct token_uri *which, bool dry_run,
    struct err *e)
{
	struct search f = { .s = s, .wanted = uri_id_hex(which) };
	struct key_ref key;
	struct module *m;

	if (pki_module(&m, p, which, e) < 0 || token_open(&s->token, m, which, false, e) < 0 || find_pair(&f, e) < 0)
		return err_while(e, "finding the key of --sign-with");
	if (dry_run)
		return 0;
	if (token_login(s->token, PIN_USER, "signer", uri_pin_source(which), e) < 0 ||
	    token_find_key(&key, s->token, f.id, e) < 0 || token_signer_open(&s->signer, s->token, &key, e) < 0)
		return err_while(e, "opening the key of --sign-with");
	return 0;
}

/* No signing time: the same profile gives the same bytes, so that writing it again changes nothing. */
int profile_seal_file(const struct profile_seal *s, struct buf *content, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };
	struct bytes chain[SEAL_CHAIN_MAX];
	const struct cms_spec spec = { .content = buf_bytes(content), .cert = buf_bytes(&s->cert), .chain = chain,
		.n_chain = s->n_chain, .signer = &s->signer };

	if (s->signer.sign == NULL)
		return 0; /* no login in a dry run */
	for (size_t i = 0; i < s->n_chain; i++)
		chain[i] = buf_bytes(&s->chain[i]);
	if (x509_sign_cms(&der, &spec, e) < 0)
		return err_while(e, "signing the profile");
	content->len = 0;
	return buf_add(content, der.data, der.len, e);
}

void profile_seal_clear(struct profile_seal *s)
{
	signer_close(&s->signer);
	token_close(s->token);
	buf_clear(&s->cert);
	for (size_t i = 0; i < s->n_chain; i++)
		buf_clear(&s->chain[i]);
	memset(s, 0, sizeof(*s));
}
