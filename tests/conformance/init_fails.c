/* SPDX-License-Identifier: MIT */
/* An init function that fails: no exit function is called, and the module is gone. */
#include "promise.h"

static int __init fails(void)
{
	say("init");
	return -ENODEV;
}

static void __exit never(void)
{
	say("exit: never called");
}

module_init(fails);
module_exit(never);
MODULE_LICENSE("GPL");
