/* SPDX-License-Identifier: MIT */
/*
 * write_profile.c - writes one profile from files and name=value arguments, for the tests against real peers.
 *
 *	write_profile FORMAT FOLDER NAME=VALUE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/profile.h"
#include "util/file.h"
#include "util/text.h"
#include "x509/cert.h"
#include "x509/encode.h"

static struct err e = ERR_INIT;
static struct vpn_profile p;
static struct package package;
static struct buf cert, root, pfx;
static struct cert_info cert_info;

static void die(void)
{
	err_print(&e, stderr, "write_profile");
	exit(e.status > 0 ? (int)e.status : 1);
}

static void read_all(struct buf *out, const char *path)
{
	if (file_read(out, path, 1 << 20, &e) < 0)
		die();
}

static void read_cert(struct buf *out, const char *path)
{
	AUTO_VALUE(buf) file = { 0 };

	read_all(&file, path);
	if (der_from_file(out, buf_bytes(&file), DER_CERT, &e) < 0)
		die();
}

static void set_net(struct ip_net *net, const char *value)
{
	(void)snprintf(net->text, sizeof(net->text), "%s", value);
	net->is_v6 = strchr(value, ':') != NULL;
}

/* Fields that are text: name, where the pointer is. */
static const struct {
	const char *name, **at;
} texts[] = {
	{ "cka_id", &p.cka_id }, { "label", &p.token_label }, { "serial", &p.token_serial },
	{ "manufacturer", &p.token_manufacturer }, { "model", &p.token_model }, { "module", &p.module_path },
	{ "uri", &p.key_uri }, { "local_id", &p.local_id },
};
static const struct {
	const char *name;
	bool *at;
} flags[] = {
	{ "pubkey", &p.use_pubkey }, { "by_uri", &p.openvpn_uri }, { "connect3", &p.openvpn_connect3 },
	{ "windows26", &p.openvpn_windows26 },
};

static bool set_simple(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(texts[i].name, name) == 0)
			return (*texts[i].at = value) != NULL;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(flags[i].name, name) == 0)
			return *flags[i].at = true;
	return false;
}

static void set(const char *name, const char *value)
{
	if (set_simple(name, value))
		return;
	if (strcmp(name, "name") == 0)
		(void)snprintf(p.connection, sizeof(p.connection), "%s", value);
	else if (strcmp(name, "server") == 0)
		(void)snprintf(package.server, sizeof(package.server), "%s", value);
	else if (strcmp(name, "route") == 0)
		set_net(&package.routes[package.n_routes++], value);
	else if (strcmp(name, "pool") == 0)
		set_net(&package.pools[package.n_pools++], value);
	else if (strcmp(name, "dns") == 0)
		(void)snprintf(package.dns[package.n_dns++], sizeof(package.dns[0]), "%s", value);
	else if (strcmp(name, "gateway_root") == 0)
		read_cert(&package.roots[package.n_roots++].der, value);
	else if (strcmp(name, "ovpn") == 0)
		read_all(&package.ovpn, value);
	else if (strcmp(name, "cert") == 0)
		read_cert(&cert, value);
	else if (strcmp(name, "root") == 0)
		read_cert(&root, value);
	else if (strcmp(name, "pfx") == 0)
		read_all(&pfx, value);
	else {
		(void)err_set(&e, ERR_USAGE, "no such value '%s'", name);
		die();
	}
}

static void finish(void)
{
	if (cert_read(&cert_info, buf_bytes(&cert), &e) < 0)
		die();
	p.package = &package;
	p.cert = buf_bytes(&cert);
	p.root = buf_bytes(&root);
	p.pfx = buf_bytes(&pfx);
	p.cert_info = &cert_info;
	p.key = pfx.len > 0 ? PROFILE_KEY_PFX : PROFILE_KEY_TOKEN;
	if (p.local_id == NULL)
		p.local_id = cert_info.n_sans > 0 ? cert_info.sans[0].text : cert_info.cn;
	package.has_ikev2 = true;
	package.has_openvpn = package.ovpn.len > 0;
}

static void write_file(const char *folder, const struct profile_file *f)
{
	char path[4096];
	char *slash;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, f->name);
	slash = strrchr(path, '/');
	*slash = '\0';
	if (file_make_folder(path, &e) < 0)
		die();
	*slash = '/';
	if (file_write(path, buf_bytes(&f->content), f->mode, true, &e) < 0)
		die();
}

int main(int argc, char **argv)
{
	AUTO_VALUE(profile_files) files = { 0 };
	const struct profile_format *format;

	for (int i = 3; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (equals == NULL)
			return 2;
		*equals = '\0';
		set(argv[i], equals + 1);
	}
	if (argc < 3)
		return 2;
	finish();
	if (profile_format_find(&format, argv[1], &e) < 0 || profile_write(&files, format, &p, &e) < 0)
		die();
	for (size_t i = 0; i < files.n; i++)
		write_file(argv[2], &files.all[i]);
	buf_clear(&cert);
	buf_clear(&root);
	buf_clear(&pfx);
	package_clear(&package);
	return 0;
}
