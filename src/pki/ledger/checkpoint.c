/* SPDX-License-Identifier: MIT */
/* checkpoint.c - see checkpoint.h. */
#include "pki/ledger/checkpoint.h"

#include <inttypes.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#include "util/text.h"
#include "x509/cert.h"
#include "x509/cms.h"
#include "x509/encode.h"

#define LINES "p11ca checkpoint v1\nledger: %s\nepoch: %u\nseq: %" PRId64 "\nhead: %s\nat: %s\n"
#define TEXT_MAX 512

void checkpoint_fill(struct checkpoint *out, const struct ledger_info *info, int64_t now)
{
	*out = (struct checkpoint){ .epoch = info->epoch, .seq = info->n_events, .time = now };
	memcpy(out->ledger, info->id, sizeof(out->ledger));
	memcpy(out->head, info->head, sizeof(out->head));
}

void checkpoint_signer_name(char out[64], const char *ledger_id)
{
	(void)snprintf(out, 64, "ledger %.32s", ledger_id);
}

static void ledger_checkpoint_format(char out[TEXT_MAX], const struct checkpoint *c)
{
	char at[TEXT_TIME];

	text_time(at, c->time);
	(void)snprintf(out, TEXT_MAX, LINES, c->ledger, c->epoch, c->seq, c->head, at);
}

int checkpoint_format(struct buf *out, const struct checkpoint *c, struct err *e)
{
	char text[TEXT_MAX];

	ledger_checkpoint_format(text, c);
	return buf_add(out, text, strlen(text), e);
}

static const char *const keys[] = { "ledger", "epoch", "seq", "head", "at" };
enum { N_KEYS = sizeof(keys) / sizeof(keys[0]) };

/* Reads the values of the lines in order; missing values stay empty. */
static void checkpoint_split(char values[N_KEYS][SHA256_HEX], const char *text)
{
	for (size_t i = 0; i < N_KEYS; i++) {
		const size_t key = strlen(keys[i]);
		size_t len;

		values[i][0] = '\0';
		text = strchrnul(text, '\n');
		text += *text != '\0';
		if (strncmp(text, keys[i], key) != 0 || strncmp(text + key, ": ", 2) != 0)
			continue;
		text += key + 2;
		len = strcspn(text, "\n");
		(void)snprintf(values[i], SHA256_HEX, "%.*s", (int)(len < SHA256_HEX ? len : 0), text);
	}
}

/* Reads leniently, then formats the values: only if the text is the same is it accepted. */
static bool checkpoint_parse(struct checkpoint *out, const char *text)
{
	char values[N_KEYS][SHA256_HEX], again[TEXT_MAX];
	struct tm tm = { 0 };
	unsigned seq;

	checkpoint_split(values, text);
	*out = (struct checkpoint){ .seq = 0 };
	if (strlen(values[0]) != sizeof(out->ledger) - 1 || !text_to_unsigned(values[1], &out->epoch) ||
	    !text_to_unsigned(values[2], &seq) || strlen(values[3]) != sizeof(out->head) - 1 ||
	    strptime(values[4], "%Y-%m-%dT%H:%M:%SZ", &tm) == NULL)
		return false;
	memcpy(out->ledger, values[0], sizeof(out->ledger));
	memcpy(out->head, values[3], sizeof(out->head));
	out->seq = seq;
	out->time = timegm(&tm);
	ledger_checkpoint_format(again, out);
	return strcmp(again, text) == 0;
}

/*
 * A client's key must not be accepted, because the client has it. Its certificate has an extended key usage, the
 * ledger's has none; `openssl cms -verify` makes the same difference.
 */
static bool is_ledger_signer(const struct cert_info *cert, const struct checkpoint *c)
{
	char name[64];

	checkpoint_signer_name(name, c->ledger);
	return cert->n_cn == 1 && strcmp(cert->cn, name) == 0 && cert->n_eku == 0 && !cert->is_ca &&
	    cert->has_key_usage && (cert->key_usage & KU_DIGITAL_SIGNATURE) != 0 &&
	    (cert->key_usage & KU_KEY_CERT_SIGN) == 0;
}

static int checkpoint_check_signer(const struct checkpoint *c, struct bytes cert, struct bytes root, struct err *e)
{
	struct cert_info info;

	if (cert_read_known(&info, cert, e) < 0 || cert_verify(cert, root, c->time, e) < 0)
		return -1;
	if (is_ledger_signer(&info, c))
		return 0;
	(void)err_set(e, ERR_POLICY, "'%.120s' is not a key of ledger %s", info.subject, c->ledger);
	return err_rule(e, "checkpoint-signer", "get the checkpoint that `p11ca ledger checkpoint` wrote");
}

int checkpoint_read(struct checkpoint *out, struct bytes file, struct bytes root, struct err *e)
{
	AUTO_VALUE(buf) der = { 0 };
	AUTO_VALUE(buf) content = { 0 };
	AUTO_VALUE(buf) cert = { 0 };
	struct checkpoint c;

	if (der_from_file(&der, file, DER_CMS, e) < 0 || x509_read_cms(&content, &cert, buf_bytes(&der), e) < 0)
		return -1;
	if (content.len == 0 || content.len >= TEXT_MAX || memchr(content.data, '\0', content.len) != NULL ||
	    buf_add(&content, "", 1, e) < 0 || !checkpoint_parse(&c, (const char *)content.data))
		return err_set(e, ERR_INPUT, "the signed content is not a checkpoint of a ledger");
	if (checkpoint_check_signer(&c, buf_bytes(&cert), root, e) < 0)
		return -1;
	*out = c;
	return 0;
}
