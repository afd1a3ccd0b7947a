/* SPDX-License-Identifier: MIT */
/*
 * What torture knows of one work, whether a kthread_worker does it or a workqueue: who is at it, whether it runs, and
 * how often it has run. The work's function calls tally_begin() first and tally_end() last.
 */
#include "torture.h"

#include <linux/delay.h>

bool tally_enter(struct tally *t)
{
	if (!gate_enter(t->house))
		return false;
	if (gate_enter(&t->gate))
		return true;
	gate_leave(t->house);
	return false;
}

void tally_leave(struct tally *t)
{
	gate_leave(&t->gate);
	gate_leave(t->house);
}

void tally_begin(struct tally *t)
{
	if (atomic_inc_return(&t->inside) != 1)
		test_blame("a work runs twice at once");
	if (t->freezable)
		torture_may_run("a freezable work");
	if (atomic_read(&t->runs) % 16 == 0)
		test_nap();
	else
		udelay(5);
	if (t->freezable)
		torture_may_run("a freezable work");
	atomic_inc(&t->runs);
}

bool tally_wants_more(struct tally *t)
{
	return atomic_dec_if_positive(&t->again) >= 0;
}

void tally_end(struct tally *t)
{
	atomic_dec(&t->inside);
}

void tally_exactly(struct tally *t, int runs, const char *what)
{
	if (atomic_read(&t->runs) != runs)
		test_blame("%s: it ran %d times, not once", what, atomic_read(&t->runs) - runs + 1);
}
