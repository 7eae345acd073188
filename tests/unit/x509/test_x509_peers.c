/* SPDX-License-Identifier: MIT */
/* test_x509_peers.c - openssl, certtool and pki judge what x509 builds; skipped where they are missing. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/file.h"
#include "x509/encode.h"
#include "tests/unit/x509/x509_kit.h"

extern char **environ;

#define NOT_FOUND 127
static char folder[] = "/tmp/p11ca-peers-XXXXXX";
static struct { char root[80], client[80], request[80]; } paths;

/* The exit status of a program of the PATH, or NOT_FOUND; what it says of errors goes to the log of the test. */
static int run(const char *const argv[])
{
	posix_spawn_file_actions_t to_null;
	char *copy[16] = { NULL };
	pid_t pid;
	int status = -1;

	assert_int_equal(posix_spawn_file_actions_init(&to_null), 0);
	assert_int_equal(posix_spawn_file_actions_addopen(&to_null, STDOUT_FILENO, "/dev/null", O_WRONLY, 0), 0);
	for (size_t i = 0; argv[i] != NULL && i < 15; i++)
		copy[i] = strdup(argv[i]);
	if (posix_spawnp(&pid, copy[0], &to_null, NULL, copy, environ) == 0)
		assert_int_equal(waitpid(pid, &status, 0), pid);
	else
		status = NOT_FOUND << 8;
	assert_int_equal(posix_spawn_file_actions_destroy(&to_null), 0);
	for (size_t i = 0; copy[i] != NULL; i++)
		free(copy[i]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
#define RUN(...) run((const char *const[]){ __VA_ARGS__, NULL })

static void write_as(const char *path, const struct buf *der, enum der_kind kind, const char *format)
{
	AUTO_VALUE(buf) text = { 0 };
	struct err e = ERR_INIT;

	assert_int_equal(der_encode(&text, buf_bytes(der), kind, format, &e), 0);
	if (file_write(path, buf_bytes(&text), 0600, true, &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
}

static void write_pair(const char *root_template, const char *client_template, const char *cn, const char *kind,
    const char *format)
{
	AUTO_VALUE(kit_root) root = { 0 };
	AUTO_VALUE(buf) client = { 0 };
	AUTO_VALUE(buf) request = { 0 };

	kit_root(&root, root_template, kind);
	kit_client(&client, &root, client_template, cn, root.key);
	kit_request(&request, cn, root.key);
	write_as(paths.root, &root.cert, DER_CERT, format);
	write_as(paths.client, &client, DER_CERT, format);
	write_as(paths.request, &request, DER_REQUEST, format);
}

static const struct {
	const char *root, *client, *cn, *kind;
} rows[] = {
	{ "azure-root", "azure-client", "alice", "rsa" },
	{ "azure-root", "azure-client-smartcard", "alice@contoso.com", "rsa" },
	{ "azure-root", "azure-device", "laptop-17.contoso.com", "rsa" },
	{ "vpn-root", "vpn-client", "Jürgen Groß", "P-256" },
	{ "vpn-root", "vpn-client", "alice", "P-384" },
	{ "vpn-root", "vpn-client", "alice", "P-521" },
	{ "vpn-root", "vpn-client", "alice", "ED25519" },
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

TEST(openssl_strictly)
{
	if (RUN("openssl", "version") == NOT_FOUND)
		skip();
	for (size_t i = 0; i < N_ROWS; i++) {
		write_pair(rows[i].root, rows[i].client, rows[i].cn, rows[i].kind, "pem");
		assert_int_equal(RUN("openssl", "verify", "-x509_strict", "-check_ss_sig", "-CAfile",
				     paths.root, paths.root), 0);
		assert_int_equal(RUN("openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile",
				     paths.root, paths.client),
		    0);
		assert_int_equal(RUN("openssl", "req", "-verify", "-noout", "-in", paths.request), 0);
	}
}

TEST(certtool)
{
	if (RUN("certtool", "--version") == NOT_FOUND)
		skip();
	for (size_t i = 0; i < N_ROWS; i++) {
		write_pair(rows[i].root, rows[i].client, rows[i].cn, rows[i].kind, "pem");
		assert_int_equal(
		    RUN("certtool", "--verify", "--load-ca-certificate", paths.root, "--infile", paths.client), 0);
	}
}

TEST(strongswan_pki) /* RSA alone: EC and Ed25519 are in plugins that may be missing */
{
	if (RUN("pki", "--help") == NOT_FOUND)
		skip();
	for (size_t i = 0; i < N_ROWS && strcmp(rows[i].kind, "rsa") == 0; i++) {
		write_pair(rows[i].root, rows[i].client, rows[i].cn, rows[i].kind, "der");
		assert_int_equal(RUN("pki", "--verify", "--in", paths.client, "--cacert", paths.root), 0);
	}
}


static int set_up(void **state)
{
	const struct clock clock = { 0 };

	(void)state;
	kit_now = clock_now(&clock);
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(paths.root, sizeof(paths.root), "%s/root", folder);
	(void)snprintf(paths.client, sizeof(paths.client), "%s/client", folder);
	(void)snprintf(paths.request, sizeof(paths.request), "%s/request", folder);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	(void)unlink(paths.root);
	(void)unlink(paths.client);
	(void)unlink(paths.request);
	EVP_PKEY_free(kit_rsa());
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_strictly),
		cmocka_unit_test(certtool),
		cmocka_unit_test(strongswan_pki),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
