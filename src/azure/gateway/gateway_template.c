/* SPDX-License-Identifier: MIT */
/* gateway_template.c - see gateway_template.h; the properties that a PUT can write, and the comparison. */
#include "azure/gateway/gateway_template.h"

#include <stdlib.h>
#include <string.h>

#include "util/json_read.h"

#define HINT "give the ARM template in JSON that contains the gateway's resource; compile Bicep to JSON first"

/* Microsoft.Network.NRP.json 2024-05-01, without read-only properties and without location, which Azure requires. */
static const char *const of_resource[] = { "tags", "identity", "extendedLocation", NULL };
static const char *const of_vnet[] = { "activeActive", "adminState", "allowRemoteVnetTraffic", "allowVirtualWanTraffic",
	"autoScaleConfiguration", "bgpSettings", "customRoutes", "disableIPSecReplayProtection", "enableBgp",
	"enableBgpRouteTranslationForNat", "enableDnsForwarding", "enablePrivateIpAddress", "gatewayDefaultSite",
	"gatewayType", "ipConfigurations", "natRules", "resiliencyModel", "sku", "vNetExtendedLocationResourceId",
	"virtualNetworkGatewayPolicyGroups", "vpnGatewayGeneration", "vpnType", NULL };
static const char *const of_config[] = { "aadAudience", "aadIssuer", "aadTenant",
	"vngClientConnectionConfigurations", "vpnAuthenticationTypes", "vpnClientAddressPool",
	"vpnClientIpsecPolicies", "vpnClientProtocols", NULL };
static const char *const of_vwan[] = { "aadAuthenticationParameters", "configurationPolicyGroups",
	"radiusClientRootCertificates", "radiusServerRootCertificates",
	"vpnAuthenticationTypes", "vpnClientIpsecPolicies", "vpnProtocols", NULL };
/* Objects whose members are compared individually. */
static const char *const deep[] = { "tags", "customRoutes", "vpnClientAddressPool", "aadAuthenticationParameters",
	NULL };

static int gateway_template_add(
    struct template_losses *out, enum template_loss_kind kind, const char *what, const char *more, struct err *e)
{
	if (out->n == out->cap) {
		const size_t cap = out->cap > 0 ? 2 * out->cap : 16;
		struct template_loss *all = reallocarray(out->all, cap, sizeof(*all));

		if (all == NULL)
			return err_oom(e);
		out->all = all;
		out->cap = cap;
	}
	out->all[out->n].kind = kind;
	(void)snprintf(out->all[out->n].what, sizeof(out->all[0].what), "%s%s%s", what, more[0] != '\0' ? " " : "",
	    more);
	out->n++;
	return 0;
}

static bool gateway_template_is_in(const char *const list[], const char *word)
{
	for (size_t i = 0; list[i] != NULL; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

/* Azure's defaults for properties that were never set. */
static bool gateway_template_is_empty(json_t *value)
{
	const char *key;
	json_t *member;

	if (value == NULL || json_is_null(value) || json_is_false(value) ||
	    (json_is_string(value) && json_string_length(value) == 0) ||
	    (json_is_integer(value) && json_integer_value(value) == 0) ||
	    (json_is_array(value) && json_array_size(value) == 0))
		return true;
	if (!json_is_object(value))
		return false;
	json_object_foreach(value, key, member)
		if (!gateway_template_is_empty(member))
			return false;
	return true;
}

/* "[parameters('roots')]": the value is known only at deployment. */
static bool is_expression(const json_t *value)
{
	const char *text = json_string_value(value);

	return text != NULL && text[0] == '[' && text[1] != '[';
}

static bool has_text(json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *one = json_string_value(json_array_get(list, i));

		if (one != NULL && (strcasecmp(one, text) == 0 || is_expression(json_array_get(list, i))))
			return true;
	}
	return false;
}

static int compare_items(struct template_losses *out, const char *path, json_t *was, json_t *is, struct err *e)
{
	for (size_t i = 0; json_is_array(is) && i < json_array_size(was); i++) {
		const char *text = json_string_value(json_array_get(was, i));

		if (text != NULL && !has_text(is, text) && gateway_template_add(out, LOSS_PROPERTY, path, text, e) < 0)
			return -1;
	}
	return 0;
}

/* Compares one property; members of a `deep` object are compared like properties. */
static int gateway_template_compare(
    struct template_losses *out, const char *path, bool is_deep, json_t *was, json_t *is, struct err *e)
{
	char below[128];
	const char *key;
	json_t *member;

	if (gateway_template_is_empty(was))
		return 0;
	if (is_expression(is))
		return json_is_string(was) ? 0 : gateway_template_add(out, LOSS_UNKNOWN, path, "", e);
	if (is == NULL || json_is_null(is))
		return gateway_template_add(out, LOSS_PROPERTY, path, "", e);
	if (!is_deep || !json_is_object(was) || !json_is_object(is))
		return compare_items(out, path, was, is, e);
	json_object_foreach(was, key, member) {
		(void)snprintf(below, sizeof(below), "%s.%s", path, key);
		if (gateway_template_compare(out, below, false, member, json_object_get(is, key), e) < 0)
			return -1;
	}
	return 0;
}

static int compare_all(struct template_losses *out, const char *const names[], json_t *was, json_t *is, struct err *e)
{
	for (size_t i = 0; names[i] != NULL; i++)
		if (gateway_template_compare(out, names[i], gateway_template_is_in(deep, names[i]),
			json_object_get(was, names[i]), json_object_get(is, names[i]), e) < 0)
			return -1;
	return 0;
}

/* after: the server in the template; NULL: missing. */
static int compare_server(struct template_losses *out, const char *address, json_t *after, struct err *e)
{
	if (after == NULL)
		return gateway_template_add(out, LOSS_RADIUS, address, "(the server)", e);
	return gateway_template_is_empty(json_object_get(after, "radiusServerSecret"))
		   ? gateway_template_add(out, LOSS_RADIUS, address, "(its radiusServerSecret)", e)
		   : 0;
}

/* The server with this address in a list of the template; a server whose address is an expression may be the same. */
static json_t *find_server(json_t *list, const char *address)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *server = json_array_get(list, i), *value = json_member(server, "radiusServerAddress");
		const char *text = json_string_value(value);

		if (text != NULL && (strcasecmp(text, address) == 0 || is_expression(value)))
			return server;
	}
	return NULL;
}

/* A gateway has one server in its own members, or a list of servers. */
static int compare_radius(struct template_losses *out, json_t *was, json_t *is, struct err *e)
{
	json_t *servers = json_object_get(was, "radiusServers"), *after = json_object_get(is, "radiusServers");
	const char *address = json_string_value(json_object_get(was, "radiusServerAddress"));
	const bool has_one = !gateway_template_is_empty(json_object_get(is, "radiusServerAddress"));

	if (address != NULL && address[0] != '\0' && compare_server(out, address, has_one ? is : NULL, e) < 0)
		return -1;
	if (is_expression(after) && json_array_size(servers) > 0)
		return gateway_template_add(out, LOSS_UNKNOWN, "radiusServers", "", e);
	for (size_t i = 0; i < json_array_size(servers); i++) {
		address = json_string_value(json_member(json_array_get(servers, i), "radiusServerAddress"));
		if (address != NULL && compare_server(out, address, find_server(after, address), e) < 0)
			return -1;
	}
	return 0;
}

static json_t *gateway_template_inside(json_t *resource)
{
	json_t *properties = json_member(resource, "properties");

	return json_is_object(properties) ? properties : resource;
}

/* Removes armour, line breaks and padding, so that equal texts mean equal certificates. */
static void gateway_template_normalise(char *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (strncmp(text, "-----", 5) == 0) {
			const char *end = strstr(text + 5, "-----");

			text = end != NULL ? end + 4 : text + strlen(text) - 1;
		} else if (strchr(" \t\r\n=", *text) == NULL) {
			*out++ = *text;
		}
	}
	*out = '\0';
}

static bool gateway_template_is_same(const char *a, const char *b, bool is_root)
{
	char *one = malloc(strlen(a) + 1), *other = malloc(strlen(b) + 1);
	bool same = false;

	if (one != NULL && other != NULL) {
		gateway_template_normalise(one, a);
		gateway_template_normalise(other, b);
		same = is_root ? strcmp(one, other) == 0 : strcasecmp(a, b) == 0;
	}
	free(one);
	free(other);
	return same;
}

struct certificates {
	const char *list, *member;
	enum template_loss_kind kind;
};

/* Whether the list has the certificate; *may: an entry is or has an expression, so it may be the certificate. */
static bool gateway_template_has_certificate(bool *may, json_t *list, const struct certificates *c, const char *datum)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *entry = json_array_get(list, i),
		       *value = json_member(gateway_template_inside(entry), c->member);
		const char *text = json_string_value(value);

		*may = *may || is_expression(entry) || is_expression(value);
		if (text != NULL && gateway_template_is_same(text, datum, c->kind == LOSS_ROOT))
			return true;
	}
	return false;
}

static int compare_certificates(struct template_losses *out, const struct certificates *c, json_t *was, json_t *is,
    struct err *e)
{
	json_t *before = json_object_get(was, c->list), *after = json_object_get(is, c->list);
	bool may = is_expression(after);

	for (size_t i = 0; i < json_array_size(before); i++) {
		json_t *entry = json_array_get(before, i);
		const char *name = json_string_value(json_member(entry, "name")),
			   *datum = json_string_value(json_member(gateway_template_inside(entry), c->member));

		if (datum == NULL || gateway_template_has_certificate(&may, after, c, datum) || may)
			continue;
		if (gateway_template_add(
			out, c->kind, name != NULL ? name : "", c->kind == LOSS_REVOKED ? datum : "", e) < 0)
			return -1;
	}
	return may ? gateway_template_add(out, LOSS_UNKNOWN, c->list, "", e) : 0;
}

static int compare_lists(struct template_losses *out, json_t *was, json_t *is, struct err *e)
{
	static const struct certificates roots = { "vpnClientRootCertificates", "publicCertData", LOSS_ROOT },
					 revoked = { "vpnClientRevokedCertificates", "thumbprint", LOSS_REVOKED };

	return compare_certificates(out, &roots, was, is, e) < 0 || compare_certificates(out, &revoked, was, is, e) < 0
		   ? -1
		   : 0;
}

static bool is_of_type(json_t *resource, const char *type)
{
	const char *text = json_string_value(json_member(resource, "type"));

	return text != NULL && strcasecmp(text, type) == 0;
}

static bool is_called(json_t *resource, const char *name)
{
	const char *text = json_string_value(json_member(resource, "name"));

	return text != NULL && strcasecmp(text, name) == 0;
}

struct finding_resource {
	const char *type, *name;
	json_t *only, *named;        /* borrowed; the only resource of the type, and the resource with this name */
	unsigned n;
};

static void gateway_template_inspect(struct finding_resource *f, json_t *resource)
{
	if (!is_of_type(resource, f->type))
		return;
	f->n++;
	f->only = resource;
	if (is_called(resource, f->name))
		f->named = resource;
}

/* A template has a list of resources or, since languageVersion 2.0, an object of resources. */
static json_t *find_resource(json_t *template, const char *type, const char *name)
{
	struct finding_resource f = { type, name, NULL, NULL, 0 };
	json_t *resources = json_member(template, "resources"), *member;
	const char *key;

	gateway_template_inspect(&f, template);
	for (size_t i = 0; i < json_array_size(resources); i++)
		gateway_template_inspect(&f, json_array_get(resources, i));
	json_object_foreach(resources, key, member)
		gateway_template_inspect(&f, member);
	return f.named != NULL ? f.named : f.n == 1 ? f.only : NULL;
}

static int compare_resources(struct template_losses *out, json_t *state, json_t *resource, bool is_wan, struct err *e)
{
	json_t *was = gateway_template_inside(state), *is = gateway_template_inside(resource),
	       *config = json_object_get(is, "vpnClientConfiguration");

	if (compare_all(out, of_resource, state, resource, e) < 0)
		return -1;
	if (is_wan)
		return compare_all(out, of_vwan, was, is, e) < 0 || compare_radius(out, was, is, e) < 0
			   ? -1
			   : compare_lists(out, was, is, e);
	if (compare_all(out, of_vnet, was, is, e) < 0)
		return -1;
	was = json_member(was, "vpnClientConfiguration");
	if (was == NULL)
		return 0;
	if (is_expression(config))
		return gateway_template_add(out, LOSS_UNKNOWN, "vpnClientConfiguration", "", e);
	return compare_all(out, of_config, was, config, e) < 0 || compare_radius(out, was, config, e) < 0
		   ? -1
		   : compare_lists(out, was, config, e);
}

int template_compare(struct template_losses *out, const struct gateway_row *gateway, const char *template_path,
    const char *state_path, struct err *e)
{
	static const struct json_form form = { "gateway-template-format", "gateway-template-limit", HINT,
		"it is not JSON", (size_t)16 << 20, 131072, 1048576, .is_utf16_allowed = false };
	const bool is_wan = strcmp(gateway->type, GATEWAY_TYPE_VWAN) == 0;
	const char *type = is_wan ? "Microsoft.Network/vpnServerConfigurations"
				  : "Microsoft.Network/virtualNetworkGateways";
	AUTO(json_t) template = NULL;
	AUTO(json_t) state = NULL;
	json_t *resource;

	if (json_read_file(&template, &form, template_path, e) < 0)
		return err_while(e, "reading the template '%s'", template_path);
	if (json_read_file(&state, &form, state_path, e) < 0)
		return err_while(e, "reading the gateway's state '%s'", state_path);
	resource = find_resource(template, type, gateway->name);
	if (resource != NULL)
		return compare_resources(out, state, resource, is_wan, e);
	(void)err_set(e, ERR_INPUT, "the template '%s' has no resource of type %s that could be '%s'", template_path,
	    type, gateway->name);
	return err_rule(e, "gateway-template-format", HINT);
}
