/* SPDX-License-Identifier: MIT */
/* gateway_template.h - settings of a gateway that a template lacks: deploying the template would remove them. */
#ifndef MODEL_GATEWAY_TEMPLATE_H
#define MODEL_GATEWAY_TEMPLATE_H

#include <stddef.h>

#include "util/cleanup.h"

enum template_loss_kind {
	LOSS_ROOT, LOSS_REVOKED, LOSS_PROPERTY,
	LOSS_RADIUS,                 /* a RADIUS server or its secret */
	LOSS_UNKNOWN                 /* the template computes the value by an expression */
};

struct template_losses {
	struct template_loss {
		enum template_loss_kind kind;
		char what[160];      /* name of an entry or path of a property; untrusted */
	} *all;                      /* owned */
	size_t n, cap;
};

void template_losses_clear(struct template_losses *losses);
AUTO_VALUE_DEFINE(template_losses, template_losses_clear);

#endif
