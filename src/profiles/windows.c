/* SPDX-License-Identifier: MIT */
/* windows.c - writes the files for a Windows user tunnel: IKEv2 and EAP-TLS with the built-in client. */
#include "profiles/profile.h"

#include "out/xml.h"
#include "profiles/files.h"
#include "profiles/install.h"
#include "profiles/windows_xml.h"

#define FOLDER "windows"

/*
 * Constant except for the template variables, each of which is one quoted string or a list of quoted strings. The
 * phone book is edited as bytes, because it contains other connections in an unknown encoding.
 */
static const char script[] =
    "# Makes the VPN connection @NAME@ for the user who runs it:\n"
    "#   powershell -ExecutionPolicy Bypass -File install.ps1\n"
    "# It removes nothing and changes no other connection. You can run it again.\n"
    "[CmdletBinding()]\n"
    "param(\n"
    "    [securestring]$PfxPassword,  # the script asks for it if needed\n"
    "    [switch]$NoRoots             # group policy or Intune distributes the root certificates\n"
    ")\n"
    "Set-StrictMode -Version 2\n"
    "$ErrorActionPreference = 'Stop'\n"
    "\n"
    "$name = @NAME@\n"
    "$server = @SERVER@\n"
    "$client = @CLIENT@\n"
    "$pfx = @PFX@\n"
    "$routes = @(@ROUTES@\n"
    ")\n"
    "$roots = [ordered]@{\n"
    "    'root.cer' = @ROOT@@ROOTS@\n"
    "}\n"
    "# CA certificates between the client's certificate and its root.\n"
    "$issuers = [ordered]@{@ISSUERS@\n"
    "}\n"
    "$eap = [xml]@XML@\n"
    "\n"
    "$me = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()\n"
    "$isElevated = $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)\n"
    "# Windows asks before it trusts a root for one user. For the machine, it needs an administrator.\n"
    "$machine = if ($isElevated) { 'LocalMachine' } else { 'CurrentUser' }\n"
    "\n"
    "function Install-Authority([string]$File, [string]$Thumbprint, [string]$Store) {\n"
    "    foreach ($place in 'LocalMachine', 'CurrentUser') {\n"
    "        if (Test-Path -LiteralPath \"Cert:\\$place\\$Store\\$Thumbprint\") { return }\n"
    "    }\n"
    "    $path = Join-Path -Path $PSScriptRoot -ChildPath $File\n"
    "    $found = New-Object -TypeName Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $path\n"
    "    if ($found.Thumbprint -ne $Thumbprint) { throw \"$File is not the certificate that this script is for.\" }\n"
    "    $null = Import-Certificate -FilePath $path -CertStoreLocation \"Cert:\\$machine\\$Store\"\n"
    "}\n"
    "\n"
    "if (-not $NoRoots) {\n"
    "    foreach ($file in $roots.Keys) { Install-Authority -File $file -Thumbprint $roots[$file] -Store Root }\n"
    "    foreach ($file in $issuers.Keys) { Install-Authority -File $file -Thumbprint $issuers[$file] -Store CA }\n"
    "}\n"
    "if (-not (Test-Path -LiteralPath \"Cert:\\CurrentUser\\My\\$client\")) {\n"
    "    if ($pfx) {\n"
    "        if (-not $PfxPassword) { $PfxPassword = Read-Host -AsSecureString -Prompt \"Password of $pfx\" }\n"
    "        $path = Join-Path -Path $PSScriptRoot -ChildPath $pfx\n"
    "        $null = Import-PfxCertificate -FilePath $path -CertStoreLocation 'Cert:\\CurrentUser\\My' "
    "-Password $PfxPassword\n"
    "    } else {\n"
    "        Write-Warning -Message \"The client certificate $client is not in your personal store yet: insert the "
    "card or install the certificate.\"\n"
    "    }\n"
    "}\n"
    "\n"
    "$there = Get-VpnConnection -Name $name -ErrorAction SilentlyContinue\n"
    "if ($there -and $there.ServerAddress -ne $server) {\n"
    "    throw \"There is a connection $name already, to $($there.ServerAddress). Rename or remove it first.\"\n"
    "}\n"
    "$settings = @{\n"
    "    Name = $name; ServerAddress = $server; TunnelType = 'Ikev2'; AuthenticationMethod = 'Eap'\n"
    "    EapConfigXmlStream = $eap; EncryptionLevel = 'Required'; SplitTunneling = $true; RememberCredential = $true\n"
    "    Force = $true\n"
    "}\n"
    "if ($there) { Set-VpnConnection @settings } else { Add-VpnConnection @settings }\n"
    "$have = @(foreach ($route in (Get-VpnConnection -Name $name).Routes) { $route.DestinationPrefix })\n"
    "foreach ($route in $routes) {\n"
    "    if ($have -notcontains $route) { Add-VpnConnectionRoute -ConnectionName $name -DestinationPrefix $route }\n"
    "}\n"
    "\n"
    "# Without this setting, Windows also routes the class A, B or C network of the address that the gateway assigns.\n"
    "# The script edits only the section of this connection.\n"
    "$book = Join-Path -Path $env:APPDATA -ChildPath 'Microsoft\\Network\\Connections\\Pbk\\rasphone.pbk'\n"
    "$latin1 = [Text.Encoding]::GetEncoding(28591)\n"
    "$old = $latin1.GetString([IO.File]::ReadAllBytes($book))\n"
    "$section = '(?ms)^\\[' + [regex]::Escape($name) + '\\]\\r?\\n.*?(?=^\\[|\\z)'\n"
    "$new = [regex]::Replace($old, $section, [Text.RegularExpressions.MatchEvaluator]{\n"
    "    param($match)\n"
    "    $match.Value -replace '(?m)^DisableClassBasedDefaultRoute=0', 'DisableClassBasedDefaultRoute=1'\n"
    "})\n"
    "if ($new -cne $old) { [IO.File]::WriteAllBytes($book, $latin1.GetBytes($new)) }\n"
    "Write-Output -InputObject \"$name is ready: rasphone -d \"\"$name\"\", or Settings, Network & Internet, VPN.\"\n";

static int windows_write_files(struct profile_files *out, const struct vpn_profile *p, struct err *e)
{
	AUTO_VALUE(buf) line = { 0 };
	AUTO_VALUE(buf) eap = { 0 };
	AUTO_VALUE(buf) profile = { 0 };

	if (windows_certificates(out, FOLDER, p, e) < 0 || windows_eap(&line, p, 0, e) < 0 ||
	    windows_eap(&eap, p, XML_INDENT, e) < 0 || windows_profile(&profile, p, false, XML_INDENT, e) < 0)
		return -1;
	if (profile_copy(out, FOLDER, "eap-tls.xml", buf_bytes(&eap), false, e) < 0 ||
	    profile_copy(out, FOLDER, "ProfileXML.xml", buf_bytes(&profile), false, e) < 0)
		return -1;
	return windows_script(out, FOLDER, script, p, &line, e);
}

static const char head[] =
    "This profile is for Windows 10 version 1709 and later. Its files are in the folder of this page.\n\n"
    "## 1. The client certificate\n\n";
static const char head_token[] =
    "The private key stays on the card. Insert it: if the card has a Windows driver (minidriver), Windows copies the\n"
    "certificate to **Current User > Personal**. Check this in a command prompt:\n\n"
    "    certutil -user -store My\n"
    "    certutil -scinfo\n\n"
    "The output must list @CN@ with the thumbprint @CLIENT@.\n";
static const char head_pfx[] =
    "The script in section 2 imports the certificate and its private key from `client.pfx`, a file that you received\n"
    "over a private channel. To import it by hand, double-click it, select Store Location **Current User**, enter the\n"
    "password, leave \"Enable strong private key protection\" **off** (EAP fails with it), and let Windows choose the\n"
    "store. `certutil -user -store My` must then list @CN@ with the thumbprint\n"
    "@CLIENT@. Delete the file afterwards.\n";
static const char head_store[] =
    "The private key is in your key store on the PC where you created the certificate request: use this profile on\n"
    "that PC. `certutil -user -store My` must list @CN@ with the thumbprint\n"
    "@CLIENT@. If it does not, install the certificate first:\n"
    "`certreq -accept -user CERTIFICATE.pem`.\n";
static const char *const heads[] = { [PROFILE_KEY_TOKEN] = head_token, [PROFILE_KEY_PFX] = head_pfx,
	[PROFILE_KEY_STORE] = head_store };
static const char steps[] =
    "\n"
    "## 2. The connection\n\n"
    "Run this command in PowerShell, in the folder of this page, as the user who will connect:\n\n"
    "    powershell -ExecutionPolicy Bypass -File install.ps1\n\n"
    "It makes the connection @NAME@ to\n"
    "@SERVER@\n"
    "and installs these root certificates in **Trusted Root Certification Authorities**. In an elevated PowerShell of\n"
    "an administrator they go to **Local Machine**, without a question; otherwise to **Current User**, and Windows\n"
    "asks once for each root. Compare the thumbprint in the question with this list:\n\n"
    "   * `root.cer`: @ROOT_CN@, SHA-1 thumbprint @ROOT@\n";
static const char more[] =
    "\n"
    "Windows accepts every certificate that a root in that store issues, also for websites and signed programs, and\n"
    "not only for this VPN. It needs the gateway's roots to verify the gateway, and `root.cer` to verify the client\n"
    "certificate. If an administrator distributes the roots by group policy or Intune, add `-NoRoots` to the command.\n"
    "If your organisation does not want these roots in that store, ask the person who sent this profile for one for\n"
    "OpenVPN, which does not use the store.\n\n"
    "For Intune and Configuration Manager, `ProfileXML.xml` is the VPNv2 profile and `eap-tls.xml` its EAP part. With\n"
    "that profile, Windows sends all DNS queries to the DNS servers of the network, if the package contains any.\n\n"
    "## 3. Connect\n\n"
    "Select **Settings > Network & Internet > VPN > @NAME@ > Connect**, or run `rasphone -d` with that name in a\n"
    "command prompt.\n";
static const char up[] =
    "* `ipconfig /all` shows a **PPP adapter** with the name of the connection.\n"
    "* In PowerShell: `Get-VpnConnection`, `Get-NetRoute -AddressFamily IPv4`, `Resolve-DnsName` with `-Server`.\n"
    "* Error 798: Windows finds no suitable certificate (`certutil -user -store My`). Error 13801: the gateway's root\n"
    "  is missing, or the server name was changed. Error 0x80090326: the gateway does not trust @ROOT_CN@.\n";

static int windows_install(struct buf *out, const struct vpn_profile *p, struct err *e)
{
	if (profile_install(out, head, p, e) < 0 ||
	    profile_install(out, heads[p->key], p, e) < 0 ||
	    profile_install(out, steps, p, e) < 0 || profile_list_issuers(out, p, e) < 0 ||
	    profile_list_roots(out, p, e) < 0 ||
	    profile_install(out, more, p, e) < 0)
		return -1;
	return profile_connection_check(out, p, CHECK_BULLETS, up, e);
}

const struct profile_format profile_windows = {
	.name = "windows",
	.summary = "Windows, built-in IKEv2 client: EAP-TLS XML, ProfileXML and a script that installs it",
	.keys = 1u << PROFILE_KEY_TOKEN | 1u << PROFILE_KEY_PFX | 1u << PROFILE_KEY_STORE,
	.why_not = "SCEP and ACME are for mobileconfig: on Windows, enrol with Intune or `p11ca client recipe`",
	.needs_ikev2 = true,
	.rule_set = "windows",
	.write = windows_write_files,
	.install = windows_install,
};
