/* SPDX-License-Identifier: MIT */
/* gateway_template.c - see gateway_template.h. */
#include "model/gateway_template.h"

#include <stdlib.h>

void template_losses_clear(struct template_losses *losses)
{
	free(losses->all);
	losses->all = NULL;
	losses->n = losses->cap = 0;
}
