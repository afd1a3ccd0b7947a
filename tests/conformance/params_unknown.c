/* SPDX-License-Identifier: MIT */
/*
 * A parameter that the module does not have is reported and ignored.
 *
 * judge: params nosuch=1
 */
#include "promise.h"

static void run(void)
{
	say("loaded all the same");
}
promise(run);
