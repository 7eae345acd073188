/* SPDX-License-Identifier: MIT */
/* windows_device.c - writes the files for a Windows device tunnel: the machine connects before a user logs in. */
#include "profiles/profile.h"

#include "out/xml.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/windows_xml.h"

#define FOLDER "windows-device"

/* The WMI bridge of the VPNv2 CSP (MDM_VPNv2_01) expects the profile as text inside XML: escaped a second time. */
static const char script[] =
    "# Makes the device tunnel @NAME@ of this computer. Run it as LOCAL SYSTEM, for example:\n"
    "#   psexec -i -s powershell -ExecutionPolicy Bypass -File install.ps1\n"
    "# It removes nothing; with -Replace, it replaces the device tunnel of this name.\n"
    "[CmdletBinding()]\n"
    "param(\n"
    "    [securestring]$PfxPassword,  # the script asks for it if needed\n"
    "    [switch]$Replace\n"
    ")\n"
    "Set-StrictMode -Version 2\n"
    "$ErrorActionPreference = 'Stop'\n"
    "\n"
    "$name = @NAME@\n"
    "$client = @CLIENT@\n"
    "$pfx = @PFX@\n"
    "$roots = [ordered]@{\n"
    "    'root.cer' = @ROOT@@ROOTS@\n"
    "}\n"
    "# CA certificates between the machine's certificate and its root.\n"
    "$issuers = [ordered]@{@ISSUERS@\n"
    "}\n"
    "$profileXml = @XML@\n"
    "\n"
    "if (-not [Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) {\n"
    "    throw 'Only LOCAL SYSTEM can make a device tunnel: see INSTALL-windows-device.md.'\n"
    "}\n"
    "function Install-Authority([string]$File, [string]$Thumbprint, [string]$Store) {\n"
    "    if (Test-Path -LiteralPath \"Cert:\\LocalMachine\\$Store\\$Thumbprint\") { return }\n"
    "    $path = Join-Path -Path $PSScriptRoot -ChildPath $File\n"
    "    $found = New-Object -TypeName Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $path\n"
    "    if ($found.Thumbprint -ne $Thumbprint) { throw \"$File is not the certificate that this script is for.\" }\n"
    "    $null = Import-Certificate -FilePath $path -CertStoreLocation \"Cert:\\LocalMachine\\$Store\"\n"
    "}\n"
    "foreach ($file in $roots.Keys) { Install-Authority -File $file -Thumbprint $roots[$file] -Store Root }\n"
    "foreach ($file in $issuers.Keys) { Install-Authority -File $file -Thumbprint $issuers[$file] -Store CA }\n"
    "if (-not (Test-Path -LiteralPath \"Cert:\\LocalMachine\\My\\$client\")) {\n"
    "    if (-not $pfx) { throw \"The certificate $client is not in Local Machine, Personal.\" }\n"
    "    if (-not $PfxPassword) { $PfxPassword = Read-Host -AsSecureString -Prompt \"Password of $pfx\" }\n"
    "    $path = Join-Path -Path $PSScriptRoot -ChildPath $pfx\n"
    "    $null = Import-PfxCertificate -FilePath $path -CertStoreLocation 'Cert:\\LocalMachine\\My' "
    "-Password $PfxPassword\n"
    "}\n"
    "\n"
    "$space = 'root\\cimv2\\mdm\\dmmap'\n"
    "$class = 'MDM_VPNv2_01'\n"
    "$id = $name -replace ' ', '%20'\n"
    "$there = @(Get-CimInstance -Namespace $space -ClassName $class | Where-Object { $_.InstanceID -eq $id })\n"
    "if ($there.Count -gt 0) {\n"
    "    if (-not $Replace) { throw \"There is a device tunnel $name already. Give -Replace to replace it.\" }\n"
    "    $there | Remove-CimInstance\n"
    "}\n"
    "$instance = New-Object -TypeName Microsoft.Management.Infrastructure.CimInstance -ArgumentList $class, $space\n"
    "$values = [ordered]@{ ParentID = './Vendor/MSFT/VPNv2'; InstanceID = $id }\n"
    "foreach ($key in $values.Keys) {\n"
    "    $instance.CimInstanceProperties.Add([Microsoft.Management.Infrastructure.CimProperty]::Create(\n"
    "        $key, $values[$key], 'String', 'Key'))\n"
    "}\n"
    "$instance.CimInstanceProperties.Add([Microsoft.Management.Infrastructure.CimProperty]::Create(\n"
    "    'ProfileXML', [Security.SecurityElement]::Escape($profileXml), 'String', 'Property'))\n"
    "$session = New-CimSession\n"
    "try { $null = $session.CreateInstance($space, $instance) } finally { Remove-CimSession -CimSession $session }\n"
    "Write-Output -InputObject \"The device tunnel $name is ready.\"\n";

static int windows_device_write_files(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) line = { 0 };
	AUTO_VALUE(buf) profile = { 0 };

	if (windows_certificates(out, FOLDER, p, e) < 0 || windows_profile(&line, p, true, 0, e) < 0 ||
	    windows_profile(&profile, p, true, XML_INDENT, e) < 0 ||
	    profile_copy(out, FOLDER, "ProfileXML.xml", buf_bytes(&profile), false, e) < 0)
		return -1;
	return windows_script(out, FOLDER, script, p, &line, e);
}

static const char text[] =
    "A device tunnel needs Windows 10 or 11 Enterprise or Education, version 1809 or later, on a computer in a\n"
    "domain. It uses IKEv2, and a computer can have only one. The files are in the folder of this page.\n\n"
    "## 1. The machine's certificate\n\n"
    "The certificate @CN@ with the thumbprint @CLIENT@ belongs in\n"
    "**Local Machine > Personal**, not in a user's store. The computer uses it without a user who could enter a PIN.\n";
static const char text_pfx[] =
    "The script in section 2 imports `client.pfx`. To import it by hand, select Store Location **Local Machine** and\n"
    "leave \"Enable strong private key protection\" **off**.\n";
static const char text_store[] =
    "The private key is on the computer where the certificate request was created: use this profile there. Install\n"
    "the certificate with `certreq -accept -machine CERTIFICATE.cer`.\n";
static const char text_tunnel[] =
    "Check this in an elevated command prompt:\n\n"
    "    certutil -store My\n\n"
    "## 2. The tunnel\n\n"
    "Run this command as LOCAL SYSTEM, with PsExec from Sysinternals, in an elevated command prompt in the folder of\n"
    "this page:\n\n"
    "    psexec -i -s powershell -ExecutionPolicy Bypass -File \"%CD%\\install.ps1\"\n\n"
    "It makes the tunnel @NAME@ to\n"
    "@SERVER@\n"
    "and installs these roots in **Local Machine > Trusted Root Certification Authorities**. Windows then accepts\n"
    "every certificate that one of these roots issues, for all users of the computer:\n\n"
    "   * `root.cer`: @ROOT_CN@, SHA-1 thumbprint @ROOT@\n";
static const char more[] =
    "\n"
    "While the tunnel is up, Windows sends all DNS queries to the DNS servers of the network, if the package contains\n"
    "any.\n\n"
    "For Intune, use `ProfileXML.xml`. On Windows 11, Intune may delete and create the tunnel repeatedly, unless the\n"
    "XML is as Windows itself writes it:\n"
    "`Get-CimInstance -Namespace root\\cimv2\\mdm\\dmmap -ClassName MDM_VPNv2_01`.\n\n"
    "## 3. Connect\n\n"
    "The tunnel is always on: restart the computer, or run `rasphone -d` with its name as LOCAL SYSTEM.\n";
static const char up[] =
    "* In an elevated PowerShell, `Get-VpnConnection -AllUserConnection` says **Connected**; `ipconfig /all` shows a\n"
    "  **PPP adapter**.\n"
    "* Error 13806: Windows finds no suitable certificate of the machine. Error 13801: the gateway's root is missing,\n"
    "  or the server name was changed.\n";

static int windows_device_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, text, p, e) < 0 ||
	    profile_install(out, p->key == PROFILE_KEY_PFX ? text_pfx : text_store, p, e) < 0 ||
	    profile_install(out, text_tunnel, p, e) < 0 || profile_list_issuers(out, p, e) < 0 ||
	    profile_list_roots(out, p, e) < 0 || profile_install(out, more, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_BULLETS, up, e);
}

const struct profile_format profile_windows_device = {
	.name = "windows-device",
	.summary = "Windows device tunnel: ProfileXML with the machine's certificate, and a script for LOCAL SYSTEM",
	.keys = 1u << PROFILE_KEY_PFX | 1u << PROFILE_KEY_STORE,
	.why_not = "the device tunnel connects without a user who could enter a PIN, so its key cannot be on a smart "
		   "card: use a PKCS#12 (--pfx), or a key that the machine makes in its TPM and a certificate for "
		   "its request (`p11ca client issue`)",
	.needs_ikev2 = true,
	.rule_set = "windows",
	.own_rule_set = "windows-device",
	.write = windows_device_write_files,
	.install = windows_device_install,
};
