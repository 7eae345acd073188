/* SPDX-License-Identifier: MIT */
/* ovpn.c - see ovpn.h; the server and its roots from the file. */
#include "azure/ovpn.h"

#include <string.h>

#include "azure/reading.h"

bool ovpn_next_line(struct bytes *rest, struct bytes *line)
{
	const unsigned char *end;
	size_t len;

	if (rest->len == 0)
		return false;
	end = memchr(rest->at, '\n', rest->len);
	len = end != NULL ? (size_t)(end - rest->at) : rest->len;
	*line = (struct bytes){ rest->at, len };
	if (len > 0 && line->at[len - 1] == '\r')
		line->len--;
	len += end != NULL;
	*rest = (struct bytes){ rest->at + len, rest->len - len };
	return true;
}

bool ovpn_is(struct bytes line, const char *word)
{
	size_t len = strlen(word);

	return line.len >= len && memcmp(line.at, word, len) == 0 &&
	    (line.len == len || line.at[len] == ' ' || line.at[len] == '\t');
}

static int take_remote(struct reading *r, struct bytes line, struct err *e)
{
	struct bytes host = { line.at + strlen("remote"), line.len - strlen("remote") };
	size_t len = 0;

	while (host.len > 0 && (host.at[0] == ' ' || host.at[0] == '\t'))
		host = (struct bytes){ host.at + 1, host.len - 1 };
	while (len < host.len && host.at[len] != ' ' && host.at[len] != '\t')
		len++;
	host.len = len;
	return reading_set_server(r, "remote", host, e);
}

int ovpn_read(struct reading *r, struct bytes text, struct err *e)
{
	struct bytes rest = text, line;
	const unsigned char *cert = NULL;
	bool is_ca = false;

	if (reading_check_text(text, e) < 0)
		return -1;
	while (ovpn_next_line(&rest, &line)) {
		if (ovpn_is(line, "remote") && take_remote(r, line, e) < 0)
			return -1;
		if (ovpn_is(line, "<ca>") || ovpn_is(line, "</ca>"))
			is_ca = line.at[1] != '/';
		if (is_ca && ovpn_is(line, "-----BEGIN CERTIFICATE-----"))
			cert = line.at;
		if (!is_ca || cert == NULL || !ovpn_is(line, "-----END CERTIFICATE-----"))
			continue;
		if (reading_add_root(r, "<ca>", (struct bytes){ cert, (size_t)(rest.at - cert) }, e) < 0)
			return -1;
		cert = NULL;
	}
	return 0;
}
