/* SPDX-License-Identifier: MIT */
/* test_doc.c - what the tables become in manual and completion. */
#include "tests/unit/unit.h"

#include "cli/completion.h"
#include "cli/mdoc.h"

static struct err e;

/* template, filled; to be freed.  NULL: refused, e says why. */
static char *filled(const struct fill_row *rows, const char *template)
{
	FILE *in = tmpfile();
	int result;
	STREAM_OPEN(f, text);

	assert_non_null(in);
	(void)fputs(template, in);
	rewind(in);
	result = fill_template(in, "page.in", f, rows, &e);
	(void)fclose(in);
	(void)fclose(f);
	if (result == 0)
		return text;
	free(text);
	return NULL;
}

static void assert_fills(const struct fill_row *rows, const char *template, const char *part)
{
	char *text = filled(rows, template);

	assert_non_null(text);
	if (strstr(text, part) == NULL)
		print_message("wanted %s\nin %s\n", part, text);
	assert_non_null(strstr(text, part));
	free(text);
}

TEST(other_lines_are_copied)
{
	char *text = filled(mdoc_rows, "a\n@ b@\n .x @EXIT@\nalice@example.com\n@@\nno newline");

	assert_null(text);
	assert_string_equal(e.what, "page.in:2: no placeholder @@");
	text = filled(mdoc_rows, "a\n .x @EXIT@\nalice@example.com\n@@\nno newline");
	assert_string_equal(text, "a\n .x @EXIT@\nalice@example.com\n@@\nno newline");
	free(text);
}

static void assert_refused(const char *template, const char *what)
{
	assert_null(filled(mdoc_rows, template));
	assert_int_equal(e.status, ERR_INPUT);
	assert_string_equal(e.what, what);
}

TEST(what_has_no_meaning_is_refused)
{
	assert_refused("x\n@NOSUCH@\n", "page.in:2: no placeholder @NOSUCH@");
	assert_refused("@OPTIONS token burn@\n", "page.in:1: @OPTIONS@ has no meaning for 'token burn'");
	assert_refused("@OPTIONS token@\n", "page.in:1: @OPTIONS@ has no meaning for 'token'");
	assert_refused("@OPTIONS@\n", "page.in:1: @OPTIONS@ has no meaning for ''");
	assert_refused("@COMMANDS tok@\n", "page.in:1: @COMMANDS@ has no meaning for 'tok'");
	assert_refused("@EXIT now@\n", "page.in:1: @EXIT@ has no meaning for 'now'");
}

TEST(mdoc_of_a_command)
{
	assert_fills(mdoc_rows, "@SYNOPSIS client issue@\n",
	    ".Nm p11ca\n.Cm client issue\n.Fl -cn Ns = Ns Ar \\&NAME\n.Op Ar OPTION ...\n.Ar \\&CSR...\n");
	assert_fills(
	    mdoc_rows, "@OPTIONS client issue@\n", ".It Fl -cn Ns = Ns Ar \\&NAME\nwhose certificate (required).\n");
	assert_fills(mdoc_rows, "@OPTIONS client issue@\n", ".It Fl f , Fl -format Ns = Ns Ar \\&pem|der\n");
	assert_fills(mdoc_rows, "@OPTIONS client issue@\n", "what goes along (repeatable).\n");
	assert_fills(mdoc_rows, "@OPTIONS client issue@\n", ".It Fl -root-module Ns = Ns Ar \\&PATH\n");
	assert_fills(mdoc_rows, "@OPTIONS token show@\n", "PKCS#11 library (default: $PKCS11_MODULE_PATH).\n");
	assert_fills(mdoc_rows, "@SUMMARY client issue@\n",
	    "Issue a certificate.\n.Pp\nReads a request and issues what the "
	    "template says.\nA line");
	assert_fills(mdoc_rows, "@SUMMARY client issue@\n", "broken.\n.Pp\nNothing is issued");
	assert_fills(mdoc_rows, "@JSON client issue@\n",
	    ".It Va lines No (list of objects)\n.Bl -tag -width Ds -compact\n"
	    ".It Va name No (text)\nits name.\n.It Va parts No (list of objects)\n");
}

TEST(mdoc_of_a_noun_and_of_the_program)
{
	char *text = filled(mdoc_rows, "@COMMANDS token@\n");

	assert_int_equal(strncmp(text, ".Ss token list\n.Nm p11ca\n", 25), 0);
	assert_non_null(strstr(text, "\n.Ss token show\n"));
	assert_null(strstr(text, "client"));
	free(text);
	assert_fills(mdoc_rows, "@COMMANDS check@\n", ".Ss check\n");
	assert_fills(
	    mdoc_rows, "@COMMANDS client@\n", ".Dl $ \\&p11ca \\&client \\&issue \\&\\-\\-cn \\&alice@example.com ");
	assert_fills(mdoc_rows, "@EXIT@\n", ".It 10\ndone, with findings or partial refusals.\n");
	assert_fills(mdoc_rows, "@GLOBAL@\n", ".It Fl q , Fl -quiet\n");
}

TEST(completion_tables)
{
	assert_fills(completion_rows, "@COMMANDS@\n", "\t'client issue'\n");
	assert_fills(completion_rows, "@OPTIONS@\n",
	    "\t'token show ') echo --module --allow-untrusted-module --kind --pin-source "
	    "--last-try --allow-pin-replay --home --json");
	assert_fills(
	    completion_rows, "@VALUES@\n", "\t'client issue '--format | 'client issue '-f) echo 'pem|der' ;;\n");
	assert_fills(completion_rows, "@VALUES@\n", "\t'client issue '--key) echo 'rsa:2048|rsa:3072|");
	assert_fills(completion_rows, "@VALUES@\n", "\t'client issue '--days) echo 'text' ;;\n");
	assert_fills(completion_rows, "@VALUES@\n", "\t*--home) echo 'folder' ;;\n");
	assert_fills(
	    completion_rows, "@OPERANDS@\n", "\t'token show ') echo 'token' ;;\n\t'client issue ') echo 'file' ;;\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_lines_are_copied),
		cmocka_unit_test(what_has_no_meaning_is_refused),
		cmocka_unit_test(mdoc_of_a_command),
		cmocka_unit_test(mdoc_of_a_noun_and_of_the_program),
		cmocka_unit_test(completion_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
