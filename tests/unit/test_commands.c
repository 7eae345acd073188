/* SPDX-License-Identifier: MIT */
/* test_commands.c - the table of every command of the program. */
#include "unit.h"

#include "cli/command.h"

#define ARGS_MAX 4096
static struct err e;

static bool is_field_table_sane(const struct out_field *f)
{
	for (size_t i = 0; f[i].key != NULL; i++) {
		for (size_t j = 0; j < i; j++)
			if (strcmp(f[i].key, f[j].key) == 0)
				return false;
		if (f[i].help == NULL || f[i].help[0] == '\0' ||
		    strspn(f[i].key, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(f[i].key) ||
		    (f[i].type == OUT_LIST) != (f[i].sub != NULL) || (f[i].sub != NULL && !is_field_table_sane(f[i].sub)))
			return false;
	}
	return true;
}

TEST(commands_say_what_they_are)
{
	for (size_t c = 0; command_table[c] != NULL; c++) {
		const struct command *cmd = command_table[c];

		assert_true(strlen(cmd->summary) <= 60 && cmd->summary[strlen(cmd->summary) - 1] != '.');
		assert_non_null(cmd->prints);
		assert_true(cmd->args_size <= ARGS_MAX && cmd->min_operands <= cmd->max_operands);
		assert_true((cmd->operands != NULL) == (cmd->max_operands > 0));
		for (const struct command_prints *p = cmd->prints; p->key != NULL; p++)
			assert_true(is_field_table_sane(p->fields));
		for (size_t i = 0; i < c; i++)
			assert_string_not_equal(cmd->path, command_table[i]->path);
	}
}

static void check_option(const struct opt *o)
{
	assert_true(o->help != NULL && o->help[0] != '\0' && strlen(o->help) <= 60);
	assert_true(o->help[strlen(o->help) - 1] != '.');
	assert_true((o->value == VALUE_FLAG) == (opt_metavar(o) == NULL));
	assert_true(o->value != VALUE_FORMAT || o->choices != NULL);
	assert_true(!o->list || o->value != VALUE_FLAG);
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

			check_option(a);
			for (size_t j = i + 1; j < p.n; j++) {
				assert_string_not_equal(a->name, p.rows[j].opt->name);
				assert_true(a->letter == 0 || a->letter != p.rows[j].opt->letter);
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
					assert_int_equal(shared.rows[i].opt->value == VALUE_FLAG, o->value == VALUE_FLAG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_say_what_they_are),
		cmocka_unit_test(options_do_not_clash),
		cmocka_unit_test(shared_options_mean_the_same_everywhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
