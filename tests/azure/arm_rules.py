# SPDX-License-Identifier: MIT
"""arm_rules.py - what Azure Resource Manager accepts in the PUT of a gateway, and what it makes of it.

The members are those of azure.mgmt.network.models 29.0.0 (python3-azure of Debian 13): VirtualNetworkGateway,
VpnClientConfiguration, VpnServerConfiguration and the types of their certificates.  Azure refuses unknown members
("Could not find member ... on object of type ...")."""
import base64
import binascii
import re
import uuid

from cryptography import x509

RESOURCE = "id name type location tags etag extendedLocation identity properties".split()
VNET_GATEWAY = """autoScaleConfiguration ipConfigurations gatewayType vpnType vpnGatewayGeneration enableBgp
    enablePrivateIpAddress virtualNetworkGatewayMigrationStatus activeActive enableHighBandwidthVpnGateway
    disableIPSecReplayProtection gatewayDefaultSite sku vpnClientConfiguration virtualNetworkGatewayPolicyGroups
    bgpSettings customRoutes resourceGuid provisioningState enableDnsForwarding inboundDnsForwardingEndpoint
    vNetExtendedLocationResourceId natRules enableBgpRouteTranslationForNat allowVirtualWanTraffic
    allowRemoteVnetTraffic adminState resiliencyModel""".split()
VPN_CLIENT = """vpnClientAddressPool vpnClientRootCertificates vpnClientRevokedCertificates vpnClientProtocols
    vpnAuthenticationTypes vpnClientIpsecPolicies radiusServerAddress radiusServerSecret radiusServers aadTenant
    aadAudience aadIssuer vngClientConnectionConfigurations""".split()
SERVER_CONFIGURATION = """name vpnProtocols vpnAuthenticationTypes vpnClientRootCertificates
    vpnClientRevokedCertificates radiusServerRootCertificates radiusClientRootCertificates vpnClientIpsecPolicies
    radiusServerAddress radiusServerSecret radiusServers aadAuthenticationParameters provisioningState p2SVpnGateways
    configurationPolicyGroups etag""".split()
LISTS = (("vpnClientRootCertificates", "publicCertData"), ("vpnClientRevokedCertificates", "thumbprint"))
PROTOCOLS = {"IkeV2", "SSTP", "OpenVPN"}
AUTHENTICATION = {"Certificate", "Radius", "AAD"}
MAX_ROOTS = 20
VNET_TYPE = "microsoft.network/virtualnetworkgateways"
CONFIGURATION_TYPE = "microsoft.network/vpnserverconfigurations"


class Refused(Exception):
    """A request that Azure answers with an error."""

    def __init__(self, status, code, message, details=()):
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, list(details)


def refuse(message, code="InvalidRequestFormat"):
    raise Refused(400, code, message)


def next_etag():
    """As Azure writes one: a weak validator (RFC 9110, 8.8.1)."""
    return f'W/"{uuid.uuid4()}"'


def check_if_match(if_match, resource):
    """Raises Refused as Microsoft.Network does if the resource is not the one that the caller has read."""
    etag = resource.get("etag", "")
    if if_match not in (None, "*", etag):
        raise Refused(412, "PreconditionFailed", "Precondition failed.", [{
            "code": "PreconditionFailedEtagMismatch",
            "message": f"Etag provided in if-match header {if_match} does not match etag {etag} of resource {resource['id']}."}])


def members(value, allowed, where):
    if not isinstance(value, dict):
        refuse(f"{where}: an object was expected")
    for key in value:
        if key not in allowed:
            refuse(f"Could not find member '{key}' on object of type '{where}'.")


def list_of(config, key):
    value = config.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        refuse(f"{key}: a list was expected")
    return value


def check_certificate(text, where):
    """publicCertData: one line of base64 of one certificate in DER."""
    try:
        der = base64.b64decode(text.encode(), validate=True)
        if base64.b64encode(der).decode() != text:
            raise ValueError("not in its one form")
        x509.load_der_x509_certificate(der)
    except (ValueError, AttributeError, binascii.Error) as error:
        refuse(f"Data for certificate {where} is invalid: {error}", "VpnClientRootCertificateDataInvalid")


def check_thumbprint(text, where):
    if not isinstance(text, str) or not re.fullmatch("[0-9A-Fa-f]{40}", text):
        refuse(f"Thumbprint of {where} is invalid", "VpnClientRevokedCertificateThumbprintInvalid")


def check_entries(config, is_vnet):
    for key, member in LISTS:
        seen = set()
        for entry in list_of(config, key):
            members(entry, ["id", "name", "etag", "type", "properties"] if is_vnet else ["name", member], key)
            name = entry.get("name")
            if not isinstance(name, str) or not name:
                refuse(f"{key}: an entry has no name", "MissingName")
            if name.lower() in seen:
                refuse(f"{key}: the name {name} is there twice", "DuplicateResourceName")
            seen.add(name.lower())
            if is_vnet:
                members(entry.get("properties"), [member, "provisioningState"], key)
            value = (entry["properties"] if is_vnet else entry).get(member)
            if member == "thumbprint":
                check_thumbprint(value, name)
            else:
                check_certificate(value, name)
    if len(list_of(config, "vpnClientRootCertificates")) > MAX_ROOTS:
        refuse(f"At most {MAX_ROOTS} root certificates", "VpnClientRootCertificatesLimitExceeded")


def check_words(config, key, allowed):
    for word in list_of(config, key):
        if word not in allowed:
            refuse(f"{key}: '{word}' is not one of {sorted(allowed)}")


def check_put(kind, body):
    """Raises Refused for what Azure does not accept as a whole resource."""
    is_vnet = kind == VNET_TYPE
    members(body, RESOURCE, kind)
    if not body.get("location"):
        refuse("The location property is required for this definition.", "LocationRequired")
    members(body.get("properties"), VNET_GATEWAY if is_vnet else SERVER_CONFIGURATION, kind)
    config = body["properties"]
    if is_vnet:
        if not config.get("ipConfigurations") or not config.get("sku"):
            refuse("ipConfigurations and sku are required", "MissingJsonReferenceId")
        config = config.get("vpnClientConfiguration") or {}
        members(config, VPN_CLIENT, "VpnClientConfiguration")
    check_words(config, "vpnClientProtocols" if is_vnet else "vpnProtocols", PROTOCOLS)
    check_words(config, "vpnAuthenticationTypes", AUTHENTICATION)
    check_entries(config, is_vnet)


def applied(kind, old, body):
    """The resource after the PUT of body: all that can be written is what body says, the rest stays as it was."""
    new = {key: old[key] for key in ("id", "name", "type") if key in old}
    new["etag"] = next_etag()
    new.update((key, body[key]) for key in body if key not in new)
    for key in ("resourceGuid", "provisioningState", "inboundDnsForwardingEndpoint", "p2SVpnGateways"):
        new["properties"].pop(key, None)
        if key in old["properties"]:
            new["properties"][key] = old["properties"][key]
    if kind == VNET_TYPE:
        config = new["properties"].get("vpnClientConfiguration") or {}
        for key, _ in LISTS:
            for entry in list_of(config, key):
                entry.update(id=f"{old['id']}/{key}/{entry['name']}", etag=new["etag"])
                entry["properties"]["provisioningState"] = "Succeeded"
    return new
