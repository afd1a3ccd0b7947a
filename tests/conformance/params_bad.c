/* SPDX-License-Identifier: MIT */
/*
 * A parameter out of range: the module is not loaded, and the log says why; its init function is not called.
 *
 * judge: params byte=256
 */
#include "promise.h"
#include <linux/moduleparam.h>

static unsigned char byte;
module_param(byte, byte, 0);

static void run(void)
{
	ask(byte);
}
promise(run);
