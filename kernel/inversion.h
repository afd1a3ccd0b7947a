/* SPDX-License-Identifier: MIT */
#pragma once
/* Private to the rooms: the scene of priority inversion, for the shell's command and for a test. */
#include <linux/types.h>

struct inversion {
	u64	high_waited;			/* ns from asking for the lock to having it */
	u64	high_done, middle_done;		/* ktime_get_ns() */
	int	low_prio;			/* task_prio() of low while high waits: -1 - its real-time priority */
};

/* inversion_run: play it once, with a mutex or an rt_mutex. Return: 0 or -ENOMEM. Context: thread, one at a time. */
int inversion_run(bool inherit, struct inversion *seen);
