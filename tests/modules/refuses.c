// SPDX-License-Identifier: MIT
/*
 * Its init function says no: nothing of it may stay.
 *
 * judge: compared
 */
#include <linux/module.h>

static int err = -ENODEV;
module_param(err, int, 0);

static int __init refuses_init(void)
{
	return err;
}

module_init(refuses_init);
MODULE_LICENSE("GPL");
