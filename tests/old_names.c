/* SPDX-License-Identifier: MIT */
/*
 * Names of old kernels, one by one. This file is compiled with the switch of <linux/old_names.h>, as an old module is.
 */
#include "test.h"

#include <linux/kthread.h>
#include <linux/rwlock.h>
#include <linux/semaphore.h>
#include <linux/sched/task.h>

/* ---- sleeping without a condition ---- */

static DECLARE_WAIT_QUEUE_HEAD(old_wq);

static int old_sleep(void *data)		{ sleep_on(&old_wq); return 1; }
static int old_interruptible(void *data)	{ interruptible_sleep_on(&old_wq); return 1; }
static int old_timeout(void *data)		{ return sleep_on_timeout(&old_wq, 10 * HZ) > 0; }
static int old_int_timeout(void *data)		{ return interruptible_sleep_on_timeout(&old_wq, 10 * HZ) > 0; }

TEST(old_names_sleep_on_family_sleeps_until_woken)
{
	static int (*const old[])(void *) = { old_sleep, old_interruptible, old_timeout, old_int_timeout };
	int i;

	for (i = 0; i < ARRAY_SIZE(old); i++) {
		struct task_struct *p = test_start(-1, old[i], NULL, "test/old");

		EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
		wake_up(&old_wq);
		EXPECT(eventually(p->exit_state));
		EXPECT_EQ(test_join(p), 1);
	}
	EXPECT_EQ(sleep_on_timeout(&old_wq, 2), 0);
	EXPECT_EQ(interruptible_sleep_on_timeout(&old_wq, 2), 0);
	return NULL;
}

TEST(old_names_init_completion_macro_takes_the_completion_itself)
{
	DECLARE_COMPLETION_ONSTACK(x);

	complete_all(&x);
	INIT_COMPLETION(x);
	EXPECT(!completion_done(&x));
	return NULL;
}

/* ---- locks ---- */

TEST(old_names_locks_may_be_assigned)
{
	spinlock_t lock = SPIN_LOCK_UNLOCKED;

	spin_lock(&lock);
	EXPECT(spin_is_locked(&lock));
	spin_unlock(&lock);
	lock = SPIN_LOCK_UNLOCKED;
	EXPECT(spin_trylock(&lock));
	spin_unlock(&lock);
	return NULL;
}

TEST(old_names_mutexes_are_semaphores)
{
	static DECLARE_MUTEX(free);
	static DECLARE_MUTEX_LOCKED(taken);
	rwlock_t rw = RW_LOCK_UNLOCKED;
	struct semaphore sem;

	EXPECT(!down_trylock(&free) && down_trylock(&free));
	EXPECT(down_trylock(&taken));
	init_MUTEX(&sem);
	EXPECT(!down_trylock(&sem));
	init_MUTEX_LOCKED(&sem);
	EXPECT(down_trylock(&sem));
	up(&sem);
	EXPECT(!down_trylock(&sem));
	read_lock(&rw);
	read_unlock(&rw);
	return NULL;
}

static int inside;

static const char *enter_many_times(struct crew *c, int who)
{
	for (int i = 0; i < test_rounds(100); i++) {
		lock_kernel();
		lock_kernel();
		EXPECT_EQ(inside++, 0);
		unlock_kernel();
		cond_resched();
		EXPECT_EQ(--inside, 0);
		unlock_kernel();
	}
	return NULL;
}

TEST(old_names_big_kernel_lock_is_one_for_all_and_nests)
{
	struct crew c = { .fn = enter_many_times, .n = 4 };

	return crew_run(&c);
}

TEST(old_names_big_kernel_lock_of_another_is_not_unlocked, .warns = "without having it")
{
	unlock_kernel();
	return NULL;
}

/* ---- CPUs, signals, barriers ---- */

TEST(old_names_masks_are_values, .cpus = 2)
{
	cpumask_t before = current->cpus_mask, mask = CPU_MASK_NONE;
	int cpu;

	EXPECT(cpus_empty(mask));
	cpu_set(1, mask);
	EXPECT(cpu_isset(1, mask) && !cpu_isset(0, mask));
	EXPECT_EQ(set_cpus_allowed(current, mask), 0);
	EXPECT_EQ(smp_processor_id(), 1);
	EXPECT_EQ(set_cpus_allowed(current, cpumask_of_cpu(0)), 0);
	EXPECT_EQ(smp_processor_id(), 0);
	set_cpus_allowed(current, before);
	cpus_clear(mask);
	EXPECT_EQ(cpus_weight(mask), 0);
	for_each_cpu_mask(cpu, cpu_online_map)
		cpu_set(cpu, mask);
	EXPECT_EQ(cpus_weight(mask), num_online_cpus());
	return NULL;
}

TEST(old_names_kill_proc_and_find_task_by_pid)
{
	EXPECT(find_task_by_pid(current->pid) == current);
	EXPECT_EQ(kill_proc(current->pid, 0, 1), 0);
	EXPECT_EQ(kill_proc(current->pid, 99, 1), -EINVAL);
	EXPECT_EQ(kill_proc(4000000, SIGTERM, 1), -ESRCH);
	return NULL;
}

TEST(old_names_barriers_and_time)
{
	unsigned long bits = 1;
	struct timeval tv;
	int x = 1;

	smp_mb__before_clear_bit();
	clear_bit(0, &bits);
	smp_mb__after_clear_bit();
	ACCESS_ONCE(x) = 2;
	EXPECT_EQ(ACCESS_ONCE(x), 2);
	do_gettimeofday(&tv);
	EXPECT_OP(get_seconds() - tv.tv_sec, <=, 1);
	EXPECT_OP(tv.tv_usec, <, 1000000);
	return NULL;
}

/* ---- timers and works ---- */

static atomic_t sum;

static void add_number(unsigned long data)
{
	atomic_add(data, &sum);
}

static void add_more(void *data)
{
	atomic_add(*(int *)data, &sum);
}

static void add_thousand(struct work_struct *work)
{
	atomic_add(1000, &sum);
}

TEST(old_names_timer_gets_its_data)
{
	struct timer_list a;
	static struct timer_list b = TIMER_INITIALIZER(add_number, 0, 10);

	atomic_set(&sum, 0);
	init_timer(&a);
	a.function = add_number;
	a.data = 1;
	a.expires = jiffies + 1;
	EXPECT(!timer_pending(&a));
	add_timer(&a);
	EXPECT(eventually(atomic_read(&sum) == 1));
	EXPECT_EQ(mod_timer(&b, jiffies + 1000 * HZ), 0);
	EXPECT_EQ(mod_timer(&b, jiffies + 1), 1);
	EXPECT(eventually(atomic_read(&sum) == 11));
	del_timer_sync(&a);
	EXPECT_EQ(del_timer_sync(&b), 0);
	return NULL;
}

TEST(old_names_works_of_both_kinds_run)
{
	static int numbers[] = { 1, 10 };
	static DECLARE_WORK(with_data, add_more, &numbers[0]);
	static DECLARE_WORK(with_work, add_thousand);
	static DECLARE_DELAYED_WORK(delayed, add_thousand);
	struct workqueue_struct *wq = create_workqueue("old");

	EXPECT(wq);
	atomic_set(&sum, 0);
	EXPECT(queue_work(wq, &with_data));
	EXPECT(queue_work(wq, &with_work));
	flush_workqueue(wq);
	EXPECT_EQ(atomic_read(&sum), 1001);
	PREPARE_WORK(&with_data, add_more, &numbers[1]);
	queue_delayed_work(wq, &with_data, 1);		/* a work that is delayed as it is: until 2.6.19 */
	queue_delayed_work(wq, &delayed, 1);
	EXPECT(eventually(atomic_read(&sum) == 2011));
	queue_delayed_work(wq, &with_data, 1000 * HZ);
	schedule_delayed_work(&delayed, 1000 * HZ);
	EXPECT(work_pending(&with_data) && delayed_work_pending(&delayed));
	EXPECT(cancel_delayed_work(&with_data));
	cancel_rearming_delayed_work(&delayed);
	EXPECT(!work_pending(&with_data) && !delayed_work_pending(&delayed));
	INIT_WORK(&with_data, add_thousand);
	EXPECT(schedule_work(&with_data));
	EXPECT(flush_work(&with_data) || true);
	EXPECT_EQ(atomic_read(&sum), 3011);
	destroy_workqueue(wq);
	workqueue_retire_idle();
	return NULL;
}
