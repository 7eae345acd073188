/* SPDX-License-Identifier: MIT */
/* test_ui.c - where PINs come from, and the terminal: the tests' own pseudo-terminal plays the person. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/process.h"
#include "cli/ui_tty.h"

static struct app app;
static struct ui_tty tty;
static struct secret pin;
static struct err e;
static char folder[] = "/tmp/test_ui.XXXXXX", path[100], source[110];

static const struct pin_ask card = { .purpose = "card", .token = "pkcs11:token=a" };

static int setup(void **unused)
{
	(void)unused;
	(void)umask(022);
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/pin", folder);
	(void)snprintf(source, sizeof(source), "file:%s", path);
	return 0;
}

static int teardown(void **unused)
{
	(void)unused;
	(void)unlink(path);
	return rmdir(folder);
}

/* A ui in its first state, quiet, with this source for the card. */
static void fresh(const char *pin_source)
{
	ui_tty_clear(&tty);
	memset(&app, 0, sizeof(app));
	app.quiet = app.batch = true;
	app.pin_source = pin_source;
	tty = (struct ui_tty){ .app = &app };
	ui_tty_init(&app.ui, &tty);
	secret_clear(&pin);
}

static int get(const struct pin_ask *ask)
{
	return app.ui.get_pin(app.ui.self, ask, &pin, &e);
}

static void write_pin(const char *bytes, size_t len, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && fchmod(fd, mode) == 0);
	(void)close(fd);
}

static void assert_file_gives(const char *bytes, size_t len, const char *want)
{
	write_pin(bytes, len, 0600);
	fresh(source);
	if (want != NULL) {
		assert_int_equal(get(&card), 0);
		assert_string_equal((char *)pin.data, want);
		assert_int_equal(pin.len, strlen(want));
	} else {
		assert_int_equal(get(&card), -1);
		assert_int_equal(e.status, ERR_PIN);
		assert_int_equal(pin.len, 0);
	}
}

TEST(a_file_without_its_last_newline)
{
	char longest[300];

	memset(longest, '1', sizeof(longest));
	assert_file_gives("1234", 4, "1234");
	assert_file_gives("1234\n", 5, "1234");
	assert_file_gives("1234\r\n", 6, "1234");
	assert_file_gives("p in\t", 5, "p in\t");
	assert_file_gives("1234\n\n", 6, NULL);
	assert_file_gives("12\n34", 5, NULL);
	assert_file_gives("12\0 34", 6, NULL);
	assert_file_gives(longest, 258, NULL);
	longest[255] = '\n';
	write_pin(longest, 256, 0600);
	fresh(source);
	assert_int_equal(get(&card), 0);
	assert_int_equal(pin.len, 255);
}

TEST(a_file_that_others_can_read)
{
	STREAM_OPEN(f, text);

	fresh(source);
	write_pin("1234", 4, 0604);
	assert_int_equal(get(&card), -1);
	assert_int_equal(e.status, ERR_PIN);
	assert_string_equal(e.hint, "run `chmod 600 FILE`");
	write_pin("1234", 4, 0640);
	assert_int_equal(out_open(&app.out, "json", f, &e), 0);
	assert_int_equal(get(&card), 0);
	assert_int_equal(out_close(STEAL(app.out), NULL, &e), 0);
	assert_non_null(strstr(text, "\"pin-file-readable\""));
	STREAM_CLOSE(f, text);
	fresh("file:/dev/null");
	assert_int_equal(get(&card), -1);
	assert_non_null(strstr(e.what, "is writable by other users"));
	fresh("file:/nonexistent");
	assert_int_equal(get(&card), -1);
	assert_int_equal(e.status, ERR_PIN);
}

TEST(the_environment_is_read_once_and_wiped)
{
	static const struct pin_ask root = { .purpose = "root", .token = "r" };
	char *value;

	assert_int_equal(setenv("TEST_UI_PIN", "4711", 1), 0);
	value = getenv("TEST_UI_PIN");
	fresh("env:TEST_UI_PIN");
	app.root_pin_source = "env:TEST_UI_PIN";
	assert_int_equal(get(&card), 0);
	assert_null(getenv("TEST_UI_PIN"));
	assert_memory_equal(value, "\0\0\0\0", 4);
	secret_clear(&pin);
	assert_int_equal(get(&root), 0);
	assert_string_equal((char *)pin.data, "4711");
	ui_tty_clear(&tty);
	assert_int_equal(get(&card), -1);
	assert_string_equal(e.what, "the environment does not contain the variable that env: names");
}

TEST(a_descriptor_gives_its_first_line)
{
	int ends[2];
	char rest[10] = "", fd_source[20];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "12345\r\nrest", 11), 11);
	(void)close(ends[1]);
	(void)snprintf(fd_source, sizeof(fd_source), "fd:%d", ends[0]);
	fresh(fd_source);
	assert_int_equal(get(&card), 0);
	assert_string_equal((char *)pin.data, "12345");
	assert_int_equal(get(&card), 0); /* again, although the line is gone */
	assert_int_equal(pin.len, 5);
	assert_int_equal(read(ends[0], rest, sizeof(rest)), 4);
	(void)close(ends[0]);
	fresh(fd_source);
	assert_int_equal(get(&card), -1);
	assert_int_equal(e.status, ERR_PIN);
}

TEST(the_role_chooses_the_option)
{
	static const struct pin_ask asks[] = {
		{ .purpose = "card", .token = "t" },
		{ .purpose = "root", .token = "t" },
		{ .role = PIN_SO, .purpose = "card", .token = "t" },
		{ .purpose = "card", .token = "t", .is_new = true },
		{ .role = PIN_CONTEXT, .purpose = "root", .token = "t" },
	};
	static const char *const wants[] = { "card", "root", "so", "new", "root" };
	static const char *const hints[] = { "--pin-source", "--root-pin-source", "--so-pin-source", "--new-pin-source",
		"--root-pin-source" };

	fresh("env:TEST_UI_CARD");
	app.root_pin_source = "env:TEST_UI_ROOT";
	app.so_pin_source = "env:TEST_UI_SO";
	app.new_pin_source = "env:TEST_UI_NEW";
	assert_int_equal(setenv("TEST_UI_CARD", "card", 1) | setenv("TEST_UI_ROOT", "root", 1) |
		setenv("TEST_UI_SO", "so", 1) | setenv("TEST_UI_NEW", "new", 1), 0);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(get(&asks[i]), 0);
		assert_string_equal((char *)pin.data, wants[i]);
	}
	fresh(NULL);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(get(&asks[i]), -1);
		assert_int_equal(e.status, ERR_PIN);
		assert_non_null(strstr(e.hint, hints[i]));
	}
}

TEST(the_source_in_a_uri)
{
	char url[120];
	struct pin_ask ask = card;

	write_pin("777", 3, 0600);
	(void)snprintf(url, sizeof(url), "file://%s", path);
	fresh(NULL);
	ask.uri_source = url;
	assert_int_equal(get(&ask), 0);
	ask.uri_source = source;
	assert_int_equal(get(&ask), 0);
	ask.uri_source = path;
	assert_int_equal(get(&ask), 0);
	assert_string_equal((char *)pin.data, "777");
	ask.role = PIN_SO; /* the user's PIN would cost the SO a try */
	assert_int_equal(get(&ask), -1);
	ask.role = PIN_USER;
	ask.is_new = true;
	assert_int_equal(get(&ask), -1);
	ask.is_new = false;
	ask.uri_source = "|cat /etc/passwd";
	assert_int_equal(get(&ask), -1);
	assert_int_equal(e.status, ERR_PIN);
	assert_non_null(strstr(e.what, "command"));
}

static int repeat(const char *pin_source, bool allowed, const char *uri_source)
{
	const struct pin_ask ask = { .role = PIN_CONTEXT, .purpose = "card", .token = "t", .uri_source = uri_source };

	fresh(pin_source);
	app.allow_pin_replay = allowed;
	e = (struct err)ERR_INIT;
	return app.ui.check_repeat(app.ui.self, &ask, &e);
}

TEST(a_source_is_no_person)
{
	static const char *const sources[] = { "env:TEST_UI_CARD", "fd:3", "file:/nowhere" };

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(repeat(sources[i], false, NULL), -1);
		assert_int_equal(e.status, ERR_POLICY);
		assert_string_equal(e.code, "pin-replay");
		assert_int_equal(repeat(sources[i], true, NULL), 0);
	}
	assert_int_equal(repeat(NULL, false, "/nowhere"), -1);
	assert_int_equal(repeat("tty", false, "/nowhere"), 0);
	assert_int_equal(repeat("tty", false, NULL), 0);
	assert_int_equal(repeat(NULL, false, NULL), 0);
}

TEST(nobody_to_ask)
{
	char line[20];

	fresh(NULL);
	assert_int_equal(app.ui.confirm(app.ui.self, "Erase?", "alpha", &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, "not-confirmed");
	assert_int_equal(app.ui.ask(app.ui.self, "Name:", line, sizeof(line), &e), -1);
	assert_int_equal(e.status, ERR_POLICY);
	assert_string_equal(e.code, "no-terminal");
}

/* Whether the PIN that this question gets is the one that was expected. */
static bool gets(const char *purpose, const char *token, bool count_low, const char *want)
{
	const struct pin_ask ask = { .purpose = purpose, .token = token, .count_low = count_low };

	return get(&ask) == 0 && strcmp((char *)pin.data, want) == 0;
}

/* The same root again is not a question; another one, a wrong PIN before, and the end of the list are. */
static int enrol_list(void)
{
	app.ui.entry(app.ui.self, "alice, 1 of 2");
	if (!gets("list root", "root", false, "1111") || !gets("list root", "root", false, "1111") ||
	    !gets("card", "root", false, "2222") || !gets("list root", "other", false, "3333"))
		return 1;
	app.ui.entry(app.ui.self, "bob, 2 of 2");
	if (!gets("list root", "other", false, "3333") || !gets("list root", "other", true, "4444"))
		return 2;
	app.ui.entry(app.ui.self, NULL);
	return gets("list root", "other", false, "5555") ? 0 : 3;
}

/* What the child does on its terminal; its exit status says how it went. */
static int on_terminal(const char *what)
{
	struct pin_ask ask = card;
	char line[20];

	if (process_harden(&e) < 0)
		return 98;
	fresh("tty");
	app.batch = false;
	if (strcmp(what, "list") == 0)
		return enrol_list();
	if (strcmp(what, "confirm") == 0)
		return app.ui.confirm(app.ui.self, "Erase?", "alpha", &e) < 0;
	if (strcmp(what, "ask") == 0)
		return app.ui.ask(app.ui.self, "Name:", line, sizeof(line), &e) < 0 || strcmp(line, "Alice B") != 0;
	ask.is_new = strcmp(what, "new") == 0;
	if (get(&ask) < 0)
		return (int)e.status;
	return strcmp((char *)pin.data, "4711") != 0;
}

/* Plays the person: types the next line when a prompt stands there.  The child's status. */
static int play(const char *what, const char *const *lines, char *screen, size_t size)
{
	size_t used = 0;
	int master, status;
	ssize_t got;
	pid_t child = forkpty(&master, NULL, NULL, NULL);

	if (child == 0)
		_exit(on_terminal(what));
	(void)alarm(60); /* a prompt that nobody can end is a failure, not a hang */
	assert_true(child > 0);
	while (used + 1 < size && (got = read(master, screen + used, size - used - 1)) > 0) {
		used += (size_t)got;
		screen[used] = '\0';
		if (*lines != NULL && used >= 2 && strcmp(screen + used - 2, ": ") == 0) {
			assert_true(write(master, *lines, strlen(*lines)) > 0);
			lines++;
		}
	}
	screen[used] = '\0';
	(void)close(master);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

TEST(a_person_at_a_terminal)
{
	static const char *const once[] = { "4711\n", NULL }, *const same[] = { "4711\n", "4711\n", NULL };
	static const char *const other[] = { "4711\n", "4712\n", NULL }, *const yes[] = { "alpha\n", NULL };
	static const char *const no[] = { "y\n", NULL }, *const name[] = { "Alice B\n", NULL };
	static const char *const stop[] = { "47\003", NULL };
	char line[SECRET_MAX + 3], screen[1000];
	const char *const too_long[] = { line, NULL };

	memset(line, '1', sizeof(line));
	(void)snprintf(line + SECRET_MAX + 1, 2, "\n");
	assert_int_equal(play("pin", once, screen, sizeof(screen)), 0);
	assert_non_null(strstr(screen, "Enter PIN for token 'pkcs11:token=a': "));
	assert_null(strstr(screen, "4711"));
	assert_int_equal(play("new", same, screen, sizeof(screen)), 0);
	assert_null(strstr(screen, "4711"));
	assert_int_equal(play("new", other, screen, sizeof(screen)), ERR_PIN);
	assert_int_equal(play("pin", stop, screen, sizeof(screen)), ERR_INTERRUPTED);
	assert_int_equal(play("pin", too_long, screen, sizeof(screen)), ERR_PIN);
	assert_int_equal(play("confirm", yes, screen, sizeof(screen)), 0);
	assert_non_null(strstr(screen, "Type 'alpha' to continue: "));
	assert_int_equal(play("confirm", no, screen, sizeof(screen)), 1);
	assert_int_equal(play("ask", name, screen, sizeof(screen)), 0);
}

TEST(the_pin_of_the_root_is_asked_once_for_a_list)
{
	static const char *const pins[] = { "1111\n", "2222\n", "3333\n", "4444\n", "5555\n", NULL };
	char screen[1000];

	assert_int_equal(play("list", pins, screen, sizeof(screen)), 0);
	assert_non_null(strstr(screen, "'root' (alice, 1 of 2): "));
	assert_non_null(strstr(screen, "'other' (bob, 2 of 2)"));
	assert_non_null(strstr(screen, "'other': ")); /* after the list */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_without_its_last_newline),
		cmocka_unit_test(a_file_that_others_can_read),
		cmocka_unit_test(the_environment_is_read_once_and_wiped),
		cmocka_unit_test(a_descriptor_gives_its_first_line),
		cmocka_unit_test(the_role_chooses_the_option),
		cmocka_unit_test(the_source_in_a_uri),
		cmocka_unit_test(a_source_is_no_person),
		cmocka_unit_test(nobody_to_ask),
		cmocka_unit_test(a_person_at_a_terminal),
		cmocka_unit_test(the_pin_of_the_root_is_asked_once_for_a_list),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
