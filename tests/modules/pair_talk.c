// SPDX-License-Identifier: MIT
#include <linux/printk.h>
#include "pair.h"

void pair_say(const char *who, int round)
{
	pr_info("%s: %s says %d of %d\n", KBUILD_MODNAME, who, round, PAIR_ROUNDS);
}
