/* SPDX-License-Identifier: MIT */
/* test_library.c - a library is loaded when it is needed, and its absence is an error that names it. */
#include "tests/unit/unit.h"

#include <link.h>
#include <zip.h>

#include "util/array.h"
#include "util/library.h"

#define FUNCTIONS(X) X(zip_libzip_version) X(zip_error_strerror)

static struct {
	FUNCTIONS(LIBRARY_MEMBER)
} lib;
static const struct library_function rows[] = { FUNCTIONS(LIBRARY_ROW) };
static struct err e;

static int is_libzip(struct dl_phdr_info *object, size_t size, void *data)
{
	(void)size;
	(void)data;
	return strstr(object->dlpi_name, "libzip.so") != NULL;
}

TEST(library_is_loaded_at_the_first_use)
{
	assert_false(dl_iterate_phdr(is_libzip, NULL));
	assert_int_equal(library_load(ZIP_SONAME, rows, ARRAY_LEN(rows), &e), 0);
	assert_true(dl_iterate_phdr(is_libzip, NULL));
	assert_non_null(lib.zip_error_strerror);
	assert_memory_equal(lib.zip_libzip_version(), "1.", 2);
	assert_int_equal(library_load(ZIP_SONAME, rows, ARRAY_LEN(rows), &e), 0);
}

TEST(library_that_is_missing_is_named)
{
	void *pointer = NULL;
	const struct library_function row = { "anything", &pointer };

	assert_int_equal(library_load("libnosuch.so.9", &row, 1, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
	assert_non_null(strstr(e.what, "libnosuch.so.9"));
	assert_null(pointer);
}

TEST(function_that_is_missing_is_an_error)
{
	void *pointer = NULL;
	const struct library_function row = { "no_such_function", &pointer };

	e = (struct err)ERR_INIT;
	assert_int_equal(library_load(ZIP_SONAME, &row, 1, &e), -1);
	assert_int_equal(e.status, ERR_INTERNAL);
	assert_null(pointer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(library_is_loaded_at_the_first_use),
		cmocka_unit_test(library_that_is_missing_is_named),
		cmocka_unit_test(function_that_is_missing_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
