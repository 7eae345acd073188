/* SPDX-License-Identifier: MIT */
/* letter.c - see letter.h. */
#include "profiles/letter.h"

#include <string.h>
#include <time.h>

#include "out/xml.h"
#include "util/array.h"
#include "util/unicode.h"

/* No quote and no '<', '>' or '&': the writer would escape it, and a browser reads a style sheet as it is. */
static const char style[] =
    ":root{color-scheme:light}"
    "*{box-sizing:border-box}"
    "body{max-width:46rem;margin:0 auto;padding:1.5rem 1.25rem;background:#fff;color:#1c1c1c;"
    "font:1rem/1.45 system-ui,Segoe UI,Roboto,Noto Sans,Arial,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.7rem;line-height:1.2;margin:0 0 1rem}"
    "h2{font-size:1.15rem;margin:1.6rem 0 .4rem;padding-top:.6rem;border-top:1px solid #c8c8c8}"
    "h3{font-size:1rem;margin:.9rem 0 .2rem}"
    "p{margin:.4rem 0}"
    "ol,ul{margin:.2rem 0;padding-inline-start:1.5rem}"
    "li{margin:.15rem 0}"
    "table{border-collapse:collapse}"
    "th,td{padding:.2rem 0;text-align:start;vertical-align:top}"
    "th{padding-inline-end:1.5rem;font-weight:600;white-space:nowrap}"
    "code{font:.92em ui-monospace,Menlo,Consolas,monospace;background:#f1f1f1;padding:0 .2em;"
    "white-space:nowrap}"
    "@media(max-width:30rem){th,td{display:block}th{padding:.4rem 0 0}td{padding:0}}"
    "@media print{body{max-width:none;padding:0;font-size:10pt}h1{font-size:18pt}h2,h3{break-after:avoid}"
    "li,tr{break-inside:avoid}code{background:none;padding:0}}"
    "@page{margin:15mm 20mm}";

/* One row per profile format: the system, and what its user does. Words between backticks are set as code. */
struct letter_steps {
	const char *format, *system;
	const char *install, *connect;
};
static const struct letter_steps rows[] = {
	{ "swanctl", "Linux (strongSwan with swanctl)",
	    "As an administrator of the computer, install the packages and files that `INSTALL-swanctl.md` lists.",
	    "Run the commands in the section Connect of that page." },
	{ "ipsec", "Linux (strongSwan with ipsec.conf)",
	    "As an administrator of the computer, install the packages and files that `INSTALL-ipsec.md` lists.",
	    "Run the commands in the section Connect of that page." },
	{ "networkmanager", "Linux desktop (NetworkManager)",
	    "As an administrator of the computer, install the packages and files that `INSTALL-networkmanager.md` "
	    "lists.",
	    "Open the network menu of the desktop and switch the VPN connection on." },
	{ "sswan", "Android",
	    "Install the app strongSwan VPN Client and open the `.sswan` file with it, as `INSTALL-sswan.md` "
	    "describes.",
	    "Open the app and select the connection." },
	{ "openvpn", "Windows, macOS or Linux with OpenVPN",
	    "Install OpenVPN and import the `.ovpn` file, as `INSTALL-openvpn.md` describes for your system.",
	    "Start the connection in OpenVPN." },
	{ "mobileconfig", "iPhone, iPad or Mac",
	    "Open the `.mobileconfig` file on the device and install the profile in Settings, as "
	    "`INSTALL-mobileconfig.md` describes.",
	    "Open Settings, select VPN, and switch the connection on." },
	{ "windows", "Windows", "Run `install.ps1`, as `INSTALL-windows.md` describes.",
	    "Open Settings, Network and internet, VPN. Select the connection and then Connect." },
	{ "windows-device", "Windows, for all users of a computer",
	    "As an administrator of the computer, follow `INSTALL-windows-device.md`.",
	    "The computer connects by itself when it starts." },
	{ "azurevpn", "Windows with Azure VPN Client",
	    "Install Azure VPN Client from the Microsoft Store and import `azurevpnconfig.xml`, as "
	    "`INSTALL-azurevpn.md` describes.",
	    "Open Azure VPN Client, select the connection, and select Connect." },
	{ "pfx", "Any system, configured by hand",
	    "Import the `.pfx` file, as `INSTALL-pfx.md` describes for your system.",
	    "Start the connection in your VPN client." },
};

static bool letter_has_format(const struct letter *l, const char *format)
{
	for (size_t i = 0; i < l->n_formats; i++)
		if (strcmp(l->formats[i]->name, format) == 0)
			return true;
	return false;
}

/* The text of an element; words between backticks are code. */
static void letter_text(struct xml *x, const char *text)
{
	bool is_code = false;
	char part[400];

	for (;; text += strlen(part) + 1) {
		(void)snprintf(part, sizeof(part), "%.*s", (int)strcspn(text, "`"), text);
		if (is_code)
			xml_leaf(x, "code", part);
		else
			xml_text(x, part);
		is_code = !is_code;
		if (text[strlen(part)] == '\0')
			return;
	}
}

static void letter_leaf(struct xml *x, const char *element, const char *text)
{
	xml_start(x, element, NULL);
	letter_text(x, text);
	xml_end(x);
	xml_text(x, "\n");
}

/* Text of another party: isolated, so that its direction does not change the text around it; nothing is invisible. */
static void letter_foreign(struct xml *x, const char *text)
{
	char visible[1024];

	name_reveal(visible, sizeof(visible), text);
	xml_leaf(x, "bdi", visible[0] != '\0' ? visible : "(unreadable)");
}

static void letter_meta(struct xml *x, const char *key, const char *value, const char *content)
{
	xml_start(x, "meta", NULL);
	xml_attribute(x, key, value);
	if (content != NULL)
		xml_attribute(x, "content", content);
	xml_end(x);
	xml_text(x, "\n");
}

static void letter_head(struct xml *x, const struct letter *l)
{
	char name[1024], title[sizeof(name) + 32];

	name_reveal(name, sizeof(name), l->name);
	(void)snprintf(title, sizeof(title), "VPN access for %s", name);
	xml_start(x, "head", NULL);
	xml_text(x, "\n");
	letter_meta(x, "charset", "utf-8", NULL);
	letter_meta(x, "http-equiv", "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
	letter_meta(x, "name", "viewport", "width=device-width, initial-scale=1");
	xml_leaf(x, "title", title);
	xml_text(x, "\n");
	xml_leaf(x, "style", style);
	xml_end(x);
	xml_text(x, "\n");
}

static void letter_row_begin(struct xml *x, const char *name)
{
	xml_start(x, "tr", NULL);
	xml_start(x, "th", NULL);
	xml_attribute(x, "scope", "row");
	xml_text(x, name);
	xml_end(x);
	xml_start(x, "td", NULL);
}

static void letter_row_end(struct xml *x)
{
	xml_end(x);
	xml_end(x);
	xml_text(x, "\n");
}

static void letter_row(struct xml *x, const char *name, const char *value)
{
	letter_row_begin(x, name);
	letter_foreign(x, value);
	letter_row_end(x);
}

static void letter_key_row(struct xml *x, const struct letter *l)
{
	letter_row_begin(x, l->is_on_token ? "Card" : "Key");
	if (l->is_on_token) {
		letter_foreign(x, l->token_label[0] != '\0' ? l->token_label : "smart card");
		if (l->token_serial[0] != '\0') {
			xml_text(x, ", serial number ");
			letter_foreign(x, l->token_serial);
		}
	} else if (l->key_file[0] != '\0') {
		xml_text(x, "software key in the file ");
		letter_foreign(x, l->key_file);
	} else {
		xml_text(x, "software key: in a .pfx file, or in the key store of your device");
	}
	letter_row_end(x);
}

static void letter_facts(struct xml *x, const struct letter *l)
{
	const time_t end = (time_t)l->not_after;
	char date[32] = "";
	struct tm tm;

	if (gmtime_r(&end, &tm) != NULL)
		(void)strftime(date, sizeof(date), "%Y-%m-%d", &tm);
	xml_start(x, "table", NULL);
	xml_text(x, "\n");
	xml_start(x, "tbody", NULL);
	letter_row(x, "Name", l->name);
	if (l->device[0] != '\0')
		letter_row(x, "Device", l->device);
	letter_key_row(x, l);
	letter_row(x, "Valid until", date);
	xml_end(x);
	xml_end(x);
	letter_leaf(x, "p", "Ask for a renewal before that date. Afterwards the VPN refuses the connection.");
}

static void letter_system(struct xml *x, const struct letter_steps *steps)
{
	const bool is_phone = strcmp(steps->format, "sswan") == 0 || strcmp(steps->format, "mobileconfig") == 0;
	char folder[128];

	if (is_phone) /* a phone takes a file, not a folder */
		(void)snprintf(folder, sizeof(folder), "Copy the `.%s` file from the folder `%s` to the device.",
		    steps->format, steps->format);
	else
		(void)snprintf(folder, sizeof(folder), "Copy the folder `%s` to the device.", steps->format);
	letter_leaf(x, "h3", steps->system);
	xml_start(x, "ol", NULL);
	xml_text(x, "\n");
	letter_leaf(x, "li", folder);
	letter_leaf(x, "li", steps->install);
	letter_leaf(x, "li", steps->connect);
	xml_end(x);
	xml_text(x, "\n");
}

static int letter_connect(struct xml *x, const struct letter *l, struct err *e)
{
	size_t n = 0;

	letter_leaf(x, "h2", "How to connect");
	if (l->n_formats == 0)
		letter_leaf(x, "p",
		    "You receive the VPN profile for your device separately, with a page INSTALL that describes each "
		    "step.");
	else if (l->n_formats > 1)
		letter_leaf(x, "p", "Follow the steps for one of these systems: the system of your device.");
	if (l->n_formats > 0 && l->is_on_token)
		letter_leaf(x, "p", "Insert the card first. Enter its PIN when you are asked for it.");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!letter_has_format(l, rows[i].format))
			continue;
		letter_system(x, &rows[i]);
		n++;
	}
	return n == l->n_formats ? 0 : err_set(e, ERR_INTERNAL, "the letter has no steps for a profile format");
}

static void letter_pin(struct xml *x, const struct letter *l)
{
	letter_leaf(x, "h2", "PIN and loss of the card");
	letter_leaf(x, "p", "You receive the PIN separately. Change it before the first use:");
	xml_start(x, "ul", NULL);
	xml_text(x, "\n");
	if (strncmp(l->token_manufacturer, "Yubico", 6) == 0)
		letter_leaf(x, "li", "YubiKey: open Yubico Authenticator, section Certificates, or enter in a "
				     "terminal: `ykman piv access change-pin`.");
	letter_leaf(x, "li", "Windows: press Ctrl+Alt+Delete, select Change a password, then Sign-in options and the "
			     "smart card.");
	letter_leaf(x, "li", "macOS and Linux: use the program of the card's manufacturer. If OpenSC supports "
			     "the card, enter in a terminal: `pkcs11-tool --login --change-pin`.");
	xml_end(x);
	letter_leaf(x, "p", "The card is locked after a few wrong PINs: if a PIN is refused, do not guess. "
			    "Never tell the PIN to anybody, and do not write it on this page. If the card is lost or "
			    "stolen, report it at once, so that it is blocked.");
}

static void letter_password(struct xml *x, const struct letter *l)
{
	letter_leaf(x, "h2", "Password and loss of the key");
	letter_leaf(x, "p",
	    "If you received a `.pfx` or `.p12` file, you receive its password separately. You need it when you import "
	    "the file; delete the file afterwards.");
	if (letter_has_format(l, "openvpn"))
		letter_leaf(x, "p", "OpenVPN keeps the key in the `.ovpn` file: keep that file, and enter the password "
				    "when OpenVPN asks for it.");
	letter_leaf(x, "p",
	    "If the device or the file is lost, report it at once, so that the certificate is blocked.");
}

static int letter_body(struct xml *x, const struct letter *l, struct err *e)
{
	xml_start(x, "body", NULL);
	xml_text(x, "\n");
	xml_start(x, "h1", NULL);
	xml_text(x, "VPN access for ");
	letter_foreign(x, l->name);
	xml_end(x);
	xml_text(x, "\n");
	letter_facts(x, l);
	if (letter_connect(x, l, e) < 0)
		return -1;
	if (l->is_on_token)
		letter_pin(x, l);
	else
		letter_password(x, l);
	if (l->contact[0] != '\0') {
		letter_leaf(x, "h2", "Contact");
		xml_start(x, "p", NULL);
		letter_foreign(x, l->contact);
		xml_end(x);
		xml_text(x, "\n");
	}
	xml_end(x);
	return 0;
}

int letter_write(struct buf *out, const struct letter *l, struct err *e)
{
	AUTO_VALUE(buf) page = { 0 };
	struct err unused;
	struct xml *x;
	int result;

	if (xml_open(&x, 0, e) < 0)
		return -1;
	xml_doctype(x, "html", NULL, NULL);
	xml_start(x, "html", NULL);
	xml_attribute(x, "lang", "en");
	xml_text(x, "\n");
	letter_head(x, l);
	result = letter_body(x, l, e);
	if (xml_close(x, &page, result < 0 ? &unused : e) < 0 || result < 0)
		return -1;
	return buf_add(out, page.data, page.len, e) < 0 ? -1 : buf_add(out, "\n", 1, e);
}
