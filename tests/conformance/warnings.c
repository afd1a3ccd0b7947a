/* SPDX-License-Identifier: MIT */
/* WARN_ON() and relatives answer their condition and let the caller go on; _ONCE warns once. */
#include "promise.h"

static void run(void)
{
	ask(WARN_ON(0));
	ask(WARN_ON(1 == 1));
	ask(WARN(2 > 1, "text of a warning\n"));
	for (int i = 0; i < 3; i++)
		say("once: %d", !!WARN_ON_ONCE(i < 5));
	for (int i = 0; i < 2; i++)
		say("once: %d", !!WARN_ONCE(i < 5, "text of another\n"));
	say("went on");
}
promise(run);
