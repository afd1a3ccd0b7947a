/* SPDX-License-Identifier: MIT */
#pragma once
/* get_cycles() under the name that modules include. For times use ktime_get() of <linux/timekeeping.h>. */
#include <linux/time64.h>
#include <asm/timex.h>
