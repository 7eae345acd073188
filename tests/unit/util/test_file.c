/* SPDX-License-Identifier: MIT */
/* test_file.c - whole files, locks and hashes. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/file.h"
#include "util/hash.h"
#include "util/lock.h"

static struct err e;
static char folder[] = "/tmp/p11ca-unit.XXXXXX";

static struct bytes text(const char *s)
{
	return (struct bytes){ (const unsigned char *)s, strlen(s) };
}

static int in_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const left[] = { "a", "link", "loop", "fifo", "lock", "dir/sub", "dir" };

	(void)state;
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		(void)remove(left[i]);
	return chdir("/") == 0 ? rmdir(folder) : -1; /* fails when a temporary file was left behind */
}

TEST(written_and_read)
{
	AUTO_VALUE(buf) b = { 0 };
	struct stat st;

	assert_int_equal(file_write("a", text("one"), 0644, false, &e), 0);
	assert_int_equal(stat("a", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(file_read(&b, "a", 3, &e), 0);
	assert_int_equal(b.len, 3);
	assert_int_equal(file_read(&b, "a", 2, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(file_read(&b, "nosuch", 2, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
	assert_int_equal(file_read(&b, ".", 2, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_int_equal(file_read(&b, "/dev/null", 2, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
}

TEST(a_file_that_is_too_large_is_not_read)
{
	AUTO_VALUE(buf) b = { 0 };
	int fd = open("sparse", O_RDWR | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 3 * (off_t)1024 * 1024 * 1024), 0);
	assert_int_equal(file_read_fd(&b, fd, "sparse", 1000, &e), -1);
	assert_int_equal(e.status, ERR_INPUT);
	assert_string_equal(e.code, "file-too-large");
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_null(b.data);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlink("sparse"), 0);
}

/* The size of a pipe is not known, and that of a file of /proc is 0. */
TEST(an_input_without_a_size_is_read_whole)
{
	AUTO_VALUE(buf) piped = { 0 }, limited = { 0 }, maps = { 0 };
	FILE *pipe = popen("head -c 200000 /dev/zero", "r");

	assert_non_null(pipe);
	assert_int_equal(file_read_fd(&piped, fileno(pipe), "pipe", 200000, &e), 0);
	assert_int_equal(piped.len, 200000);
	assert_int_equal(pclose(pipe), 0);
	pipe = popen("head -c 200001 /dev/zero", "r");
	assert_non_null(pipe);
	assert_int_equal(file_read_fd(&limited, fileno(pipe), "pipe", 200000, &e), -1);
	assert_string_equal(e.code, "file-too-large");
	(void)pclose(pipe);
	assert_int_equal(file_read(&maps, "/proc/self/maps", 1 << 20, &e), 0);
	assert_true(maps.len > 4096);
}

TEST(a_fifo_without_a_writer_does_not_block)
{
	AUTO_VALUE(buf) b = { 0 };

	assert_int_equal(mkfifo("fifo", 0600), 0);
	(void)alarm(30); /* against hanging */
	assert_int_equal(file_read(&b, "fifo", 2, &e), 0);
	(void)alarm(0);
	assert_int_equal(b.len, 0);
}

/* Beyond RLIMIT_FSIZE, write() first writes less than it was given, and then fails. */
TEST(a_file_that_does_not_fit_is_not_there)
{
	static const char content[] = "more than ten bytes";
	struct rlimit limit, ten;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	ten = (struct rlimit){ 10, limit.rlim_max };
	assert_ptr_not_equal(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &ten), 0);
	assert_int_equal(file_write("big", text(content), 0600, false, &e), -1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(e.status, ERR_OUTPUT);
	assert_int_equal(access("big", F_OK), -1);
}

TEST(never_overwritten_without_force)
{
	AUTO_VALUE(buf) b = { 0 };

	assert_int_equal(file_check_writable("a", false, &e), -1);
	assert_int_equal(file_check_writable("a", true, &e), 0);
	assert_int_equal(file_write("a", text("two"), 0600, false, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
	assert_int_equal(file_write("a", text("two"), 0600, true, &e), 0);
	assert_int_equal(file_read(&b, "a", 9, &e), 0);
	assert_memory_equal(b.data, "two", 3);
	assert_int_equal(symlink("nowhere", "link"), 0);
	assert_int_equal(file_write("link", text("x"), 0600, false, &e), -1);
	assert_int_equal(file_write("link", text("x"), 0600, true, &e), -1);
	assert_int_equal(access("nowhere", F_OK), -1);
	assert_int_equal(file_write("nosuch/a", text("x"), 0600, false, &e), -1);
	assert_int_equal(e.status, ERR_OUTPUT);
}

TEST(folders)
{
	struct stat st;

	assert_int_equal(file_make_folder("dir/sub", &e), 0);
	assert_int_equal(stat("dir", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(file_make_folder("dir/sub", &e), 0);
	assert_int_equal(file_make_folder("a/sub", &e), -1);
	assert_int_equal(file_require_local(".", &e), 0);
}

TEST(one_holds_the_lock)
{
	AUTO_VALUE(lock) one = LOCK_NONE;
	AUTO_VALUE(lock) two = LOCK_NONE;

	assert_false(lock_is_held("lock"));
	assert_int_equal(lock_take(&one, "lock", 0, &e), 0);
	assert_true(lock_is_held("lock"));
	assert_true(lock_is_held("lock")); /* looking does not take it */
	assert_int_equal(lock_take(&two, "lock", 20, &e), -1);
	lock_release(&one);
	assert_false(lock_is_held("lock"));
	assert_int_equal(lock_take(&two, "lock", 0, &e), 0);
	assert_int_equal(lock_take(&one, "nosuch/lock", 0, &e), -1);
	assert_int_equal(symlink("lock", "loop"), 0);
	assert_true(lock_is_held("loop")); /* it is not opened through a link: nobody knows whether it is held */
}

TEST(hashes)
{
	char hex[SHA256_HEX], hex1[SHA1_HEX];

	assert_int_equal(hash_sha256_hex(hex, text("abc"), &e), 0); /* FIPS 180-2, B.1 */
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_int_equal(hash_sha1_hex(hex1, text("abc"), &e), 0); /* FIPS 180-2, A.1 */
	assert_string_equal(hex1, "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_int_equal(hash_sha256_hex(hex, (struct bytes){ NULL, 0 }, &e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(written_and_read),
		cmocka_unit_test(a_file_that_is_too_large_is_not_read),
		cmocka_unit_test(an_input_without_a_size_is_read_whole),
		cmocka_unit_test(a_fifo_without_a_writer_does_not_block),
		cmocka_unit_test(never_overwritten_without_force),
		cmocka_unit_test(a_file_that_does_not_fit_is_not_there),
		cmocka_unit_test(folders),
		cmocka_unit_test(one_holds_the_lock),
		cmocka_unit_test(hashes),
	};

	return cmocka_run_group_tests(tests, in_folder, remove_folder);
}
