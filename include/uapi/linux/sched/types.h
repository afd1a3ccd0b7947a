/* SPDX-License-Identifier: MIT */
#pragma once
/* What sched_setscheduler() takes beside the policy: 1 to 99 for SCHED_FIFO and SCHED_RR, else 0. */
struct sched_param {
	int sched_priority;
};
