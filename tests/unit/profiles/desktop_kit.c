/* SPDX-License-Identifier: MIT */
/* desktop_kit.c - see desktop_kit.h. */
#include "tests/unit/profiles/desktop_kit.h"

#include "tests/unit/unit.h"
#include "x509/cert.h"
#include "x509/pfx/pfx.h"

static void add_root(struct package *p, const char *subject, long serial)
{
	static const struct kit_ext exts[] = { { "basicConstraints", "critical,CA:TRUE" }, { NULL, NULL } };
	struct package_root *r = &p->roots[p->n_roots++];
	struct err e = ERR_INIT;

	kit_others(&r->der, &(struct kit_others){ .subject = subject, .serial = serial, .exts = exts });
	assert_int_equal(cert_read(&r->info, buf_bytes(&r->der), &e), 0);
}

static void add_net(struct ip_net *out, const char *text, unsigned prefix)
{
	(void)snprintf(out->text, sizeof(out->text), "%s", text);
	out->prefix = prefix;
}

static void fill_package(struct package *p)
{
	(void)snprintf(p->server, sizeof(p->server), "%s", KIT_SERVER);
	(void)snprintf(p->vnet_name, sizeof(p->vnet_name), "VNet1");
	p->has_ikev2 = p->has_openvpn = p->has_generic = true;
	add_root(p, "CN=Gateway Root G2,O=Example", 21);
	add_root(p, "CN=Gateway Root G3,O=Example", 22);
	add_net(&p->routes[0], "10.11.0.0/20", 20);
	add_net(&p->routes[1], "10.11.16.0/20", 20);
	p->n_routes = 2;
	add_net(&p->pools[0], "172.16.201.0/24", 24);
	p->n_pools = 1;
	(void)snprintf(p->dns[0], sizeof(p->dns[0]), "10.11.0.4");
	(void)snprintf(p->dns[1], sizeof(p->dns[1]), "10.11.0.5");
	p->n_dns = 2;
	p->azurevpn = (struct package_azurevpn){ .is_there = true, .auth = "cert",
		.server_root = "df3c24f9bfd666761b268073fe06d1cc8d4f82a4", .secret = { 0x00, 0xff },
		.secret_len = OVPN_KEY_LEN };
}

/* Whose key is in it is of no matter here: made once, as deriving its keys takes long. */
static struct bytes any_pfx(const struct desktop_kit *k)
{
	static struct buf made;
	static struct secret password = { .len = 12, .data = "secret words" };
	const struct pfx pfx = { .key = k->key, .cert = buf_bytes(&k->cert), .name = "client", .password = &password,
		.compat = PFX_LEGACY, .iterations = 1000 };
	struct err e = ERR_INIT;

	if (made.len == 0 && pfx_write(&made, &pfx, &e) < 0)
		fail_msg("%s (%s)", e.what, e.cause);
	return buf_bytes(&made);
}

void desktop_kit(struct desktop_kit *k, const char *cn)
{
	struct err e = ERR_INIT;

	memset(k, 0, sizeof(*k));
	kit_root(&k->root, "azure-root", "rsa");
	k->key = kit_key("rsa");
	kit_client(&k->cert, &k->root, "azure-client", cn, k->key);
	assert_int_equal(cert_read(&k->cert_info, buf_bytes(&k->cert), &e), 0);
	assert_int_equal(cert_read(&k->root_info, buf_bytes(&k->root.cert), &e), 0);
	fill_package(&k->package);
	k->profile = (struct vpn_profile){ .package = &k->package, .connection = "VNet1-alice",
		.cert = buf_bytes(&k->cert), .cert_info = &k->cert_info, .root = buf_bytes(&k->root.cert),
		.root_info = &k->root_info, .local_id = k->cert_info.cn, .key = PROFILE_KEY_PFX,
		.pfx = any_pfx(k) };
}

void desktop_kit_clear(struct desktop_kit *k)
{
	kit_root_clear(&k->root);
	EVP_PKEY_free(k->key);
	buf_clear(&k->cert);
	package_clear(&k->package);
}

const struct profile_file *desktop_file(const struct profile_files *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->all[i].name, name) == 0)
			return &f->all[i];
	fail_msg("no file %s", name);
	return NULL;
}

bool desktop_has(const struct buf *b, const char *text)
{
	return memmem(b->data, b->len, text, strlen(text)) != NULL;
}
