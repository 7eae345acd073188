/* SPDX-License-Identifier: MIT */
/* remedy.h - remedy texts: how to get a new package from Azure by portal, az or PowerShell. */
#ifndef AZURE_REMEDY_H
#define AZURE_REMEDY_H

#define DOWNLOAD                                                                                   \
	"download the package again: portal, the gateway, Point-to-site configuration, Download VPN client; or "   \
	"`az network vnet-gateway vpn-client generate -g GROUP -n GATEWAY --authentication-method EAPTLS`; or "    \
	"`(New-AzVpnClientConfiguration -ResourceGroupName GROUP -Name GATEWAY -AuthenticationMethod EapTls)"      \
	".VPNProfileSASUrl`"

#endif
