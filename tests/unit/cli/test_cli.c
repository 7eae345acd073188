/* SPDX-License-Identifier: MIT */
/* test_cli.c - the whole command line on sample commands: words, options, operands, status, streams. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <jansson.h>
#include <stdio_ext.h>
#include <unistd.h>

#include "cli/cli.h"
#include "tests/unit/cli/sample_commands.h"

static char out_text[20000], err_text[4000];

/* Sends fd to a file that has no name; returns what puts it back. */
static int divert(int fd, FILE *to)
{
	int saved = dup(fd);

	(void)fflush(NULL);
	assert_true(saved >= 0 && dup2(fileno(to), fd) == fd);
	return saved;
}

static void restore(int fd, int saved, FILE *from, char *text, size_t size)
{
	size_t len;

	(void)fflush(NULL);
	(void)dup2(saved, fd);
	(void)close(saved);
	rewind(from);
	len = fread(text, 1, size - 1, from);
	text[len] = '\0';
	(void)fclose(from);
}

/* Runs "p11ca LINE", split at blanks; out_text and err_text get what it printed. */
static int run(const char *line)
{
	static char text[400]; /* sample_seen borrows from it */
	char name[] = "p11ca", *rest = text, *argv[30] = { name }, *word;
	FILE *out = tmpfile(), *err = tmpfile();
	int argc = 1, status, saved_out, saved_err;

	(void)snprintf(text, sizeof(text), "%s", line);
	while (rest != NULL && argc < 29 && (word = strsep(&rest, " ")) != NULL)
		if (word[0] != '\0')
			argv[argc++] = word;
	memset(&sample_seen, 0, sizeof(sample_seen));
	assert_true(out != NULL && err != NULL);
	saved_out = divert(STDOUT_FILENO, out);
	saved_err = divert(STDERR_FILENO, err);
	status = cli_main(argc, argv);
	restore(STDOUT_FILENO, saved_out, out, out_text, sizeof(out_text));
	restore(STDERR_FILENO, saved_err, err, err_text, sizeof(err_text));
	return status;
}

TEST(shared_options_may_stand_anywhere)
{
	static const char *const lines[] = {
		"--home /h --batch token list --module /m", "token --home /h list --batch --module /m",
		"--module /m token --batch list --home=/h", "token list --home=/h --batch --module=/m",
		"-m /m token --home /h --batch list",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(run(lines[i]), 0);
		assert_int_equal(sample_seen.runs, 1);
		assert_string_equal(sample_seen.app.home, "/h");
		assert_string_equal(sample_seen.app.module_path, "/m");
		assert_true(sample_seen.app.batch);
		assert_int_equal(sample_seen.app.n_operands, 0);
	}
}

TEST(operands_keep_their_order)
{
	assert_int_equal(run("check --json token list -- --json"), 0);
	assert_int_equal(sample_seen.app.n_operands, 3);
	assert_string_equal(sample_seen.operands[0], "token");
	assert_string_equal(sample_seen.operands[1], "list");
	assert_string_equal(sample_seen.operands[2], "--json");
	assert_int_equal(run("--quiet check check"), 0);
	assert_string_equal(sample_seen.operands[0], "check");
}

TEST(a_command_gets_its_own_options_and_its_groups)
{
	assert_int_equal(run("client issue --cn a --chain x --chain y --format der --key ec:p256 --days 30 "
			     "--dry-run --note why --clock-ok --root-pin-source env:X a.csr b.csr"), 0);
	assert_string_equal(sample_seen.args.cn, "a");
	assert_int_equal(sample_seen.args.chain.n, 2);
	assert_int_equal(sample_seen.args.key.bits, 256);
	assert_true(sample_seen.app.mode.dry_run && sample_seen.app.clock_ok);
	assert_string_equal(sample_seen.app.mode.note, "why");
	assert_string_equal(sample_seen.app.root_pin_source, "env:X");
	assert_int_equal(sample_seen.app.n_operands, 2);
}

/* Exit status 2, nothing run, one error. */
static void assert_usage(const char *line, const char *text)
{
	assert_int_equal(run(line), 2);
	assert_int_equal(sample_seen.runs, 0);
	assert_non_null(strstr(err_text, text));
	assert_string_equal(out_text, "");
}

TEST(usage_errors)
{
	assert_usage("", "error: no command\n");
	assert_usage("token", "error: 'token' needs a subcommand\n");
	assert_usage("token burn", "error: no command 'token burn'\n");
	assert_usage("burn", "error: no command 'burn'\n");
	assert_usage("--jso token list", "error: unknown option '--jso'\n");
	assert_usage("token list --pin-source env:X", "error: unknown option '--pin-source'\n");
	assert_usage("token list --dry-run", "error: unknown option '--dry-run'\n");
	assert_usage("--batch token list --batch", "error: --batch given twice\n");
	assert_usage("token list x", "error: token list takes no operands\n");
	assert_usage("token show", "error: token show takes TOKEN\n");
	assert_usage("token shwo x", "hint: did you mean `p11ca token show`?\n");
	assert_usage("tokne list", "hint: did you mean `p11ca token list`?\n");
	assert_usage("chek x", "hint: did you mean `p11ca check`?\n");
	assert_usage("token burn", "hint: see `p11ca help` for the commands\n");
	assert_usage("client issue --chian x a.csr", "hint: did you mean --chain?\n");
	assert_usage("client issue --x a.csr", "hint: see --help for the options\n");
	assert_usage("help token burn", "error: no command 'token burn'\n");
	assert_usage("client issue a.csr", "error: --cn is required\n");
}

static json_t *printed(void)
{
	json_t *j = json_loads(out_text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(j);
	assert_int_equal(json_integer_value(json_object_get(j, "schema_version")), 2);
	return j;
}

TEST(json_carries_result_warnings_and_each_error)
{
	json_t *j;

	assert_int_equal(run("token list --json"), 0);
	j = printed();
	assert_int_equal(json_array_size(json_object_get(j, "lines")), 1);
	assert_int_equal(json_array_size(json_object_get(j, "warnings")), 1);
	assert_null(json_object_get(j, "error"));
	json_decref(j);
	assert_int_equal(run("token burn --json"), 2);
	j = printed();
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "error"), "status")), 2);
	assert_string_equal(json_string_value(json_object_get(json_object_get(j, "error"), "code")), "usage");
	json_decref(j);
	sample_result = -1;
	assert_int_equal(run("--json token list"), 7);
	sample_result = 0;
	j = printed();
	assert_string_equal(json_string_value(json_object_get(json_object_get(j, "error"), "message")), "refused");
	json_decref(j);
	assert_non_null(strstr(err_text, "error: refused"));
}

TEST(findings_are_status_10)
{
	sample_result = 1;
	assert_int_equal(run("check x"), 10);
	sample_result = 0;
	assert_null(strstr(err_text, "error"));
}

TEST(warnings_go_to_stderr_unless_quiet)
{
	assert_int_equal(run("check x"), 0);
	assert_string_equal(err_text, "p11ca: warning: bad \\x1b thing (sample-warning)\n");
	assert_string_equal(out_text, "NAME\nfirst\n");
	assert_int_equal(run("check -q x"), 0);
	assert_string_equal(err_text, "");
}

TEST(help_is_made_from_the_tables)
{
	assert_int_equal(run("--help"), 0);
	assert_non_null(strstr(out_text, "\n  client issue         Issue a certificate\n"));
	assert_null(strstr(out_text, "exit status:"));
	assert_int_equal(run("--batch help --all"), 0);
	assert_non_null(strstr(out_text, "\n  9    a file could not be read or written\n"));
	assert_int_equal(run("token --help"), 0);
	assert_non_null(strstr(out_text, "usage: p11ca token COMMAND [OPTION ...]\n"));
	assert_non_null(strstr(out_text, "\n  token show  "));
	assert_null(strstr(out_text, "client issue"));
	assert_int_equal(run("client issue -h"), 0); /* not asked for what is required */
	assert_non_null(strstr(out_text, "usage: p11ca client issue --cn=NAME [OPTION ...] CSR...\n"));
	assert_non_null(strstr(out_text, "\n  -f, --format=pem|der          how it is written\n"));
	assert_non_null(strstr(out_text, "what goes along (repeatable)\n"));
	assert_non_null(strstr(out_text, "A line that is long enough\nto be broken.\n\noptions:\n"));
	assert_non_null(strstr(out_text, "\n\nall commands: --home --json"));
	assert_null(strstr(out_text, "prints:"));
	assert_non_null(strstr(out_text, "    $ p11ca client issue --cn alice@example.com alice.csr\n"));
	assert_int_equal(run("help --all client issue"), 0);
	assert_non_null(strstr(out_text, "\ntoken and PIN:\n"));
	assert_non_null(strstr(out_text, "\n      --root-pin-source=tty|env:NAME|file:PATH|fd:N\n"));
	assert_non_null(strstr(out_text, "\n\nNothing is issued"));
	assert_non_null(strstr(out_text, "prints:\n  lines (list of objects)\n    name  "));
	assert_non_null(strstr(out_text, "\n      part  "));
	assert_int_equal(run("--version"), 0);
	assert_int_equal(strncmp(out_text, "p11ca ", 6), 0);
	assert_int_equal(sample_seen.runs, 0);
}

TEST(help_and_version_are_json_when_asked)
{
	json_t *j, *help;

	assert_int_equal(run("--json --version"), 0);
	j = printed();
	help = json_object_get(j, "program");
	assert_string_equal(json_string_value(json_object_get(help, "version")), PACKAGE_VERSION);
	json_decref(j);
	assert_int_equal(run("client issue --help --json"), 0);
	j = printed();
	help = json_object_get(j, "help");
	assert_string_equal(json_string_value(json_object_get(help, "command")), "client issue");
	assert_true(json_array_size(json_object_get(help, "options")) > 8);
	assert_null(json_object_get(j, "commands"));
	json_decref(j);
	assert_int_equal(run("token --help --json"), 0);
	j = printed();
	assert_int_equal(json_array_size(json_object_get(j, "commands")), 2);
	json_decref(j);
	assert_int_equal(sample_seen.runs, 0);
}

static int run_on(const char *path, int flags, const char *line)
{
	int fd = open(path, flags), saved = dup(STDOUT_FILENO), status;
	char name[] = "p11ca", text[100], *rest = text, *argv[10] = { name };
	int argc = 1;

	(void)snprintf(text, sizeof(text), "%s", line);
	while (rest != NULL && argc < 9)
		argv[argc++] = strsep(&rest, " ");
	(void)fflush(NULL);
	assert_true(fd >= 0 && saved >= 0 && dup2(fd, STDOUT_FILENO) == STDOUT_FILENO);
	status = cli_main(argc, argv);
	(void)__fpurge(stdout);
	clearerr(stdout);
	(void)dup2(saved, STDOUT_FILENO);
	(void)close(saved);
	(void)close(fd);
	return status;
}

TEST(a_full_disk_is_status_9)
{
	assert_int_equal(run_on("/dev/full", O_WRONLY, "check -q x"), 9);
	assert_int_equal(run_on("/dev/full", O_WRONLY, "check -q --json x"), 9);
	assert_int_equal(run_on("/dev/full", O_WRONLY, "--help"), 9);
	assert_int_equal(run_on("/dev/null", O_RDONLY, "check -q x"), 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_options_may_stand_anywhere),
		cmocka_unit_test(operands_keep_their_order),
		cmocka_unit_test(a_command_gets_its_own_options_and_its_groups),
		cmocka_unit_test(usage_errors),
		cmocka_unit_test(json_carries_result_warnings_and_each_error),
		cmocka_unit_test(findings_are_status_10),
		cmocka_unit_test(warnings_go_to_stderr_unless_quiet),
		cmocka_unit_test(help_is_made_from_the_tables),
		cmocka_unit_test(help_and_version_are_json_when_asked),
		cmocka_unit_test(a_full_disk_is_status_9),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
