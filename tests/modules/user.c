// SPDX-License-Identifier: MIT
/*
 * Uses what provider.c exports, so it can be loaded only after it, and keeps it loaded.
 *
 * judge: needs provider
 */
#include <linux/module.h>

extern int provider_calls;
int provider_add(int a, int b);

static int __init user_init(void)
{
	int sum = provider_add(2, 3);

	pr_info("user: 2 + 3 = %d, call %d\n", sum, provider_calls);
	return 0;
}

static void __exit user_exit(void)
{
	int sum = provider_add(4, 5);

	pr_info("user: 4 + 5 = %d, call %d\n", sum, provider_calls);
}

module_init(user_init);
module_exit(user_exit);
MODULE_LICENSE("GPL");
