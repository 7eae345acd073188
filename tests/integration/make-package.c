/* SPDX-License-Identifier: MIT */
/*
 * make-package.c - a zip whose entries are called as the arguments say, for the tests of packages.
 *
 *	make-package ZIP [-l] [-e] NAME=FILE...
 *
 * Azure's names have backslashes, those of attackers `..`: zip(1) makes neither.  The entries behind -l are symbolic
 * links, those behind -e encrypted.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

struct kind {
	int is_link, is_encrypted;
};

static int add(zip_t *za, char *argument, const struct kind *kind)
{
	char *equals = strchr(argument, '=');
	zip_source_t *source;
	zip_int64_t at;

	if (equals == NULL)
		return -1;
	*equals = '\0';
	source = zip_source_file(za, equals + 1, 0, -1);
	at = source != NULL ? zip_file_add(za, argument, source, ZIP_FL_ENC_GUESS) : -1;
	if (at < 0)
		return -1;
	if (kind->is_link &&
	    zip_file_set_external_attributes(
		za, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX, (zip_uint32_t)(S_IFLNK | 0777) << 16) < 0)
		return -1;
	return kind->is_encrypted ? zip_file_set_encryption(za, (zip_uint64_t)at, ZIP_EM_AES_256, "secret") : 0;
}

int main(int argc, char **argv)
{
	struct kind kind = { 0, 0 };
	zip_t *za = argc > 2 ? zip_open(argv[1], ZIP_CREATE | ZIP_TRUNCATE, NULL) : NULL;

	if (za == NULL)
		return 2;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "-l") == 0)
			kind.is_link = 1;
		else if (strcmp(argv[i], "-e") == 0)
			kind.is_encrypted = 1;
		else if (add(za, argv[i], &kind) < 0) {
			(void)fprintf(stderr, "make-package: %s: %s\n", argv[i], zip_strerror(za));
			zip_discard(za);
			return 1;
		}
	}
	return zip_close(za) == 0 ? 0 : 1;
}
