/* SPDX-License-Identifier: MIT */
/* ovpn_fault.c - faults of vpnconfig.ovpn: what Azure does not write. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "azure/ovpn.h"
#include "util/text.h"

void ovpn_fault(struct package_ovpn *o, const char *code, unsigned line, const char *fmt, ...)
{
	struct ovpn_fault *f = &o->faults[o->n_faults];
	char text[400];
	va_list ap;

	if (o->n_faults >= OVPN_FAULTS_MAX) {
		o->n_more++;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)print_safe(f->text, sizeof(f->text), text, strlen(text));
	f->code = code;
	f->line = line;
	o->n_faults++;
}
