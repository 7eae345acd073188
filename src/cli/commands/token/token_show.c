/* SPDX-License-Identifier: MIT */
/* token_show.c - the command `p11ca token show`: its options, help and output. */
#include "cli/open_pki.h"

static const struct out_field fields[] = {
	{ OUT_CHARS("label", "Label", struct token_info, label), .help = "label of the token" },
	{ OUT_CHARS("serial", "Serial", struct token_info, serial), .help = "serial number" },
	{ OUT_CHARS("manufacturer", "Manufacturer", struct token_info, manufacturer), .help = "as the token says" },
	{ OUT_CHARS("model", "Model", struct token_info, model), .help = "as the token says" },
	{ OUT_CHARS("hardware_version", NULL, struct token_info, hardware_version), .help = "as the token says" },
	{ OUT_CHARS("firmware_version", "Firmware", struct token_info, firmware_version), .help = "as the token says" },
	{ OUT_CHARS("slot", "Slot", struct token_info, slot_description), .help = "description of the slot or reader" },
	{ OUT_TEXT("kind", "Kind", struct token_info, kind), .help = "token family" },
	{ OUT_CHARS("kind_reason", "  because", struct token_info, kind_why), .help = "what identified the kind of "
	    "token" },
	{ OUT_TEXT("kind_note", "  note", struct token_info, kind_note), .help = "known properties of this kind of "
	    "token" },
	{ OUT_BOOL("initialised", "Initialised", struct token_info, is_initialised), .help = "ready for keys" },
	{ OUT_BOOL("pin_set", "PIN set", struct token_info, is_pin_set), .help = "a user PIN is set" },
	{ OUT_BOOL("pinpad", "PIN pad", struct token_info, has_pinpad), .help = "the PIN is typed on the reader" },
	{ OUT_BOOL("pin_count_low", "PIN failed before", struct token_info, pin_count_low),
	    .help = "a wrong PIN was given" },
	{ OUT_BOOL("pin_final_try", "PIN final try", struct token_info, pin_final_try), .help = "one more locks it" },
	{ OUT_BOOL("pin_locked", "PIN locked", struct token_info, pin_locked), .help = "only the SO PIN helps" },
	{ OUT_BOOL("so_pin_locked", "SO PIN locked", struct token_info, so_pin_locked), .help = "nothing helps" },
	{ OUT_BOOL("write_protected", NULL, struct token_info, is_write_protected), .help = "nothing can be written" },
	{ OUT_CHARS("uri", "URI", struct token_info, uri), .help = "RFC 7512, to paste where TOKEN is asked for" },
	{ .key = NULL },
};
static const struct out_field module_fields[] = {
	{ OUT_CHARS("path", "Module", struct module_info, path), .help = "as loaded" },
	{ OUT_CHARS("description", "  is", struct module_info, description), .help = "as the module says" },
	{ OUT_CHARS("manufacturer", NULL, struct module_info, manufacturer), .help = "as the module says" },
	{ OUT_CHARS("version", "  version", struct module_info, version), .help = "as the module says" },
	{ OUT_CHARS("cryptoki_version", "  Cryptoki", struct module_info, cryptoki_version),
	    .help = "PKCS#11 version" },
	{ .key = NULL },
};
static const struct out_field object_fields[] = {
	{ OUT_TEXT("class", "OBJECT", struct object_info, class_name), .help = "private, public, cert or data" },
	{ OUT_CHARS("key_type", "TYPE", struct object_info, type), .help = "kind of key" },
	{ OUT_CHARS("cka_id", "ID", struct object_info, id), .help = "CKA_ID" },
	{ OUT_CHARS("label", "LABEL", struct object_info, label), .help = "CKA_LABEL" },
	{ OUT_CHARS("subject", NULL, struct object_info, subject), .help = "of a certificate" },
	{ OUT_BOOL("has_private", NULL, struct object_info, has_private), .help = "a private key has this CKA_ID" },
	{ OUT_BOOL("has_public", NULL, struct object_info, has_public), .help = "a public key has this CKA_ID" },
	{ OUT_BOOL("has_certificate", "CERT", struct object_info, has_cert), .help = "a certificate has this CKA_ID" },
	{ OUT_TRI("extractable", "EXTRACTABLE", struct object_info, extractable), .help = "CKA_EXTRACTABLE" },
	{ OUT_TRI("sensitive", NULL, struct object_info, sensitive), .help = "CKA_SENSITIVE" },
	{ OUT_CHARS("uri", NULL, struct object_info, uri), .help = "RFC 7512" },
	{ .key = NULL },
};
static const struct command_prints prints[] = {
	{ "token", fields, false },
	{ "module", module_fields, false },
	{ "objects", object_fields, true },
	{ .key = NULL },
};

struct token_show_args {
	bool login;
};
static const struct opt options[] = {
	{ OPT_FIELD(FLAG, struct token_show_args, login), .name = "login",
	    .help = "log in, to show private objects too" },
	{ .name = NULL },
};

static int print_object(const struct object_info *o, void *arg, struct err *e)
{
	return out_row(arg, o, e);
}

static int print_objects(struct app *app, struct module *m, const struct token_uri *uri, bool login, struct err *e)
{
	AUTO_STRUCT(token) t = NULL;

	if (token_open(&t, m, uri, false, e) < 0 ||
	    (login && token_login(t, PIN_USER, "card", uri_pin_source(uri), e) < 0))
		return -1;
	if (out_list(app->out, "objects", object_fields, e) < 0 || token_each_object(t, print_object, app->out, e) < 0)
		return err_while(e, "listing the objects of token '%s'", token_get_info(t)->label);
	return out_end(app->out, e);
}

static int cmd_token_show_run(struct app *app, const void *args_, char **operands, struct err *e)
{
	const struct token_show_args *args = args_;
	AUTO_VALUE(pki) p = { .ui = NULL };
	AUTO_STRUCT(token_uri) uri = NULL;
	struct token_info info;
	struct module *m;

	if (uri_parse(&uri, operands[0], e) < 0 || open_pki(&p, app, e) < 0 || pki_module(&m, &p, uri, e) < 0 ||
	    token_find(&info, m, uri, e) < 0)
		return -1;
	if (out_record(app->out, "token", fields, &info, e) < 0 ||
	    out_record(app->out, "module", module_fields, module_get_info(m), e) < 0)
		return -1;
	return info.is_initialised ? print_objects(app, m, uri, args->login, e) : 0;
}

static const struct command_example examples[] = {
	{ "Show a token and its public objects:", "p11ca token show alice" },
	{ "Show private keys too, which needs the PIN:", "p11ca token show alice --login" },
	{ .text = NULL },
};

const struct command cmd_token_show = {
	.path = "token show",
	.summary = "Show a token, its flags and its objects",
	.help = "A private key, a public key and a certificate with the same CKA_ID belong together. Without "
		"--login, the command shows only public objects.",
	.examples = examples,
	.operands = "TOKEN", .min_operands = 1, .max_operands = 1, .operand_value = VALUE_TOKEN,
	.needs = NEED_MODULE | NEED_PIN,
	.opts = options, .args_size = sizeof(struct token_show_args),
	.prints = prints, .run = cmd_token_show_run,
};
