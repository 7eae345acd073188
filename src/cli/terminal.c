/* SPDX-License-Identifier: MIT */
/* terminal.c - see terminal.h. */
#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/process.h"
#include "util/text.h"

#define COLUMNS_DEFAULT 80
#define COLUMNS_LIMIT 1000

static size_t terminal_columns(int fd)
{
	const char *columns = getenv("COLUMNS");
	const long number = columns != NULL ? strtol(columns, NULL, 10) : 0;
	struct winsize size;

	if (number > 0 && number < COLUMNS_LIMIT)
		return (size_t)number;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : COLUMNS_DEFAULT;
}

static bool terminal_has_colors(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no_color == NULL || no_color[0] == '\0') && term != NULL && term[0] != '\0' &&
	    strcmp(term, "dumb") != 0;
}

struct screen terminal_screen(int fd, const char *color)
{
	const bool is_terminal = isatty(fd) == 1;
	struct screen s = { .columns = is_terminal ? terminal_columns(fd) : 0 };

	if (color == NULL || strcmp(color, "auto") == 0)
		s.has_color = is_terminal && terminal_has_colors();
	else
		s.has_color = strcmp(color, "always") == 0;
	return s;
}

int terminal_open(void)
{
	struct termios state;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0 && tcgetattr(fd, &state) < 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

/*
 * Waits until a byte can be read. ppoll() unblocks the signals only while it waits: a signal between the check of the
 * flag and a blocking read() would be recorded and the read would not end. -1: errno; EINTR after a signal.
 */
static int wait_for_byte(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t stop, was;
	int result;

	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGINT);
	(void)sigaddset(&stop, SIGTERM);
	(void)sigaddset(&stop, SIGHUP);
	(void)sigprocmask(SIG_BLOCK, &stop, &was);
	do {
		errno = EINTR;
		result = process_stop_seen() ? -1 : ppoll(&p, 1, NULL, &was);
	} while (result < 0 && errno == EINTR && !process_stop_seen());
	(void)sigprocmask(SIG_SETMASK, &was, NULL);
	return result < 0 ? -1 : 0;
}

static ssize_t read_byte(int fd, char *c)
{
	return wait_for_byte(fd) < 0 ? -1 : read(fd, c, 1);
}

int terminal_read_line(int fd, char *out, size_t size, struct err *e)
{
	size_t len = 0;
	ssize_t got;
	char c = '\0';

	while ((got = read_byte(fd, &c)) == 1 && c != '\n' && c != '\0' && len + 1 < size)
		out[len++] = c;
	out[len] = '\0';
	if (got == 0 || (got == 1 && c == '\n'))
		return 0;
	explicit_bzero(out, size);
	if (got < 0 && errno == EINTR && process_stop_seen())
		return err_set(e, ERR_INTERRUPTED, "interrupted");
	if (got < 0)
		return err_set_errno(e, ERR_INPUT, "cannot read a line");
	if (c == '\0')
		return err_set(e, ERR_INPUT, "the line contains a NUL character");
	return err_set(e, ERR_INPUT, "the line is longer than %zu bytes", size - 1);
}

void terminal_print(int fd, const char *text, const char *end)
{
	struct screen screen = terminal_screen(fd, "never");
	char safe[1100], *wrapped = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&wrapped, &len);

	(void)print_safe(safe, sizeof(safe), text, strlen(text));
	if (f != NULL) {
		screen.columns--; /* leaves room for what is typed */
		screen_wrap(f, &screen, safe, 0, 4);
		(void)fclose(f);
	}
	if (f != NULL && wrapped != NULL && len > 0)
		(void)dprintf(fd, "%.*s%s", (int)len - 1, wrapped, end);
	else
		(void)dprintf(fd, "%s%s", safe, end);
	free(wrapped);
}

int terminal_ask(int fd, const char *prompt, bool hidden, char *out, size_t size, struct err *e)
{
	struct termios was, quiet;
	int result;

	if (tcgetattr(fd, &was) < 0)
		return err_set_errno(e, ERR_INPUT, "cannot use the terminal");
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_cc[VSUSP] = _POSIX_VDISABLE; /* Ctrl-Z would leave the shell without echo */
	if (hidden && tcsetattr(fd, TCSAFLUSH, &quiet) < 0)
		return err_set_errno(e, ERR_INPUT, "cannot turn the terminal's echo off");
	terminal_print(fd, prompt, "");
	result = terminal_read_line(fd, out, size, e);
	if (hidden) {
		(void)dprintf(fd, "\n");
		(void)tcsetattr(fd, TCSAFLUSH, &was);
	}
	return result;
}
