/* SPDX-License-Identifier: MIT */
/* render.h - writes scripts and trees; after the first error, which is kept, nothing more is written. */
#ifndef AZURE_GATEWAY_RENDER_H
#define AZURE_GATEWAY_RENDER_H

#include "model/gateway_change.h"
#include "util/err.h"

#define RENDER_API "2024-05-01" /* version of Microsoft.Network's API for az and templates */

typedef int quote_fn(struct buf *out, const char *text, struct err *e);

struct render {
	struct buf *out;
	const struct gateway_change *change;
	bool is_bad;
	struct err *e;
};

/* render_text.c */
void render_add(struct render *r, const char *text);
void render_quoted(struct render *r, quote_fn *quote, const char *text);
/* Writes mark, text and a line feed; text may be untrusted if it is safe to print. */
void render_comment(struct render *r, const char *mark, const char *text);
/* Writes comments about entries that stay although p11ca did not add them, and the reasons of actions. */
void render_notes(struct render *r, const char *mark);
bool render_is_wan(const struct render *r);
const char *render_type(const struct render *r); /* Azure's type of the resource */
bool render_is_listed(const struct gateway_entry *entry); /* the entry is in the list after the change */

/* gateway_tree.c: a tree in JSON or Bicep, alike but for quotes and commas. */
struct notation {
	quote_fn *quote;
	bool is_bicep;
	bool is_one_line;
};
extern const struct notation notation_json, notation_line, notation_bicep;
struct tree {
	struct render *r;
	const struct notation *n;
	unsigned depth;
	bool is_first;
};
void tree_open(struct tree *t, const char *key, const char *bracket); /* key NULL: in a list */
void tree_close(struct tree *t, const char *bracket);
void tree_text(struct tree *t, const char *key, const char *text);
void tree_words(struct tree *t, const char *key, const char *words); /* a list of comma-separated words */
/* The members of a configuration; tree_changes(): the settings to be changed, and both lists. */
void tree_pools(struct tree *t, const char *key);
void tree_auth(struct tree *t, const char *key);
void tree_roots(struct tree *t, const char *key);
void tree_revoked(struct tree *t, const char *key);
void tree_entry(struct tree *t, const struct gateway_entry *entry, bool is_root);
void tree_changes(struct tree *t);

/* gateway_functions.c: parts of the sh scripts. */
extern const char *const render_sh_functions[]; /* for render_parts(); NULL ends the list */
void render_parts(struct render *r, const char *const parts[]);
/* Sets the variables of the functions for the gateway of the change. */
void render_sh_use(struct render *r);
/* Writes $tmp/FILE, the input of plan() and change(): the entries to add to the list and to remove. */
void render_sh_lines(struct render *r, const char *file, const struct gateway_entries *list, bool is_root);

/* gateway_az.c, gateway_powershell.c */
void render_az(struct render *r);
void render_powershell(struct render *r);

#endif
