/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads: how they are asked for, made, stopped.
 *
 * Whoever wants a thread does not fork it himself, or it would inherit his state; he asks kthreadd, PID 2:
 *
 *	the creator			kthreadd			the new thread
 *	-----------			--------			--------------
 *	make the record, struct kthread
 *	put it on kthread_create_list
 *	wake kthreadd			take it off the list
 *	wait for `done`			copy_process(kthread, record)
 *					  failed: made = error,		runs kthread(record)
 *					  complete `done`		made = itself
 *					                		complete `done`, sleep
 *					next request
 *	... wake_up_process(made)					runs threadfn(data)
 *
 * The request is the record that the thread will have: nothing is allocated to ask, or copied by who answers. What only
 * the creator needs back, and the short name, is a struct kthread_asker on his stack.
 *
 * The creator may be killed while it waits. Then its stack must not be used any more, and somebody must free the
 * record. ORDER(create-done): both sides exchange k->asker with NULL. Who gets the pointer may use the stack behind it;
 * who gets NULL knows that the other has gone: the new thread then ends at once, and the record goes with it. The
 * creator may look at k->asker as late as he likes: a thread that was made brings a reference for him, taken before
 * its exchange, and a record that no thread was made for is given back to him.
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

static DEFINE_SPINLOCK(kthread_create_lock);
static LIST_HEAD(kthread_create_list);
struct task_struct *kthreadd_task;

/* ---- the record ---- */

static struct kthread *new_record(void)
{
	struct kthread *k = kzalloc(sizeof(*k), GFP_KERNEL);

	if (!k)
		return NULL;
	init_completion(&k->exited);
	init_completion(&k->parked);
	INIT_LIST_HEAD(&k->grave);
	return k;
}

static void free_record(struct kthread *k)
{
	kfree(k->full_name);
	kfree(k);
}

bool set_kthread_struct(struct task_struct *p)
{
	struct kthread *k = new_record();

	if (!k)
		return false;
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
	free_record(k);
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

/* The asker gave it as long as a copy is, zeros behind it: no byte needs to be looked at. */
static void take_name(struct task_struct *p, const struct kthread_asker *asker)
{
	task_lock(p);
	__builtin_memcpy(p->comm, asker->name, TASK_COMM_LEN);
	task_unlock(p);
}

/* The first thing a new kthread runs. */
static int kthread(void *record)
{
	struct kthread *self = record;
	struct kthread_asker *asker;
	long ret = -EINTR;

	self->task = current;
	get_task_struct(current);	/* the asker's, until he has read the answer */
	/* ORDER(create-done): who exchanges first owns what the other wanted. */
	asker = xchg(&self->asker, NULL);
	if (!asker) {
		/* The creator was killed and has gone. Nobody can know the thread. */
		put_task_struct(current);
		self->threadfn = NULL;
		kthread_exit(-EINTR);
	}
	current->vfork_done = &self->exited;
	take_name(current, asker);
	inherit_nothing();

	/* Sleep before the creator hears of us: he may bind us, and shall wake us. */
	__set_current_state(TASK_UNINTERRUPTIBLE);
	asker->made = current;
	preempt_disable();
	complete(&asker->done);		/* the asker is gone from here on */
	schedule_preempt_disabled();
	preempt_enable();

	if (!test_bit(KTHREAD_SHOULD_STOP, &self->flags)) {
		/* Whoever parks it from here on has it parked where it asks for that itself. */
		if (unlikely(test_bit(KTHREAD_SHOULD_PARK, &self->flags)))
			__kthread_parkme(self);
		ret = self->threadfn(self->data);
	}
	kthread_exit(ret);
}

static void create_kthread(struct kthread *k)
{
	struct kernel_clone_args args = {
		.flags = CLONE_FS | CLONE_FILES, .exit_signal = SIGCHLD, .fn = kthread, .fn_arg = k,
		.kthread = 1, .record = k,
	};
	struct task_struct *client = k->fail_client;
	struct kthread_asker *asker;
	pid_t pid;

	if (unlikely(client))
		fault_inject_serve(client);
	pid = kernel_clone(&args);
	if (unlikely(client))
		fault_inject_serve(NULL);
	if (pid > 0)
		return;
	/* ORDER(create-done): nobody was born who could answer, so we do. The record is the asker's, if he is there. */
	asker = xchg(&k->asker, NULL);
	if (!asker) {
		free_record(k);
		return;
	}
	asker->made = ERR_PTR(pid);
	complete(&asker->done);
}

/* There is one: kthreadd alone takes them off. */
static struct kthread *next_request(void)
{
	struct kthread *k;

	spin_lock(&kthread_create_lock);
	k = list_first_entry(&kthread_create_list, struct kthread, request);
	list_del_init(&k->request);
	spin_unlock(&kthread_create_lock);
	return k;
}

int kthreadd(void *unused)
{
	set_task_comm(current, "kthreadd");
	ignore_signals(current);
	current->flags |= PF_NOFREEZE;	/* its children inherit that; set_freezable() takes it off */
	for (;;) {
		/* ORDER(sleep-wake): the state before the look at the list. */
		set_current_state(TASK_INTERRUPTIBLE);
		if (list_empty(&kthread_create_list))
			schedule();
		__set_current_state(TASK_RUNNING);
		while (!list_empty(&kthread_create_list))
			create_kthread(next_request());
	}
	return 0;
}

/*
 * Give the record to kthreadd and wait. It is freed if no thread was made, but for a caller who is killed: then whoever
 * would have answered frees it.
 */
static struct task_struct *ask_kthreadd(struct kthread *k, struct kthread_asker *asker)
{
	struct task_struct *p;

	init_completion(&asker->done);
	k->asker = asker;
	k->fail_client = fault_inject_client();
	spin_lock(&kthread_create_lock);
	list_add_tail(&k->request, &kthread_create_list);
	spin_unlock(&kthread_create_lock);
	wake_up_process(kthreadd_task);
	if (unlikely(wait_for_completion_killable(&asker->done))) {
		/* ORDER(create-done): if the pointer is still there, nobody will use our stack any more. */
		if (xchg(&k->asker, NULL))
			return ERR_PTR(-EINTR);
		/* Too late: the answer is on its way. */
		wait_for_completion(&asker->done);
	}
	p = asker->made;
	if (IS_ERR(p))
		free_record(k);
	else
		put_task_struct(p);	/* it stays: it sleeps until we wake it */
	return p;
}

/* The name, cut to what a comm holds; what does not fit there as well, in memory of its own. */
static bool format_name(struct kthread *k, struct kthread_asker *asker, const char namefmt[], va_list args)
{
	va_list again;
	int len;

	__builtin_memset(asker->name, 0, sizeof(asker->name));
	va_copy(again, args);
	len = vsnprintf(asker->name, sizeof(asker->name), namefmt, args);
	if (len >= (int)sizeof(asker->name))
		k->full_name = kvasprintf(GFP_KERNEL, namefmt, again);
	va_end(again);
	return len < (int)sizeof(asker->name) || k->full_name;
}

struct task_struct *__kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
					     const char namefmt[], va_list args)
{
	struct kthread *k = new_record();
	struct kthread_asker asker;

	might_sleep();
	WARN_ONCE(node && node != NUMA_NO_NODE, "kthread_create_on_node() on node %d: there is one, 0\n", node);
	if (!k)
		return ERR_PTR(-ENOMEM);
	if (!format_name(k, &asker, namefmt, args)) {
		free_record(k);
		return ERR_PTR(-ENOMEM);
	}
	k->threadfn = threadfn;
	k->data = data;
	return ask_kthreadd(k, &asker);
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
