/* SPDX-License-Identifier: MIT */
/* test_commands.c - the table of every command of the program. */
#include "tests/unit/unit.h"

#include "cli/command.h"

#define ARGS_MAX 4096
static struct err e;

/* Says which row it is before cmocka says that one is wrong. */
static bool is_fine(bool fine, const char *where, const char *row)
{
	if (!fine)
		print_message("%s: %s\n", where, row);
	return fine;
}

static bool is_field_table_sane(const struct out_field *f, const char *path)
{
	for (size_t i = 0; f[i].key != NULL; i++) {
		for (size_t j = 0; j < i; j++)
			if (strcmp(f[i].key, f[j].key) == 0)
				return false;
		if (!is_fine(f[i].help != NULL && f[i].help[0] != '\0' &&
			strspn(f[i].key, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(f[i].key) &&
			(f[i].type == OUT_LIST || f[i].type == OUT_OBJECT) == (f[i].sub != NULL), path, f[i].key) ||
		    (f[i].sub != NULL && !is_field_table_sane(f[i].sub, path)))
			return false;
	}
	return true;
}

TEST(commands_say_what_they_are)
{
	for (size_t c = 0; command_table[c] != NULL; c++) {
		const struct command *cmd = command_table[c];

		assert_true(
		    is_fine(strlen(cmd->summary) <= 60 && cmd->summary[strlen(cmd->summary) - 1] != '.' &&
					cmd->args_size <= ARGS_MAX && cmd->min_operands <= cmd->max_operands &&
					(cmd->operands != NULL) == (cmd->max_operands > 0),
			cmd->path, "the command itself"));
		for (const struct command_prints *p = command_prints(cmd); p->key != NULL; p++)
			assert_true(is_fine(
			    p->fields == NULL || is_field_table_sane(p->fields, cmd->path), cmd->path, p->key));
		for (size_t i = 0; i < c; i++)
			assert_string_not_equal(cmd->path, command_table[i]->path);
	}
}

static bool is_option_sane(const struct opt *o)
{
	return o->help != NULL && o->help[0] != '\0' && strlen(o->help) <= 80 && o->help[strlen(o->help) - 1] != '.' &&
	    (o->value == VALUE_FLAG) == (opt_metavar(o) == NULL) && (o->value != VALUE_FORMAT || o->choices != NULL) &&
	    (!o->list || o->value != VALUE_FLAG);
}

/* cli allocates args_size bytes, and the parser writes to the offset of each option. */
TEST(options_are_stored_within_the_struct)
{
	for (size_t c = 0; command_table[c] != NULL; c++) {
		const struct command *cmd = command_table[c];

		for (const struct opt *o = cmd->opts; o != NULL && o->name != NULL; o++)
			if (o->offset >= cmd->args_size)
				fail_msg("%s: set .args_size to the size of the struct with --%s", cmd->path, o->name);
	}
}

/* Every command with everything it brings: no name or letter twice. */
TEST(options_do_not_clash)
{
	for (size_t c = 0; command_table[c] != NULL; c++) {
		static char space[ARGS_MAX];
		struct app app = { .json = false };
		struct opts p = { .n = 0 };

		assert_int_equal(command_bind(command_table[c], &p, &app, space, &e), 0);
		for (size_t i = 0; i < p.n; i++) {
			const struct opt *a = p.rows[i].opt;

			assert_true(is_fine(is_option_sane(a), command_table[c]->path, a->name));
			for (size_t j = i + 1; j < p.n; j++) {
				const struct opt *b = p.rows[j].opt;

				assert_true(is_fine(
				    strcmp(a->name, b->name) != 0 && (a->letter == 0 || a->letter != b->letter),
				    command_table[c]->path, a->name));
			}
		}
	}
}

/* A shared option may stand before the command, where the command is not known yet: one meaning for all. */
TEST(shared_options_mean_the_same_everywhere)
{
	struct opts shared = { .n = 0 };
	struct app app = { .json = false };

	assert_int_equal(command_bind_shared(&shared, &app, &e), 0);
	for (size_t c = 0; command_table[c] != NULL; c++)
		for (const struct opt *o = command_table[c]->opts; o != NULL && o->name != NULL; o++)
			for (size_t i = 0; i < shared.n; i++)
				if (strcmp(shared.rows[i].opt->name, o->name) == 0)
					assert_int_equal(
					    shared.rows[i].opt->value == VALUE_FLAG, o->value == VALUE_FLAG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_say_what_they_are),
		cmocka_unit_test(options_are_stored_within_the_struct),
		cmocka_unit_test(options_do_not_clash),
		cmocka_unit_test(shared_options_mean_the_same_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
