/* SPDX-License-Identifier: MIT */
/* Semaphores: how often they can be taken, and what the forms that do not wait for ever answer. */
#include "promise.h"
#include <linux/jiffies.h>
#include <linux/semaphore.h>

static void run(void)
{
	struct semaphore sem;

	sema_init(&sem, 2);
	ask(down_trylock(&sem));
	ask(down_interruptible(&sem));
	ask(down_trylock(&sem));
	ask(down_timeout(&sem, 2));
	ask(sem.count);
	up(&sem);
	ask(sem.count);
	ask(down_killable(&sem));
	up(&sem);
	up(&sem);
	up(&sem);
	ask(sem.count);
	ask(down_timeout(&sem, 0));
	down(&sem);
	ask(sem.count);
}
promise(run);
