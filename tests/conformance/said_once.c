/* SPDX-License-Identifier: MIT */
/* What is said once, warned of once, or let through so often: pr_info_once(), WARN_ON_ONCE(), the rate limit. */
#include "promise.h"
#include <linux/printk.h>
#include <linux/ratelimit.h>

static void run(void)
{
	static struct ratelimit_state limit;
	int passed = 0;

	for (int i = 0; i < 3; i++) {
		pr_info_once("%s: once\n", KBUILD_MODNAME);
		if (WARN_ON_ONCE(i == 1))
			say("the condition holds");
		say("round %d", i);
	}
	ratelimit_state_init(&limit, 1000 * HZ, 3);
	ratelimit_set_flags(&limit, RATELIMIT_MSG_ON_RELEASE);
	for (int i = 0; i < 10; i++)
		passed += __ratelimit(&limit);
	ask(passed);
}
promise(run);
