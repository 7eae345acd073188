/* SPDX-License-Identifier: MIT */
/* gateway_add.c - records a gateway in the ledger: its Azure names, and the roots that it should trust. */
#include <string.h>

#include "azure/gateway/gateway.h"
#include "pki/gateway/gateway.h"
#include "pki/op.h"
#include "pki/root_find.h"
#include "util/text.h"
#include "util/unicode.h"

static bool gateway_add_is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_letter(char c)
{
	return gateway_add_is_alnum(c) || (unsigned char)c >= 0x80;
}

static bool is_made_of(const char *name, bool (*is_allowed_char)(char c), const char *others)
{
	for (const char *at = name; *at != '\0'; at++)
		if (!is_allowed_char(*at) && strchr(others, *at) == NULL)
			return false;
	return true;
}

/* Azure's naming rules for Microsoft.Network: virtualNetworkGateways and vpnServerConfigurations. */
static int gateway_add_check_name(const char *name, struct err *e)
{
	const size_t len = strlen(name);

	if (len >= 1 && len <= 80 && gateway_add_is_alnum(name[0]) &&
	    (gateway_add_is_alnum(name[len - 1]) || name[len - 1] == '_') &&
	    is_made_of(name, gateway_add_is_alnum, "._-"))
		return 0;
	(void)err_set(e, ERR_USAGE, "'%.80s' is not a valid name of a gateway", name);
	e->hint = "use 1 to 80 letters, digits, '.', '_' and '-'; begin with a letter or digit, and end with a "
	    "letter, digit or '_'";
	return -1;
}

/*
 * Azure's rules for Microsoft.Resources: letters and digits of any script, and these; characters outside ASCII are
 * left to Azure. Azure accepts '-' at the beginning, but az and PowerShell would read such a value as an option.
 */
static int check_group(const char *name, struct err *e)
{
	const size_t len = strlen(name);

	if (len > 0 && text_characters(name) <= 90 && name[0] != '-' && name[len - 1] != '.' &&
	    name_characters_allowed(name) && is_made_of(name, is_letter, "_-.()"))
		return 0;
	(void)err_set(e, ERR_USAGE, "'%.90s' is not a valid name of a resource group", name);
	e->hint = "1 to 90 letters, digits, '_', '-', '.', '(' and ')'; no '-' in front, and no '.' at the end";
	return -1;
}

/* An id (a GUID) or a name; after '@' az would read a file, after '-' an option. */
static int check_subscription(const char *name, struct err *e)
{
	if (name[0] == '\0' || (is_letter(name[0]) && text_characters(name) <= 64 && name_characters_allowed(name)))
		return 0;
	(void)err_set(e, ERR_USAGE, "'%.100s' is not a valid id or name of a subscription", name);
	e->hint = "give its id, or its name: at most 64 characters, and a letter or digit in front";
	return -1;
}

int gateway_check_names(const struct gateway_row *row, struct err *e)
{
	return gateway_add_check_name(row->name, e) < 0 || check_group(row->resource_group, e) < 0 ||
			       check_subscription(row->subscription, e) < 0
		   ? -1
		   : 0;
}

static int check_pools(const struct gateway_row *row, struct err *e)
{
	const char *at = row->pools;
	char word[64];

	while (gateway_word(word, sizeof(word), &at))
		if (!gateway_is_network(word))
			return err_set(e, ERR_USAGE, "'%s' is not an address pool, such as 172.16.201.0/24", word);
	return 0;
}

static const char *const tunnel_words[] = { "IkeV2", "OpenVPN", "SSTP" };

static int check_tunnels(struct gateway_row *row, struct err *e)
{
	char word[32], given[sizeof(row->tunnels)];
	const char *at = given, *found[3];
	unsigned n = 0;

	(void)snprintf(given, sizeof(given), "%s", row->tunnels);
	while (gateway_word(word, sizeof(word), &at)) {
		const char *is = NULL;

		for (size_t i = 0; i < 3; i++)
			is = strcasecmp(word, tunnel_words[i]) == 0 ? tunnel_words[i] : is;
		for (unsigned i = 0; i < n; i++)
			is = is == found[i] ? NULL : is;
		if (is == NULL || n == 3)
			return err_set(e, ERR_USAGE, "'%s' is not a tunnel type (IkeV2, OpenVPN, SSTP), or is given "
			    "twice",
			    word);
		found[n++] = is;
	}
	return gateway_join(row->tunnels, sizeof(row->tunnels), "tunnel type", found, n, e);
}

static int check_roots(const struct gateway_row *row, struct pki *p, struct err *e)
{
	const char *at = row->roots;
	struct root_row root;
	char word[80];
	unsigned n = 0;

	while (gateway_word(word, sizeof(word), &at)) {
		if (root_row_find(&root, p, word, e) < 0)
			return -1;
		if (root.is_retired) {
			(void)err_set(e, ERR_POLICY, "root '%s' is retired: no gateway should trust it", word);
			return err_rule(e, "root-retired", "name a root that is not retired: `p11ca root list`");
		}
		if (++n > 20)
			return err_set(e, ERR_USAGE, "there are more than 20 roots: Azure accepts 20 for each gateway");
	}
	return 0;
}

static void gateway_add_warn_of_test(const struct pki *p)
{
	if (ledger_is_test(p->ledger))
		p->ui->warn(p->ui->self, "gateway-for-test-roots", "the roots of this ledger are for tests: do not "
		    "upload them to a gateway that is in use");
}

static int gateway_add_look(struct gateway_job *job, enum step_state *out, struct err *e)
{
	struct gateway_row *row = &job->row, old;
	bool found;

	if (gateway_check_names(row, e) < 0 || check_pools(row, e) < 0 || check_tunnels(row, e) < 0 ||
	    check_roots(row, job->op.pki, e) < 0 ||
	    ledger_gateway_find(&old, &found, job->op.pki->ledger, row->name, e) < 0)
		return -1;
	*out = STEP_PENDING;
	gateway_add_warn_of_test(job->op.pki);
	if (!found || job->replace)
		return 0;
	(void)err_set(e, ERR_POLICY, "the ledger already has a gateway '%s'", old.name);
	return err_rule(e, "gateway-name-taken", "replace what the ledger records with --replace, and give all "
	    "options again");
}

static int gateway_add_show(const struct gateway_job *job, struct out *o, struct err *e)
{
	return gateway_print(&job->row, o, e);
}

static int gateway_add_run(struct gateway_job *job, struct err *e)
{
	return ledger_gateway_add(job->op.pki->ledger, &job->row, job->replace, e);
}

/* An empty list of roots stands for all of them, so the sentence says which roots are meant. */
static int gateway_add_say(const struct gateway_job *job, struct out *o, struct err *e)
{
	const struct gateway_row *row = &job->row;

	if (out_say(o, e, "Gateway %s is recorded in the ledger. It should trust %s%s.", row->name,
		row->roots[0] == '\0' ? "every root that is not retired" : "only these roots: ", row->roots) < 0)
		return -1;
	return gateway_print(row, o, e);
}

int gateway_add(struct gateway_job *job, const struct run_mode *mode, struct out *o, struct err *e)
{
	static const struct gateway_job_step add = { STEP_OF(gateway_job, "record gateway"), .probe = gateway_add_look,
		.show = gateway_add_show, .run = gateway_add_run };
	static const struct gateway_job_list list[] = { STEP(gateway_job, add), STEPS_END };

	if (gateway_job_run(list, job, mode, o, e) < 0)
		return -1;
	return mode->dry_run ? 0 : gateway_add_say(job, o, e);
}
