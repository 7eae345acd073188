/* SPDX-License-Identifier: MIT */
/* token_fixture.h - a SoftHSM in a folder of its own, and a person who answers as told, for tests of tokens/. */
#ifndef TESTS_UNIT_TOKENS_TOKEN_FIXTURE_H
#define TESTS_UNIT_TOKENS_TOKEN_FIXTURE_H

#include "tests/unit/unit.h"

#include "tokens/token.h"

#define USER_PIN "123456"
#define SO_PIN "87654321"

struct fixture {
	char folder[64];             /* "" = none */
	char softhsm[128];           /* the module's path; "" = not installed */
	struct token_env env;
	struct ui ui;
	const char *user_pin, *so_pin, *new_pin, *context_pin; /* what the person answers */
	unsigned asked;              /* how often */
	bool refuse_repeat;          /* of a key that asks each time: nothing but the first signature */
	struct pin_ask last_ask;     /* strings are dead */
	char warned[400];            /* ids, each with a blank behind it */
	struct module *m;
};

/* The person alone, without folder and token. */
void fixture_person(struct fixture *f);
/* Makes the folder and SoftHSM's configuration, with `mechanisms` alone if not NULL.  Skips without SoftHSM. */
void fixture_up(struct fixture *f, const char *mechanisms);
void fixture_down(struct fixture *f);
/* The module of the fixture; the fault proxy instead, with this plan, if not NULL.  Skips without the proxy. */
struct module *fixture_module(struct fixture *f, const char *plan);
/* A token of this label, with the PINs above. */
struct token_info fixture_token(struct fixture *f, const char *label);
struct token *fixture_open(struct fixture *f, const char *which); /* written to; not logged in */
struct token *fixture_login(struct fixture *f, const char *which);

#define ASSERT_OK(e, call) assert_ok((call), &(e), #call)
void assert_ok(int result, const struct err *e, const char *call);
#define ASSERT_FAILS(e, call, expected_status, expected_code) \
	assert_fails((call), &(e), expected_status, expected_code, #call)
void assert_fails(int result, const struct err *e, enum err_status status, const char *code, const char *call);

#endif
