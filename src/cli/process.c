/* SPDX-License-Identifier: MIT */
/* process.c - see process.h. */
#include "cli/process.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_bool stop_seen; /* threads read it; the handler may write it, as it has no lock */

static void note_stop(int number)
{
	(void)number;
	atomic_store(&stop_seen, true);
}

bool process_stop_seen(void)
{
	return atomic_load(&stop_seen);
}

/* 0 is opened for writing and 1 for reading, so that using a closed descriptor fails instead of losing data. */
static int fill_standard_descriptors(struct err *e)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) != fd)
			return err_set_errno(e, ERR_INTERNAL, "cannot open /dev/null");
	return 0;
}

/* Core images that a root debugger makes then contain no anonymous memory either (core(5)). */
static void filter_core(void)
{
	const int fd = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "0", 1) != 1) {
		/* Without the filter, setrlimit() and prctl() in process_harden() still prevent core dumps. */
	}
	(void)close(fd);
}

/* The signals that end a run cleanly. nohup has SIGHUP ignored, and this stays so. */
static void catch_stop(void)
{
	/* no SA_RESTART: a signal has to end a PIN prompt */
	const struct sigaction action = { .sa_handler = note_stop };
	struct sigaction was;

	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	if (sigaction(SIGHUP, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
		(void)sigaction(SIGHUP, &action, NULL);
}

int process_harden(struct err *e)
{
	const struct rlimit no_core = { 0, 0 };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	if (fill_standard_descriptors(e) < 0)
		return -1;
	filter_core(); /* before PR_SET_DUMPABLE makes root the owner of the files in /proc/self */
	if (setrlimit(RLIMIT_CORE, &no_core) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
		return err_set_errno(e, ERR_INTERNAL, "cannot turn core dumps off");
	(void)umask(077);
	catch_stop();
	(void)sigaction(SIGPIPE, &ignore, NULL); /* a closed pipe must not kill a token operation: exit status 9 */
	return 0;
}
