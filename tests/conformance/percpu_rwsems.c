/* SPDX-License-Identifier: MIT */
/* percpu_rw_semaphore: readers together, a writer alone, and what the trylock says. */
#include "promise.h"
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/percpu-rwsem.h>

static struct percpu_rw_semaphore sem;
static bool written;
static DECLARE_COMPLETION(started);

static int writes(void *unused)
{
	complete(&started);
	percpu_down_write(&sem);
	WRITE_ONCE(written, true);
	percpu_up_write(&sem);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void run(void)
{
	struct task_struct *t;

	ask(percpu_init_rwsem(&sem));
	percpu_down_read(&sem);
	ask(percpu_down_read_trylock(&sem));
	percpu_up_read(&sem);
	t = kthread_run(writes, NULL, "percpu_rwsems");
	wait_for_completion(&started);
	msleep(30);
	ask(READ_ONCE(written));
	percpu_up_read(&sem);
	ask(kthread_stop(t));
	percpu_down_read(&sem);
	ask(READ_ONCE(written));
	percpu_up_read(&sem);
	percpu_down_write(&sem);
	ask(percpu_down_read_trylock(&sem));
	percpu_up_write(&sem);
	ask(percpu_down_read_trylock(&sem));
	percpu_up_read(&sem);
	percpu_free_rwsem(&sem);
}
promise(run);
