/* SPDX-License-Identifier: MIT */
/* Errors in pointers. */
#include "promise.h"
#include <linux/errno.h>

static void run(void)
{
	void *p = ERR_PTR(-ENOMEM);

	ask(IS_ERR(p));
	ask(PTR_ERR(p));
	ask(IS_ERR(NULL));
	ask(IS_ERR_OR_NULL(NULL));
	ask(PTR_ERR_OR_ZERO(p));
	ask(PTR_ERR_OR_ZERO(&p));
	ask(IS_ERR_VALUE((unsigned long)-MAX_ERRNO));
	ask(IS_ERR_VALUE((unsigned long)-MAX_ERRNO - 1));
	ask(PTR_ERR(ERR_CAST(p)));
	ask(ERESTARTSYS);
	ask(ENOTSUPP);
	ask(EPROBE_DEFER);
	ask(ETIMEDOUT);
	ask(ENOSYS);
	ask(EOPNOTSUPP);
	ask(ECANCELED);
	for (int e = 1; e < 40; e++)
		say("%d %pe", e, ERR_PTR(-e));
}
promise(run);
