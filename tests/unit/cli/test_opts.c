/* SPDX-License-Identifier: MIT */
/* test_opts.c - the parser's rules, and each kind of value. */
#include "tests/unit/unit.h"

#include "cli/opts.h"

struct args {
	const char *token, *pin_source, *id, *format, *uri;
	unsigned limit, days;
	bool all;
	struct opt_list chain;
	struct key_spec key;
	int64_t date;
};
static const struct opt table[] = {
	{ OPT_FIELD(TOKEN, struct args, token), .name = "token", .letter = 't', .required = true, .help = "x" },
	{ OPT_FIELD(PIN_SOURCE, struct args, pin_source), .name = "pin-source", .help = "x" },
	{ OPT_FIELD(ID, struct args, id), .name = "id", .help = "x" },
	{ OPT_FIELD(COUNT, struct args, limit), .name = "limit", .letter = 'n', .help = "x" },
	{ OPT_FIELD(FLAG, struct args, all), .name = "all", .letter = 'a', .help = "x" },
	{ OPT_FIELD(FORMAT, struct args, format), .name = "format", .choices = "base64|pem|der", .help = "x" },
	{ OPT_FIELD(URI, struct args, uri), .name = "uri", .help = "x" },
	{ OPT_FIELD(DAYS, struct args, days), .name = "days", .help = "x" },
	{ OPT_LIST_FIELD(FILE, struct args, chain), .name = "chain", .letter = 'c', .help = "x" },
	{ OPT_FIELD(KEY_SPEC, struct args, key), .name = "key", .help = "x" },
	{ OPT_FIELD(DATE, struct args, date), .name = "date", .help = "x" },
	{ .name = NULL },
};

#define MAX_WORDS 80
static struct args args;
static struct err e;
static char words_text[400];
static char *words[MAX_WORDS];

/* Splits at blanks, parses, checks what is required; the number of operands or -1. */
static int parse(const char *line)
{
	struct opts p = { .n = 0 };
	char *rest = words_text, *word;
	int n = 0, n_operands;

	memset(&args, 0, sizeof(args));
	(void)snprintf(words_text, sizeof(words_text), "%s", line);
	while ((word = strsep(&rest, " ")) != NULL && n < MAX_WORDS)
		words[n++] = word;
	assert_int_equal(opts_bind(&p, table, &args, &e), 0);
	if (opts_parse(&p, n, words, &n_operands, &e) < 0 || opts_require(&p, &e) < 0)
		return -1;
	return n_operands;
}

TEST(values_in_both_spellings)
{
	assert_int_equal(parse("--token=a --limit 5 -a file"), 1);
	assert_string_equal(args.token, "a");
	assert_int_equal(args.limit, 5);
	assert_true(args.all);
	assert_string_equal(words[0], "file");
	assert_int_equal(parse("one -t a - -- --limit"), 3);
	assert_string_equal(words[1], "-");
	assert_string_equal(words[2], "--limit");
}

TEST(each_kind_of_value)
{
	assert_int_equal(
	    parse("-t a --format pem --uri pkcs11:token=a --days 36500 --key ec:p256 --pin-source fd:3"), 0);
	assert_string_equal(args.format, "pem");
	assert_string_equal(args.uri, "pkcs11:token=a");
	assert_int_equal(args.days, 36500);
	assert_true(args.key.type == KEY_EC && args.key.bits == 256);
	assert_int_equal(parse("-t a --date 1970-01-02 --id 0aff"), 0);
	assert_int_equal(args.date, 86400);
	assert_int_equal(parse("-t a --date 2024-02-29T23:59:59Z"), 0);
	assert_int_equal(args.date, 1709251199);
}

TEST(a_list_grows_and_keeps_the_order)
{
	char line[400] = "-t a";

	assert_int_equal(parse("-t a --chain x -c y --chain=x"), 0);
	assert_int_equal(args.chain.n, 3);
	assert_string_equal(args.chain.data[1], "y");
	assert_string_equal(args.chain.data[2], "x");
	for (int i = 0; i <= OPT_LIST_MAX; i++)
		(void)strncat(line, " -c x", sizeof(line) - strlen(line) - 1);
	assert_int_equal(parse(line), -1);
	assert_string_equal(e.what, "--chain given more than 32 times");
}

static void assert_refused(const char *line, const char *what)
{
	assert_int_equal(parse(line), -1);
	assert_int_equal(e.status, ERR_USAGE);
	assert_string_equal(e.what, what);
}

TEST(refusals)
{
	assert_refused("--tok=a", "unknown option '--tok'");
	assert_refused("--pin=1234 -t a", "unknown option '--pin'"); /* not a word of the value */
	assert_refused("-ta", "unknown option '-ta'");
	assert_refused("-t a --token b", "--token given twice");
	assert_refused("-a -t a --all", "--all given twice");
	assert_refused("--all=yes -t a", "--all takes no value");
	assert_refused("-t", "--token needs TOKEN");
	assert_refused("--token --all", "--token needs TOKEN"); /* not a token of that name */
	assert_refused("-t -a", "--token needs TOKEN");
	assert_refused("-t a --format --all", "--format needs base64|pem|der");
	assert_refused("--limit=5", "--token is required");
	assert_refused("--token=", "--token is empty");
	assert_refused("-t a --chain=", "--chain is empty");
	assert_refused("-t a --format", "--format needs base64|pem|der");
}

TEST(values_that_look_like_options)
{
	assert_int_equal(parse("--token=--all"), 0);
	assert_string_equal(args.token, "--all");
	assert_int_equal(parse("-t a --chain - -c -x"), 0); /* standard input, and a word that is no option here */
}

TEST(values_that_are_none)
{
	assert_refused("-t a -n x", "--limit needs a number from 1 on, not 'x'");
	assert_refused("-t a -n -1", "--limit needs a number from 1 on, not '-1'");
	assert_refused("-t a --days 0", "--days needs a number of days from 1 to 36500, not '0'");
	assert_refused("-t a --days 36501", "--days needs a number of days from 1 to 36500, not '36501'");
	assert_refused("-t a --id 0g", "--id needs lower-case hex digits, not '0g'");
	assert_refused("-t a --pin-source 1234", "--pin-source must be tty|env:NAME|file:PATH|fd:N");
	assert_refused("-t a --pin-source fd:x", "--pin-source must be tty|env:NAME|file:PATH|fd:N");
	assert_refused("-t a --format pe", "--format must be base64|pem|der, not 'pe'");
	assert_refused("-t a --format base64|pem", "--format must be base64|pem|der, not 'base64|pem'");
	assert_refused("-t a --format=", "--format must be base64|pem|der, not ''");
	assert_refused("-t a --uri token=a?pin-value=1", "--uri needs a URI that begins with pkcs11:");
	assert_refused("-t a --key rsa:1024", "no kind of key is called 'rsa:1024'");
	assert_refused("-t a --date 2023-02-29", "--date: '2023-02-29' is not a date");
	assert_refused("-t a --date 2023-01-01T24:00:00Z", "--date: '2023-01-01T24:00:00Z' is not a date");
	assert_refused("-t a --date 1.1.2023", "--date needs YYYY-MM-DD[THH:MM:SSZ], not '1.1.2023'");
}

TEST(words_an_option_takes)
{
	struct opts p = { .n = 0 };

	assert_int_equal(opts_bind(&p, table, &args, &e), 0);
	assert_int_equal(opts_width(&p, "--token"), 2);
	assert_int_equal(opts_width(&p, "-n"), 2);
	assert_int_equal(opts_width(&p, "--token=a"), 1);
	assert_int_equal(opts_width(&p, "--all"), 1);
	assert_int_equal(opts_width(&p, "--nosuch"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_in_both_spellings),
		cmocka_unit_test(each_kind_of_value),
		cmocka_unit_test(a_list_grows_and_keeps_the_order),
		cmocka_unit_test(refusals),
		cmocka_unit_test(values_that_look_like_options),
		cmocka_unit_test(values_that_are_none),
		cmocka_unit_test(words_an_option_takes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
