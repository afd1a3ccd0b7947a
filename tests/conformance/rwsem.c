/* SPDX-License-Identifier: MIT */
/* rw_semaphore: who gets in beside whom. */
#include "promise.h"
#include <linux/rwsem.h>

static DECLARE_RWSEM(sem);

static void run(void)
{
	ask(rwsem_is_locked(&sem));
	ask(down_read_trylock(&sem));
	ask(down_read_trylock(&sem));
	ask(down_write_trylock(&sem));
	ask(rwsem_is_locked(&sem));
	up_read(&sem);
	up_read(&sem);
	ask(down_write_trylock(&sem));
	ask(down_read_trylock(&sem));
	ask(down_write_trylock(&sem));
	downgrade_write(&sem);
	ask(down_read_trylock(&sem));
	ask(down_write_trylock(&sem));
	up_read(&sem);
	up_read(&sem);
	ask(down_write_killable(&sem));
	up_write(&sem);
	ask(down_read_killable(&sem));
	up_read(&sem);
	ask(down_read_interruptible(&sem));
	up_read(&sem);
	ask(rwsem_is_locked(&sem));
	ask(rwsem_is_contended(&sem));
}
promise(run);
