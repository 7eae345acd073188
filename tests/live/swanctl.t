#!/bin/sh
# SPDX-License-Identifier: MIT
# swanctl.t - a gateway that behaves as Azure's, and a client started with nothing but the files of --for swanctl.
. "$srcdir/tests/tap.sh"
. "$srcdir/softhsm-fixtures/softhsm.sh"
. "$srcdir/tests/package.sh"
. "$srcdir/tests/live/live.sh"
live_enter "$0" /usr/lib/ipsec/charon swanctl openssl pkcs11-tool softhsm2-util ip ping setsid
live_pki

mkdir -p "$WORK/a \"strange\" {place} # = \\ ü"
live_module="$WORK/a \"strange\" {place} # = \\ ü/module.so"
cp "$PKCS11_MODULE_PATH" "$live_module" || bail "cannot copy the module"

gateway_start eap-tls; ok "the gateway stands (EAP-TLS)" "$WORK/gw.out"
written "EAP-TLS" alice up
! grep -rqE "(^|[^0-9])$USER_PIN([^0-9]|\$)|slot *=" "$WORK/c-alice-0" --include='*.conf' --include='*.md'; ok "no PIN and no slot in any file"
written "EAP-TLS, revoked" revoked "certificate was revoked"
written "EAP-TLS, another root" stranger "no issuer certificate found"
live_stop gw
gateway_start pubkey; ok "the gateway stands (certificate)" "$WORK/gw.out"
written "pubkey" alice up --auth pubkey
written "pubkey, revoked" revoked "certificate was revoked" --auth pubkey
written "pubkey, another root" stranger "no issuer certificate found" --auth pubkey
live_stop gw

live_module=
live_enrol >"$WORK/enrol" 2>&1; ok "p11ca makes a root, a card and its files" "$WORK/enrol"
gateway_start eap-tls vpn; ok "the gateway stands, that root uploaded" "$WORK/gw.out"
use_profile "$WORK/carol" swanctl
session "client enroll --for swanctl" up
live_stop gw
live_revoke carol@contoso.com >"$WORK/revoke" 2>&1; ok "p11ca revokes her" "$WORK/revoke"
gateway_start eap-tls vpn; ok "the gateway stands, with p11ca's list" "$WORK/gw.out"
session "revoked by p11ca" "certificate was revoked"
live_stop gw
plan
