/* SPDX-License-Identifier: MIT */
/* test_hex_id.c - thumbprints and serial numbers as other programs print them. */
#include "tests/unit/unit.h"

#include "util/hex_id.h"

#define HASH "83b29c04d5e6f708192a3b4c5d6e7f8091a2b3c4"

TEST(forms_of_other_programs_are_read)
{
	static const char *const forms[] = {
		HASH,
		"83B29C04D5E6F708192A3B4C5D6E7F8091A2B3C4", /* PowerShell */
		"83:B2:9C:04:D5:E6:F7:08:19:2A:3B:4C:5D:6E:7F:80:91:A2:B3:C4",
		"SHA1 Fingerprint=83:B2:9C:04:D5:E6:F7:08:19:2A:3B:4C:5D:6E:7F:80:91:A2:B3:C4", /* OpenSSL 1.1 */
		"sha1 Fingerprint=83:B2:9C:04:D5:E6:F7:08:19:2A:3B:4C:5D:6E:7F:80:91:A2:B3:C4", /* OpenSSL 3 */
		"\xe2\x80\x8e"
		"83 b2 9c 04 d5 e6 f7 08 19 2a 3b 4c 5d 6e 7f 80 91 a2 b3 c4", /* Windows' dialog */
		"\xe2\x80\x8e" HASH "\xe2\x80\x8e",
		"Cert Hash(sha1): 83b29c04d5e6f708192a3b4c5d6e7f8091a2b3c4", /* certutil */
		"Cert Hash(sha1): 83 b2 9c 04 d5 e6 f7 08 19 2a 3b 4c 5d 6e 7f 80 91 a2 b3 c4",
		"sha1:" HASH, /* certtool */
		"SHA-1: " HASH,
		"Thumbprint = " HASH,
		"83b2 9c04 d5e6 f708 192a 3b4c 5d6e 7f80 91a2 b3c4",
		"83B29C04 D5E6F708 192A3B4C 5D6E7F80 91A2B3C4",
		"83-b2-9c-04-d5-e6-f7-08-19-2a-3b-4c-5d-6e-7f-80-91-a2-b3-c4",
		"  " HASH "\r\n",
		"0x" HASH,
		"0X83B29C04D5E6F708192A3B4C5D6E7F8091A2B3C4",
		"\xef\xbb\xbf" HASH,
		"83\xc2\xa0"
		"b2\xc2\xa0"
		"9c\xc2\xa0"
		"04\xc2\xa0"
		"d5\xc2\xa0"
		"e6\xc2\xa0"
		"f7\xc2\xa0"
		"08\xc2\xa0"
		"19\xc2\xa0"
		"2a\xc2\xa0"
		"3b\xc2\xa0"
		"4c\xc2\xa0"
		"5d\xc2\xa0"
		"6e\xc2\xa0"
		"7f\xc2\xa0"
		"80\xc2\xa0"
		"91\xc2\xa0"
		"a2\xc2\xa0"
		"b3\xc2\xa0"
		"c4",
	};
	char out[65];

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!hex_id_parse(out, sizeof(out), forms[i]) || strcmp(out, HASH) != 0)
			print_message("form %zu: %s -> %s\n", i, forms[i], out);
		assert_true(hex_id_parse(out, sizeof(out), forms[i]));
		assert_string_equal(out, HASH);
	}
}

TEST(serial_numbers_of_any_length_are_read)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{ "serial=0A", "0a" },
		{ "Serial Number: 61abc0", "61abc0" },
		{ "Serial Number (hex): 00d1", "00d1" },
		{ "0x5", "5" },
		{ "05:AB", "05ab" },
		{ "serialnumber=7f", "7f" },
	};
	char out[65];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(hex_id_parse(out, sizeof(out), rows[i].text));
		assert_string_equal(out, rows[i].hex);
	}
}

/* A name must never be taken for the number of another certificate. */
TEST(names_are_no_numbers)
{
	static const char *const names[] = { "", " ", "alice", "dead beef", "ada bea", "cafe:cafe:bad", "a-b",
		"dead-beef", "0x", "a:b", "12:345", "-05", "serial=", "sha1", "fingerprint", "12 34", "83:b2-9c",
		"83::b2", ":83", "83:", "g", "name=83b2", "decade-beef", "face\xe2\x80\x8e-to-face", HASH HASH };
	char out[65];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (hex_id_parse(out, sizeof(out), names[i]))
			print_message("name %zu: %s\n", i, names[i]);
		assert_false(hex_id_parse(out, sizeof(out), names[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forms_of_other_programs_are_read),
		cmocka_unit_test(serial_numbers_of_any_length_are_read),
		cmocka_unit_test(names_are_no_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
