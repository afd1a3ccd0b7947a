/* SPDX-License-Identifier: MIT */
/*
 * A module of about 2.6.10: a timer with its data starts a tasklet with its data, that starts a work with its data,
 * which delays itself, and nobody has heard of container_of(). Compiled with the switch of <linux/old_names.h>.
 */
#include <linux/kernel.h>
#include <linux/timer.h>
#include <linux/interrupt.h>
#include <linux/workqueue.h>
#include <linux/spinlock.h>

#include "old_modules.h"

int old_mill_rounds, old_mill_faults;

static struct mill {
	int			grain;
	struct timer_list	wind;
	struct work_struct	grind;
} mill;

static spinlock_t lock = SPIN_LOCK_UNLOCKED;
static struct workqueue_struct *millers;

static void turn(unsigned long data)
{
	struct mill *m = (struct mill *)data;

	if (m != &mill || !in_softirq())
		old_mill_faults++;
	queue_work(millers, &m->grind);
}

static DECLARE_TASKLET(wheel, turn, (unsigned long)&mill);

static void blow(unsigned long data)
{
	if (data != (unsigned long)&mill)
		old_mill_faults++;
	tasklet_schedule(&wheel);
}

/* Works in two halves: the second after a while, by another function. */
static void grind_fine(void *data)
{
	struct mill *m = data;

	spin_lock_bh(&lock);
	m->grain--;
	old_mill_rounds++;
	spin_unlock_bh(&lock);
	m->wind.expires = jiffies + 1;
	add_timer(&m->wind);
}

static void grind_coarse(void *data)
{
	struct mill *m = data;

	spin_lock_bh(&lock);
	m->grain++;
	spin_unlock_bh(&lock);
	PREPARE_WORK(&m->grind, m->grain % 2 ? grind_fine : grind_coarse, m);
	queue_delayed_work(millers, &m->grind, 1);
}

static int from_declared;

static void declared_function(void *data)
{
	*(int *)data += 1;
}

static DECLARE_WORK(declared, declared_function, &from_declared);
static DEFINE_TIMER(declared_timer, turn, 0, 0);

int init_module(void)
{
	millers = create_singlethread_workqueue("millers");
	if (!millers)
		return -ENOMEM;
	mill.grain = old_mill_rounds = old_mill_faults = 0;
	INIT_WORK(&mill.grind, grind_coarse, &mill);
	init_timer(&mill.wind);
	mill.wind.function = blow;
	mill.wind.data = (unsigned long)&mill;
	mill.wind.expires = jiffies + 2;
	add_timer(&mill.wind);

	from_declared = 0;
	schedule_work(&declared);
	flush_scheduled_work();
	old_mill_faults += from_declared != 1;
	schedule_delayed_work(&declared, HZ / 50);
	while (from_declared < 2) {
		set_task_state(current, TASK_UNINTERRUPTIBLE);
		schedule_timeout(1);
	}
	old_mill_faults += from_declared != 2;
	mod_timer(&declared_timer, jiffies + 1000 * HZ);
	old_mill_faults += !timer_pending(&declared_timer);
	old_mill_faults += declared_timer.expires - jiffies > 1000 * HZ || !del_timer(&declared_timer);
	return 0;
}

void cleanup_module(void)
{
	/* What starts what: stop from the front, and once more what was just on its way. */
	for (int i = 0; i < 3; i++) {
		del_timer_sync(&mill.wind);
		tasklet_kill(&wheel);
		cancel_rearming_delayed_workqueue(millers, &mill.grind);
	}
	destroy_workqueue(millers);
}
