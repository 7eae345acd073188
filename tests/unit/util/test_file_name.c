/* SPDX-License-Identifier: MIT */
/* test_file_name.c - file names for clients: unique, stable, portable. */
#include "tests/unit/unit.h"

#include <strings.h>

#include "util/file_name.h"

static struct err e;

TEST(plain_names_are_their_own_file_names)
{
	static const char *const names[] = { "alice@contoso.com", "a", "dave-2", "x_y.z", "9" };
	char out[FILE_NAME_SIZE];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(file_name_of(out, names[i], &e), 0);
		assert_string_equal(out, names[i]);
	}
}

TEST(names_do_not_change_between_releases)
{
	char out[FILE_NAME_SIZE];

	/* printf 'Jan Müller' | sha256sum; printf 'a\0b\0' | sha256sum */
	assert_int_equal(file_name_of(out, "Jan M\xc3\xbcller", &e), 0);
	assert_string_equal(out, "Jan_M_ller-1b98342008ee");
	assert_int_equal(file_name_of_client(out, "a", "b", &e), 0);
	assert_string_equal(out, "a-b-8fb20ef63ced");
	assert_int_equal(file_name_of(out, "", &e), 0);
	assert_string_equal(out, "_e3b0c44298fc");
}

/* Names that were one folder, or are one where case or normalisation does not count. */
TEST(no_two_clients_share_a_file_name)
{
	static const struct {
		const char *name, *device;
	} clients[] = {
		{ "Jan M\xc3\xbcller", "" },
		{ "Jan M\xc3\xb6ller", "" },
		{ "Jan Mu\xcc\x88ller", "" },
		{ "Jan M__ller", "" },
		{ "jan m__ller", "" },
		{ "a-b", "" },
		{ "a", "b" },
		{ "a-", "b" },
		{ "a", "-b" },
		{ "A-B", "" },
		{ "A", "b" },
		{ "a", "B" },
		{ "\xe5\xb1\xb1\xe7\x94\xb0", "" },
		{ "\xe5\xb1\xb1\xe5\xb4\x8e", "" },
		{ "\xf0\x9f\x94\x91", "" },
		{ "_", "" },
		{ "__", "" },
		{ "..", "" },
		{ "con", "" },
		{ "CON", "" },
		{ "con.pem", "" },
		{ "nul", "x" },
		{ "LPT1.x", "" },
		{ "a.", "" },
		{ "a", "" },
		{ "a b", "" },
		{ "a/b", "" },
		{ "a\\b", "" },
		{ "a\tb", "" },
		{ ".a", "" },
		{ "-a", "" },
		{ "@a", "" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg", "" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggh", "" },
		{ "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggi", "" },
		{ "a-b-8fb20ef63ced", "" },
		{ "Jan_M_ller-1b98342008ee", "" },
		{ "jan_m_ller-1b98342008ee", "" },
	};
	enum { N = sizeof(clients) / sizeof(clients[0]) };
	char out[N][FILE_NAME_SIZE];

	for (size_t i = 0; i < N; i++) {
		assert_int_equal(file_name_of_client(out[i], clients[i].name, clients[i].device, &e), 0);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(strcasecmp(out[i], out[k]), 0);
	}
}

TEST(every_name_is_valid_on_every_file_system)
{
	static const char *const names[] = { "../../etc/passwd", ".", "..", "", "-rf", "con", "aux.txt", "COM1",
		"lpt9.a", "a.", "a ", "\xff\xfe", "\xc3", "*?<>|\":", "\x7f\x01", "@", "a\nb", "nul.",
		"\xe2\x80\xae"
		"txt.exe",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"x" };
	static const char *const devices[] = { "con", "prn", "aux", "nul", "com1", "lpt9" };
	char out[FILE_NAME_SIZE];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(file_name_of(out, names[i], &e), 0);
		assert_true(strlen(out) > 0 && strlen(out) < FILE_NAME_SIZE);
		assert_int_equal(
		    strspn(out, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-"), strlen(out));
		assert_true(out[0] != '.' && out[0] != '-' && out[0] != '@' && out[strlen(out) - 1] != '.');
		for (size_t k = 0; k < sizeof(devices) / sizeof(devices[0]); k++)
			assert_false(strcspn(out, ".") == strlen(devices[k]) &&
				     strncasecmp(out, devices[k], strlen(devices[k])) == 0);
	}
}

TEST(a_short_name_has_a_hash_where_it_was_cut)
{
	static const char one[] = "a-very-long-name-of-a-client.one", two[] = "a-very-long-name-of-a-client.two";
	const struct bytes i1 = { (const unsigned char *)one, sizeof(one) },
			   i2 = { (const unsigned char *)two, sizeof(two) };
	char a[31], b[31];

	assert_int_equal(file_name_build(a, sizeof(a), one, i1, OWN_NAME_ANY_CASE, &e), 0);
	assert_int_equal(file_name_build(b, sizeof(b), two, i2, OWN_NAME_ANY_CASE, &e), 0);
	assert_true(strlen(a) == 30 && strlen(b) == 30 && strcmp(a, b) != 0);
	assert_int_equal(file_name_build(a, sizeof(a), "short", i1, OWN_NAME_NEVER, &e), 0);
	assert_int_equal(strlen(a), 5 + 13);
	assert_int_equal(file_name_build(a, sizeof(a), "VNet1", i1, OWN_NAME_ANY_CASE, &e), 0);
	assert_string_equal(a, "VNet1");
	assert_int_equal(file_name_build(a, sizeof(a), "VNet1", i1, OWN_NAME_LOWER_CASE, &e), 0);
	assert_int_equal(strlen(a), 5 + 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_names_are_their_own_file_names),
		cmocka_unit_test(names_do_not_change_between_releases),
		cmocka_unit_test(no_two_clients_share_a_file_name),
		cmocka_unit_test(every_name_is_valid_on_every_file_system),
		cmocka_unit_test(a_short_name_has_a_hash_where_it_was_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
