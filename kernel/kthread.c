/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: how they are asked for, made, stopped.
 *
 * Whoever wants a thread does not fork it himself, or it would inherit his state; he asks kthreadd, PID 2:
 *
 *	the creator			kthreadd			the new thread
 *	-----------			--------			--------------
 *	fill kthread_create_info
 *	put it on kthread_create_list
 *	wake kthreadd			take it off the list
 *	wait for `done`			kernel_thread(kthread, info)
 *					  failed: result = error,	runs kthread(info)
 *					  complete `done`		result = itself
 *					                		complete `done`, sleep
 *	task = result, free info	next request
 *	... wake_up_process(task)					runs threadfn(data)
 *
 * The creator may be killed while it waits. Then its completion, on its stack, must not be used any more, and somebody
 * must free the info. ORDER(create-done): both sides exchange info->done with NULL. Who gets the pointer may use the
 * completion; who gets NULL knows that the other has gone, and frees the info.
 *
 * Where it runs: a thread made here may run on every CPU. kthread_bind() ties it down before its first wake-up, and
 * user space may not change that. The exception is a CPU that goes away: what was bound to it is set free, with a
 * message, but for the per-CPU threads, which park (kthread_park.c, smpboot.c).
 *
 * Locking: kthread_create_lock for the list; struct kthread's flags are atomic bits.
 * Read next: kthread_stop.c, kthread_park.c; fork.c, sched/completion.c.
 */
#include "kthread.h"
#include <linux/export.h>
#include <linux/fault-inject.h>
#include <linux/kernel.h>
#include <linux/sched/init.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/upcall.h>

struct kthread_create_info {
	/* The creator's; constant while queued. */
	char			*full_name;
	int			(*threadfn)(void *data);
	void			*data;
	int			node;
	struct task_struct	*fail_client;	/* fault injection: whose allocations these are */

	struct task_struct	*result;	/* written before `done` is completed */
	struct completion	*done;		/* ORDER(create-done) */
	struct list_head	list;		/* kthread_create_lock */
};

static DEFINE_SPINLOCK(kthread_create_lock);
static LIST_HEAD(kthread_create_list);
struct task_struct *kthreadd_task;

/* ---- the record ---- */

bool set_kthread_struct(struct task_struct *p)
{
	struct kthread *k = kzalloc(sizeof(*k), GFP_KERNEL);

	if (!k)
		return false;
	init_completion(&k->exited);
	init_completion(&k->parked);
	INIT_LIST_HEAD(&k->grave);
	k->task = p;
	p->worker_private = k;
	return true;
}

void free_kthread_struct(struct task_struct *p)
{
	struct kthread *k = find_kthread(p);

	if (!k)
		return;
	p->worker_private = NULL;
	kfree(k->full_name);
	kfree(k);
}

void get_kthread_comm(char *buf, size_t size, struct task_struct *p)
{
	struct kthread *k = find_kthread(p);

	strscpy(buf, k && k->full_name ? k->full_name : p->comm, size);
}
EXPORT_SYMBOL(get_kthread_comm);

void *kthread_data(struct task_struct *p)
{
	struct kthread *k = to_kthread(p);

	return k ? k->data : NULL;
}
EXPORT_SYMBOL(kthread_data);

void *kthread_probe_data(struct task_struct *p)
{
	struct kthread *k = find_kthread(p);

	return k ? k->data : NULL;
}

void *kthread_func(struct task_struct *p)
{
	struct kthread *k = find_kthread(p);

	return k ? k->threadfn : NULL;
}
EXPORT_SYMBOL(kthread_func);

/* ---- being born ---- */

/* kthreadd may run at another priority or on other CPUs than its children shall. Mostly it does not. */
static void inherit_nothing(void)
{
	static const struct sched_param param = { .sched_priority = 0 };

	if (current->policy != SCHED_NORMAL)
		sched_setscheduler_nocheck(current, SCHED_NORMAL, &param);
	if (!cpumask_equal(current->cpus_ptr, cpu_possible_mask))
		set_cpus_allowed_ptr(current, cpu_possible_mask);
}

/* The first thing a new kthread runs. */
static int kthread(void *_create)
{
	struct kthread_create_info *create = _create;
	struct kthread *self = to_kthread(current);
	struct completion *done;
	long ret = -EINTR;

	/* ORDER(create-done): who exchanges first owns what the other wanted. */
	done = xchg(&create->done, NULL);
	if (!done) {
		/* The creator was killed and has gone. */
		kfree(create->full_name);
		kfree(create);
		kthread_exit(-EINTR);
	}
	current->vfork_done = &self->exited;
	self->full_name = create->full_name;
	self->threadfn = create->threadfn;
	self->data = create->data;
	set_task_comm(current, self->full_name);
	inherit_nothing();

	/* Sleep before the creator hears of us: he may bind us, and shall wake us. */
	__set_current_state(TASK_UNINTERRUPTIBLE);
	create->result = current;
	preempt_disable();
	complete(done);		/* the creator frees `create` from here on */
	schedule_preempt_disabled();
	preempt_enable();

	if (!test_bit(KTHREAD_SHOULD_STOP, &self->flags)) {
		__kthread_parkme(self);
		ret = self->threadfn(self->data);
	}
	kthread_exit(ret);
}

static void create_kthread(struct kthread_create_info *create)
{
	struct completion *done;
	pid_t pid;

	fault_inject_serve(create->fail_client);
	pid = kernel_thread(kthread, create, CLONE_FS | CLONE_FILES | SIGCHLD);
	fault_inject_serve(NULL);
	if (pid > 0)
		return;
	/* ORDER(create-done): nobody was born who could answer, so we do. */
	done = xchg(&create->done, NULL);
	kfree(create->full_name);
	if (!done) {
		kfree(create);
		return;
	}
	create->result = ERR_PTR(pid);
	complete(done);
}

static struct kthread_create_info *next_request(void)
{
	struct kthread_create_info *create = NULL;

	spin_lock(&kthread_create_lock);
	if (!list_empty(&kthread_create_list)) {
		create = list_first_entry(&kthread_create_list, struct kthread_create_info, list);
		list_del_init(&create->list);
	}
	spin_unlock(&kthread_create_lock);
	return create;
}

int kthreadd(void *unused)
{
	struct kthread_create_info *create;

	set_task_comm(current, "kthreadd");
	ignore_signals(current);
	current->flags |= PF_NOFREEZE;	/* its children inherit that; set_freezable() takes it off */
	for (;;) {
		/* ORDER(sleep-wake): the state before the look at the list. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (list_empty(&kthread_create_list))
			schedule();
		__set_current_state(TASK_RUNNING);
		while ((create = next_request()))
			create_kthread(create);
	}
	return 0;
}

/* Give the request to kthreadd and wait. Frees `create`, unless the caller is killed: then whoever answers frees it. */
static struct task_struct *ask_kthreadd(struct kthread_create_info *create)
{
	DECLARE_COMPLETION_ONSTACK(done);
	struct task_struct *p;

	create->done = &done;
	create->fail_client = fault_inject_client();
	spin_lock(&kthread_create_lock);
	list_add_tail(&create->list, &kthread_create_list);
	spin_unlock(&kthread_create_lock);
	wake_up_process(kthreadd_task);
	if (unlikely(wait_for_completion_killable(&done))) {
		/* ORDER(create-done): if the pointer is still there, nobody will use our stack any more. */
		if (xchg(&create->done, NULL))
			return ERR_PTR(-EINTR);
		/* Too late: the answer is on its way. */
		wait_for_completion(&done);
	}
	p = create->result;
	kfree(create);
	return p;
}

struct task_struct *__kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					     const char namefmt[], va_list args)
{
	struct kthread_create_info *create = kmalloc(sizeof(*create), GFP_KERNEL);

	might_sleep();
	WARN_ONCE(node && node != NUMA_NO_NODE, "kthread_create_on_node() on node %d: there is one, 0\n", node);
	if (!create)
		return ERR_PTR(-ENOMEM);
	create->full_name = kvasprintf(GFP_KERNEL, namefmt, args);
	if (!create->full_name) {
		kfree(create);
		return ERR_PTR(-ENOMEM);
	}
	create->threadfn = threadfn;
	create->data = data;
	create->node = node;
	return ask_kthreadd(create);
}
EXPORT_SYMBOL(kthread_create_on_node);

struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					   const char namefmt[], ...)
{
	struct task_struct *p;
	va_list args;

	va_start(args, namefmt);
	p = __kthread_create_on_node(threadfn, data, node, namefmt, args);
	va_end(args);
	return p;
}

/* ---- where it may run ---- */

void kthread_bind_mask(struct task_struct *p, const struct cpumask *mask)
{
	if (WARN_ONCE(!wait_task_inactive(p, TASK_UNINTERRUPTIBLE), "thread %s (%d) is bound after it was woken: bind "
		      "it between kthread_create() and wake_up_process()\n", p->comm, p->pid))
		return;
	kthread_set_cpus(p, mask);
}
EXPORT_SYMBOL(kthread_bind_mask);

void kthread_bind(struct task_struct *p, unsigned int cpu)
{
	if (WARN_ONCE(cpu >= nr_cpu_ids || !cpu_possible(cpu), "thread %s is bound to CPU %u, which does not exist\n",
		      p->comm, cpu))
		return;
	kthread_bind_mask(p, cpumask_of(cpu));
}
EXPORT_SYMBOL(kthread_bind);

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *namefmt)
{
	struct task_struct *p;

	if (cpu >= nr_cpu_ids || !cpu_possible(cpu))
		return ERR_PTR(-EINVAL);
	p = kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, cpu);
	if (IS_ERR(p))
		return p;
	kthread_bind(p, cpu);
	find_kthread(p)->cpu = cpu;
	return p;
}
EXPORT_SYMBOL(kthread_create_on_cpu);
