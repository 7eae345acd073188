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
    "# Makes the device tunnel @NAME@ of this machine.  Run it as LOCAL SYSTEM, for instance in\n"
    "#   psexec -i -s powershell -ExecutionPolicy Bypass -File install.ps1\n"
    "# It removes nothing, unless -Replace is given: then the device tunnel of this name.\n"
    "[CmdletBinding()]\n"
    "param(\n"
    "    [securestring]$PfxPassword,  # asked for when it is needed and not given\n"
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
    "# The certification authorities between the machine and its root.\n"
    "$issuers = [ordered]@{@ISSUERS@\n"
    "}\n"
    "$profileXml = @XML@\n"
    "\n"
    "if (-not [Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) {\n"
    "    throw 'A device tunnel belongs to the machine: run this as LOCAL SYSTEM, see INSTALL.'\n"
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
    "Needs Windows 10 or 11 Enterprise or Education, 1809 or later, joined to a domain; IKEv2 only; one device tunnel "
    "per\nmachine.  The files are beside this page.\n\n"
    "## 1. The machine's certificate\n\n"
    "It belongs in **Local Machine > Personal**, not in a user's store: @CN@ with the thumbprint @CLIENT@.\n"
    "The machine uses it while nobody is there to type a PIN.\n";
static const char text_pfx[] =
    "The script below imports `client.pfx`; by hand: Store Location **Local Machine**, \"Enable strong private key\n"
    "protection\" **off**.\n";
static const char text_store[] =
    "Its key was made on this machine (in the TPM, for example): install the certificate beside it with\n"
    "`certreq -accept -machine CERTIFICATE.cer`.\n";
static const char text_tunnel[] =
    "Check in an elevated command prompt:\n\n"
    "    certutil -store My\n\n"
    "## 2. The tunnel\n\n"
    "As LOCAL SYSTEM, with PsExec from Sysinternals, in an elevated command prompt in the folder of this page:\n\n"
    "    psexec -i -s powershell -ExecutionPolicy Bypass -File \"%CD%\\install.ps1\"\n\n"
    "It puts the roots into **Local Machine > Trusted Root Certification Authorities** and makes the tunnel @NAME@ to "
    "@SERVER@:\n\n"
    "   * `root.cer`: @ROOT_CN@, SHA-1 thumbprint @ROOT@\n";
static const char more[] =
    "\nWhile the tunnel is up, the network's own DNS servers, where the package names any, are asked for all names.\n\n"
    "Intune: use `ProfileXML.xml`.  On Windows 11 it may delete and make the tunnel again and again, unless it is "
    "given the XML\nas Windows itself writes it: `Get-CimInstance -Namespace root\\cimv2\\mdm\\dmmap -ClassName "
    "MDM_VPNv2_01`.\n\n"
    "## 3. Connect\n\n"
    "The tunnel is always on: restart, or `rasphone -d` with its name as LOCAL SYSTEM.\n";
static const char up[] =
    "* `Get-VpnConnection -AllUserConnection` in an elevated PowerShell says **Connected**, `ipconfig /all` shows a "
    "**PPP adapter**.\n"
    "* Error 13806: no certificate of the machine that fits; 13801: the gateway's root is missing, or the name was "
    "changed.\n";

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
	.why_not = "the device tunnel connects while nobody is there to enter a PIN, so its key cannot be on a smart "
		   "card: use a PFX (--pfx), or a key that the machine makes in its TPM and a certificate for its "
		   "request (`p11ca client issue`)",
	.needs_ikev2 = true,
	.rule_set = "windows",
	.write = windows_device_write_files,
	.install = windows_device_install,
};
