/* SPDX-License-Identifier: MIT */
/*
 * migration/N: the thread that interrupts everything else on its CPU, and the list of what it is asked to do.
 *
 * Each CPU has a list of works with a lock of its own. The lock is never held while a work runs, nor while the thread
 * is woken: a wake-up takes the run queue's lock, and a work may want that, too.
 * Read next: sched/stop.c for the class, sched/affinity.c for its customer.
 */
#include <linux/stop_machine.h>
#include <linux/completion.h>
#include <linux/export.h>
#include <linux/kthread.h>
#include <linux/percpu.h>
#include <linux/sched/init.h>

struct cpu_stop_done {
	struct completion	completion;
	int			ret;
};

struct cpu_stopper {
	raw_spinlock_t		lock;
	struct list_head	works;	/* lock */
	struct task_struct	*thread;/* constant once made */
};

static DEFINE_PER_CPU(struct cpu_stopper, cpu_stopper);

static struct cpu_stop_work *take_work(struct cpu_stopper *stopper)
{
	struct cpu_stop_work *work = NULL;

	raw_spin_lock_irq(&stopper->lock);
	if (!list_empty(&stopper->works)) {
		work = list_first_entry(&stopper->works, struct cpu_stop_work, list);
		list_del_init(&work->list);
	}
	raw_spin_unlock_irq(&stopper->lock);
	return work;
}

static void run_work(struct cpu_stop_work *work)
{
	struct cpu_stop_done *done = work->done;
	int ret;

	preempt_disable();
	ret = work->fn(work->arg);
	preempt_enable();
	if (done) {
		done->ret = ret;
		complete(&done->completion);
	}
}

static int stopper_thread(void *arg)
{
	struct cpu_stopper *stopper = arg;
	struct cpu_stop_work *work;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		work = take_work(stopper);
		if (work) {
			__set_current_state(TASK_RUNNING);
			run_work(work);
			continue;
		}
		if (kthread_should_stop()) {
			__set_current_state(TASK_RUNNING);
			return 0;
		}
		schedule();
	}
}

static bool queue_stop_work(unsigned int cpu, struct cpu_stop_work *work)
{
	struct cpu_stopper *stopper = per_cpu_ptr(&cpu_stopper, cpu);
	unsigned long flags;

	if (!READ_ONCE(stopper->thread) || !cpu_online(cpu))
		return false;
	raw_spin_lock_irqsave(&stopper->lock, flags);
	list_add_tail(&work->list, &stopper->works);
	raw_spin_unlock_irqrestore(&stopper->lock, flags);
	wake_up_process(stopper->thread);
	return true;
}

int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg)
{
	struct cpu_stop_done done;
	struct cpu_stop_work work = { .fn = fn, .arg = arg, .done = &done };

	might_sleep();
	init_completion(&done.completion);
	if (!queue_stop_work(cpu, &work))
		return -ENOENT;
	wait_for_completion(&done.completion);
	return done.ret;
}
EXPORT_SYMBOL(stop_one_cpu);

bool stop_one_cpu_nowait(unsigned int cpu, cpu_stop_fn_t fn, void *arg, struct cpu_stop_work *work)
{
	*work = (struct cpu_stop_work){ .fn = fn, .arg = arg };
	return queue_stop_work(cpu, work);
}

int stopper_create(unsigned int cpu)
{
	struct cpu_stopper *stopper = per_cpu_ptr(&cpu_stopper, cpu);
	struct task_struct *p;

	raw_spin_lock_init(&stopper->lock);
	INIT_LIST_HEAD(&stopper->works);
	p = kthread_create_on_cpu(stopper_thread, stopper, cpu, "migration/%u");
	if (IS_ERR(p))
		return PTR_ERR(p);
	sched_set_stop_task(p);
	WRITE_ONCE(stopper->thread, p);
	return 0;
}

void stopper_start(unsigned int cpu)
{
	wake_up_process(per_cpu(cpu_stopper, cpu).thread);
}
