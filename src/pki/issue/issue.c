/* SPDX-License-Identifier: MIT */
/* issue.c - first half of issuing: earlier certificates, request checks, the TBS and its lint. */
#include "pki/issue/cert_load.h"
#include "pki/issue/issue.h"

#include <string.h>

#include "model/row_state.h"
#include "pki/published_keys.h"
#include "pki/request_check.h"
#include "pki/test_mode.h"
#include "util/text.h"
#include "util/unicode.h"
#include "x509/cert.h"
#include "x509/dn.h"
#include "x509/name.h"
#include "x509/tbs.h"

void issue_item_clear(struct issue_item *item)
{
	buf_clear(&item->tbs);
	buf_clear(&item->der);
	memset(item, 0, sizeof(*item));
}

int draw_serial(unsigned char out[SERIAL_LEN], struct pki *p, const char *name, struct bytes spki, struct err *e)
{
	/* four bytes with the first bit zero until the year 6053 */
	uint64_t minute = (uint64_t)clock_now(&p->clock) / 60;

	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(minute >> (8 * (3 - i)));
	return pki_draw(out + 4, SERIAL_LEN - 4, p, &(struct draw){ "serial", name, spki }, e);
}

bool is_deterministic(const char *key_name)
{
	return strncmp(key_name, "rsa:", 4) == 0 || strcmp(key_name, "ed25519") == 0;
}

static int issue_refuse_running(const struct cert_row *row, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "another p11ca process is issuing a certificate for '%s'", row->name);
	e->code = "operation-running";
	e->hint = "wait until that process ends, then run the command again";
	return -1;
}

static int refuse_other_template(const struct cert_row *row, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "'%s' has %s certificate %s of template %s with this key", row->name,
	    cert_is(row, CERT_SIGNING) ? "an unfinished" : "a live", row->serial, row->template_name);
	e->code = "client-has-certificate";
	e->hint = "use the same --template as before; close an unfinished certificate with `p11ca ledger recover`";
	return -1;
}

static int issue_refuse_other_key(const struct cert_row *row, struct err *e)
{
	(void)err_set(e, ERR_POLICY, "the certificate already has a successor, serial %s, for another key",
	    row->serial);
	e->code = "client-has-certificate";
	e->hint = "renew the successor by its serial number, or revoke it first with `p11ca client revoke`";
	return -1;
}

/* The certificate that this name, device and key have; for a renewal, the successor. */
static struct cert_query earlier_query(
    const struct issuer *root, const struct issue_policy *policy, const struct issue_item *item)
{
	if (policy->renews != 0)
		return (struct cert_query){ .renews = policy->renews, .live_only = true };
	return (struct cert_query){ .root_id = root->row.id, .name = item->name, .device = item->device,
		.key_sha256 = item->request->public_key.key_sha256, .clients_only = true, .live_only = true };
}

/* Whether the earlier certificate is the requested one. */
static int issue_check_earlier(const struct issue_policy *policy, struct issue_item *item, struct err *e)
{
	item->met_unfinished = cert_is(&item->row, CERT_SIGNING);
	if (cert_is(&item->row, CERT_SIGNING) && !item->row.is_writer_dead)
		return issue_refuse_running(&item->row, e);
	if (strcmp(item->row.template_name, policy->template->name) != 0)
		return refuse_other_template(&item->row, e);
	if (strcmp(item->row.key_sha256, item->request->public_key.key_sha256) != 0)
		return issue_refuse_other_key(&item->row, e);
	return cert_check_days(&item->row, policy->days_asked, e);
}

/*
 * A certificate of a dead process. RSA and Ed25519 give the same signature again, so the certificate is finished; an
 * ECDSA signature would be a second one, so the first becomes unknown and its serial is revoked in CRLs.
 */
static int take_dead(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item *item, struct err *e)
{
	bool taken;

	if (ledger_cert_take(&taken, p->ledger, item->row.id, e) < 0)
		return -1;
	if (!taken)
		return issue_refuse_running(&item->row, e);
	if (!is_deterministic(root->info.key_name)) {
		if (ledger_cert_unknown(p->ledger, item->row.id, "its signature may exist; issued again", e) < 0)
			return -1;
		item->row = (struct cert_row){ .id = 0 };
		return 0;
	}
	item->is_resumed = true;
	if (ledger_cert_tbs(&item->tbs, p->ledger, item->row.id, e) < 0 ||
	    cert_read_tbs(&item->info, buf_bytes(&item->tbs), e) < 0)
		return -1;
	return request_check_certificate(&item->info, &root->info, policy->template, clock_now(&p->clock), e);
}

static int find_earlier(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item *item, struct err *e)
{
	const struct cert_query q = earlier_query(root, policy, item);
	bool found = false;

	/* a request refused for its encoding matches no earlier certificate of the same key */
	if (!item->request->public_key.is_encoding_bad &&
	    ledger_cert_find(&item->row, &item->der, &found, p->ledger, &q, e) < 0)
		return -1;
	if (!found) {
		item->row = (struct cert_row){ .id = 0 };
		return 0;
	}
	if (issue_check_earlier(policy, item, e) < 0)
		return -1;
	if (cert_is(&item->row, CERT_SIGNING))
		return take_dead(p, root, policy, item, e);
	item->result = ISSUE_EXISTING;
	return cert_read_known(&item->info, buf_bytes(&item->der), e);
}

int issue_check_name(const struct issuer *root, const char *name, bool is_test, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };
	struct dn_facts facts;
	char subject[sizeof(root->info.subject)];
	bool same;

	/* RFC 5280, 7.1: names are equal regardless of case and string types */
	if (name_from_cn(&der, name, is_test, e) < 0 ||
	    dn_read(&facts, subject, sizeof(subject), buf_bytes(&der), e) < 0 ||
	    name_is_same(&same, subject, root->info.subject, e) < 0)
		return -1;
	if (!same)
		return 0;
	(void)err_set(e, ERR_POLICY, "refused: '%s' is the name of the root that would sign it", name);
	return err_rule(e, "rfc5280-issuer-name", "issue it again with another name");
}

static int issue_gate(
    struct pki *p, const struct issuer *root, const struct issue_policy *policy, struct issue_item *item, struct err *e)
{
	struct ledger_precedents answers;
	struct findings all;
	bool same_name;

	if (issue_check_name(root, item->name, ledger_is_test(p->ledger), e) < 0 ||
	    ledger_precedents_find(
		&answers, p->ledger, item->request->public_key.key_sha256, item->name, item->device, e) < 0)
		return -1;
	item->met_unfinished = answers.is_live_unfinished;
	if (answers.n_live < policy->max_live)
		answers.n_live = 0; /* one more is allowed for a renewal */
	if (name_is_same(&same_name, answers.key_name, item->name, e) < 0)
		return -1;
	if (policy->same_key && same_name)
		answers.is_key_certified = false;
	if (request_check(&all, item->request, policy->template, &answers, clock_now(&p->clock), e) < 0)
		return -1;
	return published_key_refuse(p, false, item->request->public_key.key_sha256, e);
}

static int hex_to_buf(struct buf *out, const char *hex, struct err *e)
{
	unsigned char raw[64];
	size_t len = text_from_hex(raw, sizeof(raw), hex);

	return buf_add(out, raw, len, e);
}

static int issue_build(
    struct pki *p, const struct issuer *root, const struct issue_policy *policy, struct issue_item *item, struct err *e)
{
	unsigned char serial[SERIAL_LEN];
	AUTO_VALUE(buf) subject = { 0 };
	AUTO_VALUE(buf) ski = { 0 };
	struct tbs_spec spec = { .template = policy->template, .cn = item->name,
		.spki = buf_bytes(&item->request->spki), .issuer_cert = buf_bytes(&root->der) };

	if (draw_serial(serial, p, item->name, spec.spki, e) < 0 || hex_to_buf(&ski, item->ski, e) < 0 ||
	    name_from_cn(&subject, item->name, ledger_is_test(p->ledger), e) < 0 ||
	    sig_alg_for(&spec.alg, root->signer.public_key, e) < 0 ||
	    validity_choose(&spec.not_before, &spec.not_after,
		&(struct validity_query){ clock_now(&p->clock), policy->days, policy->template, &root->info }, e) < 0)
		return -1;
	spec.serial = (struct bytes){ serial, sizeof(serial) };
	spec.subject = buf_bytes(&subject);
	spec.ski = buf_bytes(&ski);
	return tbs_build(&item->tbs, &spec, e);
}

static int issue_fill_row(
    const struct issuer *root, const struct issue_policy *policy, struct issue_item *item, struct err *e)
{
	struct cert_row *row = &item->row;

	if (cert_read_tbs(&item->info, buf_bytes(&item->tbs), e) < 0)
		return -1;
	row->root_id = root->row.id;
	row->key_id = item->key_id;
	row->renews = policy->renews;
	(void)snprintf(row->name, sizeof(row->name), "%s", item->name);
	(void)snprintf(row->device, sizeof(row->device), "%s", item->device);
	(void)snprintf(row->template_name, sizeof(row->template_name), "%s", policy->template->name);
	(void)snprintf(row->serial, sizeof(row->serial), "%s", item->info.serial);
	(void)snprintf(row->subject, sizeof(row->subject), "%s", item->info.subject);
	(void)snprintf(row->spki_sha256, sizeof(row->spki_sha256), "%s", item->request->public_key.spki_sha256);
	(void)snprintf(row->request_sha256, sizeof(row->request_sha256), "%s", item->request->sha256);
	row->not_before = item->info.not_before;
	row->not_after = item->info.not_after;
	row->request_name = item->source;
	return 0;
}

static int issue_prepare(
    struct pki *p, const struct issuer *root, const struct issue_policy *policy, struct issue_item *item, struct err *e)
{
	enum cn_kind kind;

	if (name_check_cn(&kind, item->name, e) < 0 || find_earlier(p, root, policy, item, e) < 0)
		return -1;
	if (item->result != ISSUE_PENDING || item->row.id != 0)
		return 0;
	if (issue_gate(p, root, policy, item, e) < 0 || issue_build(p, root, policy, item, e) < 0 ||
	    issue_fill_row(root, policy, item, e) < 0)
		return -1;
	return request_check_certificate(&item->info, &root->info, policy->template, clock_now(&p->clock), e);
}

/* A policy or input error belongs to the item; any other error ends the run. */
static bool is_items_own(const struct err *e)
{
	return e->status == ERR_POLICY || e->status == ERR_INPUT;
}

static int issue_judge(
    struct pki *p, const struct issuer *root, const struct issue_policy *policy, struct issue_item *item, struct err *e)
{
	const struct cert_query q = earlier_query(root, policy, item);
	bool found = false;

	if (!item->request->public_key.is_encoding_bad &&
	    ledger_cert_find(&item->row, NULL, &found, p->ledger, &q, e) < 0)
		return -1;
	return found ? issue_check_earlier(policy, item, e) : issue_gate(p, root, policy, item, e);
}

int pki_issue_judge(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item items[], size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		items[i].result = ISSUE_PENDING;
		if (issue_judge(p, root, policy, &items[i], &items[i].err) == 0)
			continue;
		if (!is_items_own(&items[i].err)) {
			*e = items[i].err;
			return -1;
		}
		items[i].result = ISSUE_REFUSED;
	}
	return 0;
}

int pki_issue_expect(const struct issuer *root, const struct issue_item items[], size_t n, size_t n_later,
    struct err *e)
{
	size_t n_wanted = 0;

	for (size_t i = 0; i < n; i++)
		n_wanted += items[i].result == ISSUE_PENDING;
	if (n_wanted == 0 || !root->asks_each_time)
		return 0;
	return token_expect_signatures(root->token, root->key_id, n_wanted + n_later, e);
}

int pki_issue_prepare(struct pki *p, const struct issuer *root, const struct issue_policy *policy,
    struct issue_item *item, struct err *e)
{
	item->result = ISSUE_PENDING;
	item->row = (struct cert_row){ .id = 0 };
	item->met_unfinished = item->is_resumed = false;
	item->tbs.len = item->der.len = 0;
	if (issue_prepare(p, root, policy, item, &item->err) == 0)
		return 0;
	if (!is_items_own(&item->err)) {
		*e = item->err;
		return err_while(e, "preparing the certificate of '%s'", item->name);
	}
	item->result = ISSUE_REFUSED;
	buf_clear(&item->tbs);
	return 0;
}

int pki_issue_one(struct pki *p, const struct issuer *root, const struct issue_policy *policy, struct issue_item *item,
    size_t n_later, struct err *e)
{
	const struct issue_signing s = { .signer = &root->signer, .issuer = buf_bytes(&root->der),
		.issuer_info = &root->info, .policy = policy };

	if (pki_issue_prepare(p, root, policy, item, e) < 0 || pki_issue_expect(root, item, 1, n_later, e) < 0)
		return -1;
	return issue_sign(p, &s, item, e);
}
