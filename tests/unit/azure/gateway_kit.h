/* SPDX-License-Identifier: MIT */
/* gateway_kit.h - states of gateways as Azure prints them, for the tests of azure/.  Asserts on failure. */
#ifndef TESTS_UNIT_AZURE_GATEWAY_KIT_H
#define TESTS_UNIT_AZURE_GATEWAY_KIT_H

#include "tests/unit/unit.h"

#include "azure/gateway/gateway_state.h"
#include "tests/unit/azure/package_kit.h"
#include "util/hash.h"
#include "x509/encode.h"
#include "tests/unit/x509/x509_kit.h"

static inline void gkit_put_data(struct buf *text, const char *word, const struct buf *der)
{
	AUTO_VALUE(buf) data = { 0 };
	struct err e = ERR_INIT;

	if (memmem(text->data, text->len, word, strlen(word)) == NULL)
		return;
	assert_int_equal(der_encode(&data, buf_bytes(der), DER_CERT, "base64", &e), 0);
	assert_int_equal(buf_add(&data, "", 1, &e), 0);
	pkit_replace(text, word, (const char *)data.data);
}

/* A file of tests/data/gateway, @WORDS@ replaced.  Appended. */
static inline void gkit_text(struct buf *out, const char *name)
{
	char path[100];

	(void)snprintf(path, sizeof(path), "gateway/%s", name);
	kit_data(out, path);
	gkit_put_data(out, "@CLIENT_ROOT_DATA@", &pkit_ours);
	gkit_put_data(out, "@OTHER_ROOT_DATA@", &pkit_gateway2);
}

/* gateway_state_read() of these bytes as a file. */
static inline int gkit_read_bytes(struct gateway *out, struct bytes text, struct err *e)
{
	char path[128];

	pkit_put("state.json", text);
	(void)snprintf(path, sizeof(path), "%s/state.json", pkit_folder());
	return gateway_state_read(out, path, pkit_read_cert, e);
}

/* The state in that file of tests/data/gateway. */
static inline void gkit_read(struct gateway *out, const char *name)
{
	AUTO_VALUE(buf) text = { 0 };
	struct err e = ERR_INIT;

	gkit_text(&text, name);
	if (gkit_read_bytes(out, buf_bytes(&text), &e) < 0)
		fail_msg("%s: %s (%s)", name, e.what, e.cause);
}

#endif
