/* SPDX-License-Identifier: MIT */
/* gateway_state.c - see gateway_state.h. */
#include "azure/gateway/gateway_state.h"

#include <stdlib.h>
#include <string.h>

#include "azure/input_error.h"
#include "azure/net.h"
#include "azure/package_reader.h"
#include "util/array.h"
#include "util/json_read.h"
#include "util/text.h"

#define STATE_MAX  ((size_t)16 << 20)
#define NESTS_MAX  131072U
#define VALUES_MAX 1048576U
#define SHOW \
	"give the unchanged output of `az network vnet-gateway show -g GROUP -n GATEWAY -o json`; for Virtual WAN: " \
	"`az resource show -g GROUP -n GATEWAY --resource-type Microsoft.Network/vpnServerConfigurations " \
	"--api-version 2024-05-01 -o json`"

struct state {
	struct gateway *out;
	package_cert_fn *read_cert;
	struct gateway_network *gateway_network; /* a virtual network is read; NULL = a gateway is read */
};

static int ERR_FMT(3, 4) state_refuse(struct err *e, const char *code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)err_vset(e, ERR_INPUT, fmt, ap);
	va_end(ap);
	return err_rule(e, code, SHOW);
}

static int wrong_value(struct err *e, const char *name, const char *wanted, struct bytes text)
{
	(void)value_refuse(e, name, wanted, text);
	return err_rule(e, "gateway-value", SHOW);
}

static int wrong_type(struct err *e, const char *name, const char *wanted)
{
	return state_refuse(e, "gateway-format", "%s is not %s", name, wanted);
}

/* The members of a resource: ARM writes them under `properties`, az beside the name. */
static json_t *state_inside(json_t *resource)
{
	json_t *properties = json_member(resource, "properties");

	return json_is_object(properties) ? properties : resource;
}

static int text_of(struct bytes *out, const char *name, const json_t *value, struct err *e)
{
	*out = (struct bytes){ 0 };
	if (!json_is_string(value))
		return wrong_type(e, name, "a text");
	*out = (struct bytes){ (const void *)json_string_value(value), json_string_length(value) };
	return 0;
}

static int copy_text(char *out, size_t size, const char *name, const json_t *value, struct err *e)
{
	struct bytes text;

	if (text_of(&text, name, value, e) < 0)
		return -1;
	return package_reader_text(out, size, name, text, e) < 0 ? err_rule(e, "gateway-value", SHOW) : 0;
}

typedef int item_fn(struct state *s, const char *name, json_t *item, struct err *e);

static int state_each_item(struct state *s, const char *name, const json_t *list, item_fn *fn, struct err *e)
{
	if (!json_is_array(list))
		return wrong_type(e, name, "a list");
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (fn(s, name, json_array_get(list, i), e) < 0)
			return -1;
	}
	return 0;
}

static bool gateway_state_is(struct bytes text, const char *word)
{
	return text.len == strlen(word) && strncasecmp((const char *)text.data, word, text.len) == 0;
}

/* An unknown protocol also counts as stated. */
static int take_protocol(struct state *s, const char *name, json_t *item, struct err *e)
{
	struct gateway *g = s->out;
	struct bytes word;

	if (text_of(&word, name, item, e) < 0)
		return -1;
	g->has_ikev2 = g->has_ikev2 || gateway_state_is(word, "IkeV2");
	g->has_openvpn = g->has_openvpn || gateway_state_is(word, "OpenVPN");
	g->has_sstp = g->has_sstp || gateway_state_is(word, "SSTP");
	g->states_tunnels = true;
	return 0;
}

static int take_protocols(struct state *s, const char *name, json_t *value, struct err *e)
{
	return state_each_item(s, name, value, take_protocol, e);
}

static int take_auth_type(struct state *s, const char *name, json_t *item, struct err *e)
{
	struct gateway *g = s->out;
	struct bytes word;

	if (text_of(&word, name, item, e) < 0)
		return -1;
	g->has_certificate = g->has_certificate || gateway_state_is(word, "Certificate");
	g->has_radius = g->has_radius || gateway_state_is(word, "Radius");
	g->has_aad = g->has_aad || gateway_state_is(word, "AAD");
	g->states_auth = true;
	return 0;
}

static int state_take_auth(struct state *s, const char *name, json_t *value, struct err *e)
{
	return state_each_item(s, name, value, take_auth_type, e);
}

static int state_add_net(
    struct ip_net *nets, unsigned *n, unsigned max, const char *name, const json_t *item, struct err *e)
{
	struct bytes text;

	if (text_of(&text, name, item, e) < 0)
		return -1;
	if (*n >= max)
		return state_refuse(e, "gateway-limit", "%s has more than %u networks", name, max);
	if (!ip_net_parse(&nets[*n], text))
		return wrong_value(e, name, "address and prefix", text);
	++*n;
	return 0;
}

static int state_add_pool(struct state *s, const char *name, json_t *item, struct err *e)
{
	return state_add_net(s->out->pools, &s->out->n_pools, PACKAGE_DNS_MAX, name, item, e);
}

static int state_add_route(struct state *s, const char *name, json_t *item, struct err *e)
{
	return state_add_net(s->out->routes, &s->out->n_routes, PACKAGE_NETS_MAX, name, item, e);
}

/* { "addressPrefixes": [ … ] } */
static int take_prefixes(struct state *s, const char *name, const json_t *value, item_fn *add, struct err *e)
{
	const json_t *list;

	if (!json_is_object(value))
		return wrong_type(e, name, "an object");
	list = json_member(value, "addressPrefixes");
	return list != NULL ? state_each_item(s, name, list, add, e) : 0;
}

static int take_pool(struct state *s, const char *name, json_t *value, struct err *e)
{
	return take_prefixes(s, name, value, state_add_pool, e);
}

static int state_take_routes(struct state *s, const char *name, json_t *value, struct err *e)
{
	return take_prefixes(s, name, value, state_add_route, e);
}

static int state_add_dns(struct state *s, const char *name, json_t *item, struct err *e)
{
	struct gateway *g = s->out;
	struct ip_net address;
	struct bytes text;

	if (text_of(&text, name, item, e) < 0)
		return -1;
	if (text.len >= sizeof(g->dns[0]) || !ip_address_parse(&address, text))
		return wrong_value(e, name, "address", text);
	if (g->n_dns >= PACKAGE_DNS_MAX)
		return state_refuse(e, "gateway-limit", "%s has more than %d addresses", name, PACKAGE_DNS_MAX);
	memcpy(g->dns[g->n_dns++], address.text, text.len + 1);
	return 0;
}

static int state_take_dns(struct state *s, const char *name, json_t *value, struct err *e)
{
	return state_each_item(s, name, value, state_add_dns, e);
}

/* Keeps an entry whose data cannot be decoded: a rule reports the entry, and the other entries are judged. */
static int keep_unreadable(
    struct state *s, const char *name, bool is_root, struct bytes datum, const char *problem, struct err *e)
{
	struct gateway *g = s->out;
	struct gateway_unreadable *more = reallocarray(g->unreadable, g->n_unreadable + 1, sizeof(*more));
	struct gateway_unreadable *one;

	if (more == NULL)
		return err_oom(e);
	g->unreadable = more;
	one = &more[g->n_unreadable];
	*one = (struct gateway_unreadable){ .is_root = is_root };
	(void)snprintf(one->name, sizeof(one->name), "%s", name);
	(void)snprintf(one->problem, sizeof(one->problem), "%s", problem);
	if (datum.data != NULL && (one->datum = strndup((const char *)datum.data, datum.len)) == NULL)
		return err_oom(e);
	g->n_unreadable++;
	return 0;
}

/* Name and data of a certificate's entry; *datum NULL: no data. */
static int entry_of(
    char out[GATEWAY_NAME_MAX], json_t **datum, const char *list, const char *key, json_t *item, struct err *e)
{
	json_t *name = json_is_object(item) ? json_member(item, "name") : NULL;

	if (!json_is_object(item))
		return wrong_type(e, list, "a list of objects");
	if (name != NULL && copy_text(out, GATEWAY_NAME_MAX, "name", name, e) < 0)
		return err_while(e, "reading an entry of %s", list);
	*datum = json_member(state_inside(item), key);
	return 0;
}

static int state_add_root(struct state *s, const char *list, json_t *item, struct err *e)
{
	/* counted before it is read, so that gateway_clear() frees a partly filled root */
	struct gateway_root *root = &s->out->roots[s->out->n_roots++];
	struct bytes text = { 0 };
	struct err why = ERR_INIT;
	json_t *datum;

	if (entry_of(root->name, &datum, list, "publicCertData", item, e) < 0 ||
	    (datum != NULL && text_of(&text, "publicCertData", datum, e) < 0))
		return -1;
	if (datum == NULL)
		(void)err_set(&why, ERR_INPUT, "it has no publicCertData");
	else if (s->read_cert(&root->info, &root->der, text, &why) == 0)
		return 0;
	if (why.status != ERR_INPUT) {
		*e = why;
		return err_while(e, "reading publicCertData of '%s'", root->name);
	}
	s->out->n_roots--;
	buf_clear(&root->der);
	return keep_unreadable(s, root->name, true, text, why.what, e);
}

static int take_roots(struct state *s, const char *name, json_t *value, struct err *e)
{
	const size_t n = json_array_size(value);

	if (n > GATEWAY_ROOTS_MAX)
		return state_refuse(e, "gateway-limit", "%s has more than %d certificates", name, GATEWAY_ROOTS_MAX);
	s->out->roots = calloc(n + 1, sizeof(s->out->roots[0]));
	if (s->out->roots == NULL)
		return err_oom(e);
	s->out->states_roots = true;
	return state_each_item(s, name, value, state_add_root, e);
}

static int state_add_revoked(struct state *s, const char *list, json_t *item, struct err *e)
{
	struct gateway_revoked *revoked = &s->out->revoked[s->out->n_revoked];
	const char *problem;
	struct bytes text = { 0 };
	json_t *datum;

	if (entry_of(revoked->name, &datum, list, "thumbprint", item, e) < 0 ||
	    (datum != NULL && text_of(&text, "thumbprint", datum, e) < 0))
		return -1;
	problem = package_reader_thumbprint_problem(revoked->thumbprint, text);
	if (problem != NULL)
		return keep_unreadable(s, revoked->name, false, text, problem, e);
	s->out->n_revoked++;
	return 0;
}

static int state_take_revoked(struct state *s, const char *name, json_t *value, struct err *e)
{
	s->out->revoked = calloc(json_array_size(value) + 1, sizeof(s->out->revoked[0]));
	if (s->out->revoked == NULL)
		return err_oom(e);
	s->out->states_revoked = true;
	return state_each_item(s, name, value, state_add_revoked, e);
}

static int add_ipsec(struct state *s, const char *list, json_t *item, struct err *e)
{
	struct gateway_ipsec *policy = &s->out->ipsec[s->out->n_ipsec];
	const struct {
		const char *name;
		char *out;
	} words[] = {
		{ "ikeEncryption", policy->ike_encryption },
		{ "ikeIntegrity", policy->ike_integrity },
		{ "dhGroup", policy->dh_group },
	};

	if (!json_is_object(item))
		return wrong_type(e, list, "a list of objects");
	if (s->out->n_ipsec >= GATEWAY_IPSEC_MAX)
		return state_refuse(e, "gateway-limit", "%s has more than %d policies", list, GATEWAY_IPSEC_MAX);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		const json_t *word = json_member(item, words[i].name);

		if (word != NULL && copy_text(words[i].out, sizeof(policy->dh_group), words[i].name, word, e) < 0)
			return -1;
	}
	s->out->n_ipsec++;
	return 0;
}

static int take_ipsec(struct state *s, const char *name, json_t *value, struct err *e)
{
	return state_each_item(s, name, value, add_ipsec, e);
}

static int take_sku(struct state *s, const char *name, json_t *value, struct err *e)
{
	const json_t *sku = json_member(value, "name");

	if (!json_is_object(value))
		return wrong_type(e, name, "an object");
	return sku != NULL ? copy_text(s->out->sku, sizeof(s->out->sku), "sku", sku, e) : 0;
}

static int take_connection(struct state *s, const char *name, json_t *item, struct err *e)
{
	json_t *pool;

	if (!json_is_object(item))
		return wrong_type(e, name, "a list of objects");
	pool = json_member(state_inside(item), "vpnClientAddressPool");
	return pool != NULL ? take_pool(s, "vpnClientAddressPool", pool, e) : 0;
}

static int take_connections(struct state *s, const char *name, json_t *value, struct err *e)
{
	return state_each_item(s, name, value, take_connection, e);
}

static int take_active(struct state *s, const char *name, json_t *value, struct err *e)
{
	if (!json_is_boolean(value))
		return wrong_type(e, name, "true or false");
	s->out->is_active_active = json_is_true(value);
	return 0;
}

static int state_take_type(struct state *s, const char *name, json_t *value, struct err *e)
{
	struct bytes word;

	if (text_of(&word, name, value, e) < 0)
		return -1;
	if (strcmp(name, "gatewayType") == 0 && !gateway_state_is(word, "Vpn"))
		return state_refuse(e, "gateway-not-vpn", "its type is %.*s: it has no VPN", (int)word.len, word.data);
	s->out->is_policy_based = s->out->is_policy_based || gateway_state_is(word, "PolicyBased");
	return 0;
}

/* The kind stays unstated for other types: the members then decide whether the object is a gateway. */
static int take_kind(struct state *s, json_t *resource, struct err *e)
{
	static const struct {
		const char *type;
		enum gateway_kind kind;
	} kinds[] = {
		{ "Microsoft.Network/virtualNetworkGateways", GATEWAY_OF_VNET },
		{ "Microsoft.Network/vpnServerConfigurations", GATEWAY_SERVER_CONFIG },
		{ "Microsoft.Network/p2sVpnGateways", GATEWAY_OF_HUB },
	};
	json_t *type = json_member(resource, "type");
	struct bytes word;

	if (type == NULL)
		return 0;
	if (text_of(&word, "type", type, e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (gateway_state_is(word, kinds[i].type))
			s->out->kind = kinds[i].kind;
	return 0;
}

struct row {
	const char *name;
	int (*take)(struct state *s, const char *name, json_t *value, struct err *e);
};

/* Members of the gateway outside its point-to-site configuration. */
static const struct row gateway_rows[] = {
	{ "sku", take_sku },
	{ "customRoutes", state_take_routes },
	{ "activeActive", take_active },
	{ "vpnType", state_take_type },
	{ "gatewayType", state_take_type },
};
/* An object with any of these members is accepted. */
static const struct row config_rows[] = {
	{ "vpnClientProtocols", take_protocols },
	{ "vpnProtocols", take_protocols }, /* vpnServerConfigurations */
	{ "vpnAuthenticationTypes", state_take_auth },
	{ "vpnClientAddressPool", take_pool },
	{ "vpnClientIpsecPolicies", take_ipsec },
	{ "vpnClientRootCertificates", take_roots },
	{ "vpnClientRevokedCertificates", state_take_revoked },
	{ "p2SConnectionConfigurations", take_connections }, /* p2sVpnGateways, also customDnsServers */
	{ "customDnsServers", state_take_dns },
};

/* *n receives the number of rows that the object has. */
static int take_rows(
    unsigned *n, struct state *s, const struct row rows[], size_t n_rows, json_t *object, struct err *e)
{
	for (size_t i = 0; i < n_rows; i++) {
		json_t *value = json_member(object, rows[i].name);

		if (value == NULL)
			continue;
		++*n;
		if (rows[i].take(s, rows[i].name, value, e) < 0)
			return -1;
	}
	return 0;
}

static int take_resource(struct state *s, json_t *resource, struct err *e)
{
	json_t *body = state_inside(resource), *config = json_member(body, "vpnClientConfiguration"),
	       *name = json_member(resource, "name");
	unsigned n = 0, unused = 0;

	if (json_is_array(resource))
		return state_refuse(e, "gateway-format", "it is a list, not one gateway");
	gateway_take_id(s->out, resource);
	if ((name != NULL && copy_text(s->out->name, sizeof(s->out->name), "name", name, e) < 0) ||
	    take_kind(s, resource, e) < 0)
		return -1;
	if (config != NULL && !json_is_object(config))
		return wrong_type(e, "vpnClientConfiguration", "an object");
	if (take_rows(&unused, s, gateway_rows, ARRAY_LEN(gateway_rows), body, e) < 0 ||
	    take_rows(&n, s, config_rows, ARRAY_LEN(config_rows), config != NULL ? config : body, e) < 0)
		return -1;
	s->out->has_no_config = n == 0 && s->out->kind == GATEWAY_OF_VNET;
	return n > 0 || s->out->has_no_config ? 0 :
		state_refuse(e, "gateway-format", "it has no point-to-site configuration");
}

static int add_vnet(struct state *s, const char *name, json_t *item, struct err *e)
{
	return state_add_net(
	    s->gateway_network->vnets, &s->gateway_network->n_vnets, GATEWAY_NETWORK_MAX, name, item, e);
}

static int take_vnet(struct state *s, json_t *resource, struct err *e)
{
	json_t *space = json_member(state_inside(resource), "addressSpace");

	if (space == NULL)
		return state_refuse(e, "gateway-format", "it has no address space: it is not a virtual network");
	return take_prefixes(s, "addressSpace", space, add_vnet, e);
}

static int state_read_state(struct state *s, const char *path, struct err *e)
{
	static const struct json_form form = { "gateway-format", "gateway-limit", SHOW,
		"it is not JSON as Azure writes it", STATE_MAX, NESTS_MAX, VALUES_MAX, .is_utf16_allowed = false };
	AUTO(json_t) all = NULL;

	if (json_read_file(&all, &form, path, e) < 0)
		return -1;
	return s->gateway_network != NULL ? take_vnet(s, all, e) : take_resource(s, all, e);
}

int gateway_state_read(struct gateway *out, const char *path, package_cert_fn *read_cert, struct err *e)
{
	struct state s = { out, read_cert, NULL };

	(void)print_safe(out->source, sizeof(out->source), path, strlen(path));
	return state_read_state(&s, path, e) < 0 ? err_while(e, "reading the gateway's state '%s'", path) : 0;
}

int vnet_state_read(struct gateway_network *out, const char *path, struct err *e)
{
	struct state s = { .gateway_network = out };

	return state_read_state(&s, path, e) < 0 ? err_while(e, "reading the virtual network's state '%s'", path) : 0;
}
