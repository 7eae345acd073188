/* SPDX-License-Identifier: MIT */
/* schema.c - see schema.h. */
#include "out/schema.h"

#include <stdlib.h>

#include "out/json_value.h"

struct schema {
	json_t *root;                /* owned */
	json_t *members;             /* borrowed from root */
};

static const struct out_field warning_fields[] = {
	{ .key = "code", .type = OUT_CHARS, .help = "stable code, see `p11ca explain`" },
	{ .key = "message", .type = OUT_CHARS, .help = "the warning" },
	{ .key = NULL },
};

static int schema_failed(struct err *e)
{
	return err_set(e, ERR_INTERNAL, "out of memory while building a JSON Schema");
}

static json_t *schema_value(const struct out_field *f);

/* A record always has all of its fields; a value that is not known is null. */
static json_t *schema_object(const struct out_field *f)
{
	AUTO(json_t) required = json_array();
	AUTO(json_t) members = json_object();

	for (; f->key != NULL; f++)
		if (json_array_append_new(required, json_string(f->key)) < 0 ||
		    json_object_set_new(members, f->key, schema_value(f)) < 0)
			return NULL;
	return json_pack("{s:s, s:O, s:O, s:b}", "type", "object", "properties", members, "required", required,
	    "additionalProperties", 0);
}

static json_t *schema_list(json_t *items)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *schema_or_null(const char *type)
{
	return json_pack("{s:[s, s]}", "type", type, "null");
}

static json_t *schema_object_or_null(const struct out_field *f)
{
	json_t *object = schema_object(f);

	if (object == NULL || json_object_set_new(object, "type", json_pack("[s, s]", "object", "null")) < 0)
		json_decref(object);
	else
		return object;
	return NULL;
}

static json_t *schema_type(const struct out_field *f)
{
	switch (f->type) {
	case OUT_TEXT:
	case OUT_CHARS:
		return f->separator != 0 ? schema_list(json_pack("{s:s}", "type", "string")) : schema_or_null("string");
	case OUT_HEX:
		return json_pack("{s:s, s:s}", "type", "string", "pattern", "^([0-9a-f]{2})*$");
	case OUT_UINT:
		return json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
	case OUT_INT64:
		return json_pack("{s:s}", "type", "integer");
	case OUT_KNOWN:
		return schema_or_null("integer");
	case OUT_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case OUT_TRI:
	case OUT_STATED:
		return schema_or_null("boolean");
	case OUT_TIME:
		return json_pack("{s:[s, s], s:s}", "type", "string", "null", "format", "date-time");
	case OUT_LIST:
		return schema_list(schema_object(f->sub));
	case OUT_OBJECT:
		return schema_object_or_null(f->sub);
	}
	return NULL;
}

static json_t *schema_value(const struct out_field *f)
{
	json_t *type = schema_type(f);

	if (type != NULL && f->help != NULL && json_object_set_new(type, "description", json_string(f->help)) < 0) {
		json_decref(type);
		return NULL;
	}
	return type;
}

/* The error as json_value_error() prints it. */
static json_t *schema_error(void)
{
	return json_pack("{s:s, s:{s:{s:s, s:i, s:i}, s:{s:s, s:s}, s:{s:s}, s:{s:s, s:{s:s}}, s:{s:[s, s]},"
			 " s:{s:[s, s]}, s:{s:s, s:{s:s}}, s:{s:[s, s]}}, s:[s, s, s, s, s, s, s, s], s:b}",
	    "type", "object", "properties",
	    "status", "type", "integer", "minimum", 1, "maximum", 11,
	    "code", "type", "string", "pattern", "^[a-z0-9]+(-[a-z0-9]+)*$",
	    "message", "type", "string",
	    "context", "type", "array", "items", "type", "string",
	    "return_value", "type", "string", "null",
	    "cause", "type", "string", "null",
	    "cleanup_errors", "type", "array", "items", "type", "string",
	    "hint", "type", "string", "null",
	    "required", "status", "code", "message", "context", "return_value", "cause", "cleanup_errors", "hint",
	    "additionalProperties", 0);
}

int schema_open(struct schema **out, const char *title, struct err *e)
{
	struct schema *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->root = json_pack("{s:s, s:s, s:s, s:{s:{s:i}, s:o, s:o}, s:[s, s], s:b}", "$schema",
		    "https://json-schema.org/draft/2020-12/schema", "title", title, "type", "object", "properties",
		    "schema_version", "const", 2, "warnings", schema_list(schema_object(warning_fields)), "error",
		    schema_error(), "required", "schema_version", "warnings", "additionalProperties", 0);
	if (s == NULL || s->root == NULL) {
		schema_free(s);
		return schema_failed(e);
	}
	s->members = json_object_get(s->root, "properties");
	*out = s;
	return 0;
}

int schema_add(struct schema *s, const char *key, const struct out_field *f, bool is_list, struct err *e)
{
	json_t *value = f == NULL ? json_pack("{s:s}", "type", "string") : schema_object(f);

	if (f == NULL && json_object_set_new(s->members, "data_hex", json_pack("{s:s}", "type", "string")) < 0)
		value = NULL;
	if (is_list)
		value = schema_list(value);
	return json_object_set_new(s->members, key, value) < 0 ? schema_failed(e) : 0;
}

int schema_write(const struct schema *s, const char *path, struct err *e)
{
	char *text = json_dumps(s->root, JSON_INDENT(2));
	FILE *f = text != NULL ? fopen(path, "w") : NULL;
	bool is_written = f != NULL && fprintf(f, "%s\n", text) > 0;

	free(text);
	if ((f != NULL && fclose(f) != 0) || !is_written)
		return err_set_errno(e, ERR_OUTPUT, "cannot write '%s'", path);
	return 0;
}

void schema_free(struct schema *s)
{
	if (s != NULL)
		json_decref(s->root);
	free(s);
}
