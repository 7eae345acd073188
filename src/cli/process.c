/* SPDX-License-Identifier: MIT */
/* process.c - see process.h. */
#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t stop_seen;

static void note_stop(int number)
{
	(void)number;
	stop_seen = 1;
}

bool process_stop_seen(void)
{
	return stop_seen != 0;
}

/* Opened the wrong way round: writing to what was closed must fail, not vanish.  Except for messages. */
static int fill_standard_descriptors(struct err *e)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) != fd)
			return err_set_errno(e, ERR_INTERNAL, "cannot open /dev/null");
	return 0;
}

/* A debugger that root attaches gets no anonymous memory into its core images either (core(5)). */
static void filter_core(void)
{
	const int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "0", 1) != 1) {
		/* An addition to what follows. */
	}
	(void)close(fd);
}

int process_harden(struct err *e)
{
	const struct rlimit no_core = { 0, 0 };
	struct sigaction action = { .sa_handler = note_stop }; /* no SA_RESTART: a PIN prompt must end */

	if (fill_standard_descriptors(e) < 0)
		return -1;
	filter_core(); /* before the files of /proc/self belong to root alone */
	if (setrlimit(RLIMIT_CORE, &no_core) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set_errno(e, ERR_INTERNAL, "cannot turn core dumps off");
	(void)umask(077);
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN; /* a closed pipe is exit status 9, not death while a token works */
	(void)sigaction(SIGPIPE, &action, NULL);
	return 0;
}
