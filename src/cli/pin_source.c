/* SPDX-License-Identifier: MIT */
/* pin_source.c - see pin_source.h. */
#include "cli/pin_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "util/file.h"
#include "util/text.h"
#include "util/trust.h"
#include "util/text_decode.h"

#define PIN_FILE_MAX (2 * SECRET_MAX + 6) /* largest file: UTF-16 with byte order mark, CR and LF */
#define OTHER_SOURCE "name an existing source: env:NAME (exported), file:PATH or fd:N (open)"

/* Returns the line without the newline at its end. The caller owns and wipes it. */
static int pin_source_set_pin(struct secret *out, struct bytes file, struct err *e)
{
	AUTO_VALUE(buf) store = { 0 };
	struct bytes b;

	/* a byte order mark is not part of the PIN; a token would count it as a wrong PIN */
	if (text_decode(&b, &store, file, e) < 0) {
		e->status = ERR_PIN;
		return -1;
	}
	if (b.len > 0 && b.data[b.len - 1] == '\n')
		b.len -= b.len > 1 && b.data[b.len - 2] == '\r' ? 2 : 1;
	if (b.len > 0 && (memchr(b.data, '\0', b.len) != NULL || memchr(b.data, '\n', b.len) != NULL))
		return err_set(e, ERR_PIN, "the PIN is not one line of text");
	return secret_set(out, b.data, b.len, e);
}

static int refuse_file(const char *path, const struct trust_result *found, struct err *e)
{
	if (found->flaw == TRUST_NOT_A_FILE) {
		(void)err_set(e, ERR_PIN, "'%s' is not a regular file", path);
		e->hint = "a pipe can be given as fd:N";
		return -1;
	}
	(void)err_set(e, ERR_PIN, "the PIN file '%.160s' is not read: '%.160s' %s", path, found->path,
	    trust_flaw_text(found->flaw));
	return err_rule(e, "pin-file-untrusted",
	    "other users could replace the PIN: use a file that you own, in folders that only you can write to");
}

/* *fd is the file whose mode was checked: opening it again by name could open another file. */
static int open_file(int *fd, const char *path, const struct ui *ui, struct err *e)
{
	struct trust_result found;
	struct stat st;

	if (trust_open(fd, &found, path, true, e) < 0) {
		e->status = ERR_PIN;
		e->hint = OTHER_SOURCE;
		return -1;
	}
	if (found.flaw != TRUST_OK)
		return refuse_file(path, &found, e);
	if (*fd < 0)
		errno = ENOENT;
	if (*fd < 0 || fstat(*fd, &st) < 0) {
		/* a name without a folder may be the PIN itself, given by mistake */
		(void)err_set_errno(e, ERR_PIN, "cannot read the PIN from '%s'",
		    strchr(path, '/') != NULL ? path : "the file that was named");
		e->hint = OTHER_SOURCE;
		return -1;
	}
	if (st.st_mode & (S_IROTH | S_IWOTH)) {
		(void)err_set(e, ERR_PIN, "the PIN file '%s' can be read by other users", path);
		e->hint = "run `chmod 600 FILE`";
		return -1;
	}
	if (st.st_mode & (S_IRGRP | S_IWGRP))
		ui->warn(ui->self, "pin-file-readable", "a file with a PIN is open to its group");
	return 0;
}

static int from_file(const char *path, const struct ui *ui, struct secret *out, struct err *e)
{
	AUTO_VALUE(buf) content = { 0 };
	int fd = -1, result;

	if ((result = open_file(&fd, path, ui, e)) == 0 &&
	    (result = file_read_fd(&content, fd, path, PIN_FILE_MAX, e)) < 0) {
		e->status = ERR_PIN;
		(void)err_while(e, "reading a PIN");
	}
	if (fd >= 0)
		(void)close(fd);
	if (result < 0)
		return -1;
	if (pin_source_set_pin(out, buf_bytes(&content), e) < 0)
		return err_while(e, "reading a PIN from '%s'", path);
	return 0;
}

static int from_env(const char *name, struct secret *out, struct err *e)
{
	char *value = getenv(name);
	int result;

	if (value == NULL) {
		/* the message does not repeat the name: it may be the PIN itself, given by mistake */
		(void)err_set(e, ERR_PIN, "the environment does not contain the variable that env: names");
		e->hint = OTHER_SOURCE;
		return -1;
	}
	result = pin_source_set_pin(out, (struct bytes){ (unsigned char *)value, strlen(value) }, e);
	explicit_bzero(value, strlen(value)); /* unsetenv() alone leaves the value in /proc/PID/environ */
	(void)unsetenv(name);
	return result < 0 ? err_while(e, "reading a PIN from $%s", name) : 0;
}

static int from_fd(unsigned fd, struct secret *out, struct err *e)
{
	char line[SECRET_MAX + 5]; /* plus byte order mark and CR */
	size_t len;
	int result = terminal_read_line((int)fd, line, sizeof(line), e);

	if (result < 0) {
		if (e->status != ERR_INTERRUPTED) {
			e->status = ERR_PIN;
			e->hint = e->hint != NULL ? e->hint : OTHER_SOURCE;
		}
		return err_while(e, "reading a PIN from descriptor %u", fd);
	}
	len = strlen(line);
	if (len > 0 && line[len - 1] == '\r')
		len--;
	result = pin_source_set_pin(out, (struct bytes){ (unsigned char *)line, len }, e);
	explicit_bzero(line, sizeof(line));
	return result;
}

/* No token was asked: the code tells this from a login that the token refused. */
static int pin_source_fail(struct err *e)
{
	if (e->status == ERR_PIN && e->code == NULL)
		e->code = "pin-source";
	return -1;
}

int pin_source_read(const char *source, const struct ui *ui, struct secret *out, bool *once, struct err *e)
{
	unsigned fd;

	*once = strncmp(source, "file:", 5) != 0;
	if (!*once)
		return from_file(source + 5, ui, out, e) < 0 ? pin_source_fail(e) : 0;
	if (strncmp(source, "env:", 4) == 0)
		return from_env(source + 4, out, e) < 0 ? pin_source_fail(e) : 0;
	if (strncmp(source, "fd:", 3) == 0 && text_to_unsigned(source + 3, &fd))
		return from_fd(fd, out, e) < 0 ? pin_source_fail(e) : 0;
	return err_set(e, ERR_USAGE, "a PIN source is tty, env:NAME, file:PATH or fd:N");
}

/* RFC 3986, 2.1: a file: URI is percent-encoded inside the percent-encoded token URI. out is as large as path. */
static int decode_path(char *out, const char *path, struct err *e)
{
	for (; *path != '\0'; path++) {
		unsigned char byte = (unsigned char)*path;

		if (byte == '%') {
			char hex[3] = { path[1], path[1] != '\0' ? path[2] : '\0' };

			if (text_from_hex(&byte, 1, hex) != 1 || byte == 0)
				return err_set(e, ERR_PIN, "the percent-encoding of the PIN file's URI is broken");
			path += 2;
		}
		*out++ = (char)byte;
	}
	*out = '\0';
	return 0;
}

static int pin_source_from_uri(const char *attribute, const struct ui *ui, struct secret *out, struct err *e)
{
	const char *path = attribute;
	char decoded[4096];

	if (attribute[0] == '|') {
		(void)err_set(e, ERR_PIN, "the token's URI asks p11ca to run a command for the PIN (pin-source)");
		e->hint = "p11ca runs no commands; use pin-source=PATH in the URI, or --pin-source";
		return -1;
	}
	if (strncmp(path, "file:", 5) != 0)
		return from_file(path, ui, out, e);
	path += strncmp(path, "file://", 7) == 0 ? 7 : 5;
	if (strlen(path) >= sizeof(decoded))
		return err_set(e, ERR_PIN, "the path of the PIN file is longer than %zu bytes", sizeof(decoded) - 1);
	return decode_path(decoded, path, e) < 0 ? -1 : from_file(decoded, ui, out, e);
}

int pin_source_read_uri(const char *attribute, const struct ui *ui, struct secret *out, struct err *e)
{
	return pin_source_from_uri(attribute, ui, out, e) < 0 ? pin_source_fail(e) : 0;
}
