/* SPDX-License-Identifier: MIT */
/* test_trust.c - files are read only where nobody else can change them, or the way to them. */
#include "tests/unit/unit.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/trust.h"

static char base[64];

static int in_folder(void **state)
{
	(void)state;
	(void)snprintf(base, sizeof(base), "/tmp/p11ca-trust.XXXXXX");
	return mkdtemp(base) == NULL ? -1 : chdir(base);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static int remove_folder(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(base, remove_one, 8, FTW_DEPTH | FTW_PHYS) : -1;
}

static void make_file(const char *path, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs("x = 1\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void make_folder(const char *path, mode_t mode)
{
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void expect(const char *path, bool links, enum trust_flaw want, const char *where)
{
	struct err e = ERR_INIT;
	struct trust_result found;
	int fd;

	assert_int_equal(trust_open(&fd, &found, path, links, &e), 0);
	if (found.flaw != want || (where != NULL && strstr(found.path, where) == NULL))
		fail_msg("%s: '%s' %s", path, found.path, trust_flaw_text(found.flaw));
	assert_true((fd >= 0) == (want == TRUST_OK && strcmp(path, "nothing") != 0));
	if (fd >= 0)
		assert_int_equal(close(fd), 0);
}

TEST(files_of_this_user_are_read)
{
	make_file("own", 0644);
	make_folder("folder", 0755);
	make_file("folder/own", 0600);
	make_folder("sticky", 01777);
	make_file("sticky/own", 0600);
	assert_int_equal(symlink("folder", "link"), 0);
	assert_int_equal(symlink("../own", "folder/back"), 0);
	expect("own", false, TRUST_OK, NULL);
	expect("folder/own", false, TRUST_OK, NULL);
	expect("folder/../own", false, TRUST_OK, NULL);
	expect("sticky/own", false, TRUST_OK, NULL);
	expect("link/own", false, TRUST_OK, NULL);
	expect("link/back", true, TRUST_OK, NULL);
	expect("nothing", false, TRUST_OK, NULL);
}

TEST(files_and_folders_that_others_may_write_to_are_not)
{
	make_file("by-all", 0666);
	make_file("by-group", 0664);
	make_folder("open", 0777);
	make_file("open/own", 0600);
	make_folder("outer", 0700);
	make_folder("outer/open", 0773);
	make_folder("outer/open/inner", 0700);
	make_file("outer/open/inner/own", 0600);
	expect("by-all", false, TRUST_WRITABLE, "by-all");
	expect("by-group", false, TRUST_WRITABLE, "by-group");
	expect("open/own", false, TRUST_WRITABLE, "open");
	expect("outer/open/inner/own", false, TRUST_WRITABLE, "outer/open");
	make_file("sticky-file", 01666); /* the bit keeps others from replacing what is in a folder, and nothing else */
	expect("sticky-file", false, TRUST_WRITABLE, "sticky-file");
}

TEST(folders_that_another_group_may_write_to_are_not)
{
	if (geteuid() != 0)
		skip();
	make_folder("of-root", 0770);
	make_file("of-root/own", 0600);
	expect("of-root/own", false, TRUST_OK, NULL);
	make_folder("of-others", 0770);
	make_file("of-others/own", 0600);
	assert_int_equal(chown("of-others", 0, 1234), 0);
	expect("of-others/own", false, TRUST_WRITABLE, "of-others");
}

TEST(links_count_with_their_folder_and_their_target)
{
	char absolute[128];

	make_file("own", 0600);
	make_file("by-all", 0606);
	make_folder("open", 0777);
	make_folder("closed", 0700);
	assert_int_equal(symlink("../own", "open/link"), 0);
	assert_int_equal(symlink("../by-all", "closed/link"), 0);
	assert_int_equal(symlink("open", "closed-to-open"), 0);
	assert_int_equal(symlink("self", "self"), 0);
	(void)snprintf(absolute, sizeof(absolute), "%s/open/link", base);
	assert_int_equal(symlink(absolute, "closed/absolute"), 0);
	expect("open/link", true, TRUST_WRITABLE, "open");
	expect("closed/link", true, TRUST_WRITABLE, "by-all");
	expect("closed/link", false, TRUST_LINK, "closed/link");
	expect("closed/absolute", true, TRUST_WRITABLE, "open");
	expect("closed-to-open/link", true, TRUST_WRITABLE, "open");
	{
		struct err e = ERR_INIT;
		struct trust_result found;
		int fd;

		assert_int_equal(trust_open(&fd, &found, "self", true, &e), -1);
		assert_int_equal(e.status, ERR_OUTPUT);
	}
}

TEST(what_is_no_file_is_not_read)
{
	make_folder("folder", 0700);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	expect("folder", true, TRUST_NOT_A_FILE, "folder");
	expect("folder/", true, TRUST_NOT_A_FILE, "folder");
	expect("pipe", true, TRUST_NOT_A_FILE, "pipe");
}

TEST(files_of_another_user_are_not)
{
	if (geteuid() != 0)
		skip();
	make_file("theirs", 0600);
	assert_int_equal(chown("theirs", 1234, 1234), 0);
	make_folder("their-folder", 0700);
	make_file("their-folder/own", 0600);
	assert_int_equal(chown("their-folder", 1234, 1234), 0);
	make_file("own", 0600);
	assert_int_equal(symlink("own", "their-link"), 0);
	assert_int_equal(lchown("their-link", 1234, 1234), 0);
	expect("theirs", false, TRUST_OWNER, "theirs");
	expect("their-folder/own", false, TRUST_OWNER, "their-folder");
	expect("their-link", true, TRUST_OWNER, "their-link");
}

TEST(a_rule_refuses_with_its_code)
{
	static const struct trust_rule rule = { .noun = "the file", .code_owner = "o", .code_writable = "w",
		.code_link = "l", .hint = "h" };
	AUTO_VALUE(buf) text = { 0 };
	struct err e = ERR_INIT;
	int fd = -1;

	make_file("own", 0600);
	make_file("by-all", 0666);
	make_folder("open", 0777);
	assert_int_equal(symlink("own", "link"), 0);
	assert_int_equal(trust_read(&text, "own", 100, &rule, &e), 0);
	assert_int_equal(text.len, 6);
	assert_int_equal(trust_read(&text, "by-all", 100, &rule, &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, "w");
	assert_int_equal(trust_read(&text, "link", 100, &rule, &e), -1);
	assert_string_equal(e.code, "l");
	assert_int_equal(trust_read(&text, "own", 5, &rule, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(trust_read(&text, "missing", 5, &rule, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
	assert_int_equal(trust_open_file(&fd, "open/missing", &rule, &e), 0); /* nothing there that could be changed */
	assert_int_equal(fd, -1);
}

#define UNIT(name) cmocka_unit_test_setup_teardown(name, in_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(files_of_this_user_are_read),
		UNIT(files_and_folders_that_others_may_write_to_are_not),
		UNIT(folders_that_another_group_may_write_to_are_not),
		UNIT(links_count_with_their_folder_and_their_target),
		UNIT(what_is_no_file_is_not_read),
		UNIT(files_of_another_user_are_not),
		UNIT(a_rule_refuses_with_its_code),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
