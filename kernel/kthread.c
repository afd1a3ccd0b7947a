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
 * Stopping: kthread_stop() sets a bit, wakes the thread, waits for its `exited` completion, and reads its result. All
 * that lies in struct kthread, which lives as long as the task_struct; so the stopper must have a reference, and takes
 * one. ORDER(should-stop): the bit is set before the wake-up; a thread that sets its state, then tests the bit, sees it
 * or is woken.
 *
 * A thread that ended by itself, and that somebody then stops without having kept a reference, is the most common
 * mistake of all. Linux then works on freed memory. Here the last GRAVES of such threads are kept, each without its
 * stack, and kthread_stop() finds its thread there and explains.
 *
 * Locking: kthread_create_lock for the list; graves_lock for the graves; struct kthread's flags are atomic bits.
 * Read next: fork.c, sched/completion.c.
 */
#include <linux/kthread.h>
#include <linux/completion.h>
#include <linux/kernel.h>
#include <linux/sched/init.h>
#include <linux/sched/shake.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/upcall.h>

#define GRAVES	64

struct kthread_create_info {
	/* The creator's; constant while queued. */
	char			*full_name;
	int			(*threadfn)(void *data);
	void			*data;
	int			node;

	struct task_struct	*result;	/* written before `done` is completed */
	struct completion	*done;		/* ORDER(create-done) */
	struct list_head	list;		/* kthread_create_lock */
};

/* What a kthread has beyond other threads. task->worker_private. */
struct kthread {
	unsigned long		flags;		/* atomic bits */
	unsigned int		cpu;
	long			result;		/* self, before `exited` is completed */
	int			(*threadfn)(void *);
	void			*data;
	char			*full_name;
	struct completion	parked;
	struct completion	exited;
	struct task_struct	*task;
	struct list_head	grave;		/* graves_lock; empty while it is not there */
	bool			kept;		/* self, when it ends: somebody holds a reference */
};

enum { KTHREAD_SHOULD_STOP, KTHREAD_SHOULD_PARK };

static DEFINE_SPINLOCK(kthread_create_lock);
static LIST_HEAD(kthread_create_list);
struct task_struct *kthreadd_task;

static DEFINE_RAW_SPINLOCK(graves_lock);
static LIST_HEAD(graves);
static unsigned int nr_graves;

static struct kthread *to_kthread(struct task_struct *p)
{
	WARN_ON_ONCE(!(p->flags & PF_KTHREAD) || !p->worker_private);
	return p->worker_private;
}

/* The calling thread's, or a WARN and NULL: the caller is not a kthread. */
static struct kthread *self_kthread(const char *caller)
{
	struct kthread *k = current->worker_private;

	WARN_ONCE(!(current->flags & PF_KTHREAD) || !k, "%s() was called by %s (%d), which is not a kthread\n",
		  caller, current->comm, current->pid);
	return (current->flags & PF_KTHREAD) ? k : NULL;
}

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
	struct kthread *k = (p->flags & PF_KTHREAD) ? p->worker_private : NULL;

	if (!k)
		return;
	p->worker_private = NULL;
	kfree(k->full_name);
	kfree(k);
}

void get_kthread_comm(char *buf, size_t size, struct task_struct *p)
{
	struct kthread *k = (p->flags & PF_KTHREAD) ? p->worker_private : NULL;

	strscpy(buf, k && k->full_name ? k->full_name : p->comm, size);
}

void *kthread_data(struct task_struct *p)
{
	return to_kthread(p)->data;
}

void *kthread_probe_data(struct task_struct *p)
{
	struct kthread *k = (p->flags & PF_KTHREAD) ? p->worker_private : NULL;

	return k ? k->data : NULL;
}

void *kthread_func(struct task_struct *p)
{
	return (p->flags & PF_KTHREAD) && p->worker_private ? to_kthread(p)->threadfn : NULL;
}

/* ---- being born ---- */

/* The first thing a new kthread runs. */
static int kthread(void *_create)
{
	static const struct sched_param param = { .sched_priority = 0 };
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
	/* kthreadd may run at another priority or on other CPUs than its children shall. */
	sched_setscheduler_nocheck(current, SCHED_NORMAL, &param);
	set_cpus_allowed_ptr(current, cpu_possible_mask);

	/* Sleep before the creator hears of us: he may bind us, and shall wake us. */
	__set_current_state(TASK_UNINTERRUPTIBLE);
	create->result = current;
	preempt_disable();
	complete(done);		/* the creator frees `create` from here on */
	schedule_preempt_disabled();
	preempt_enable();

	if (!test_bit(KTHREAD_SHOULD_STOP, &self->flags)) {
		if (kthread_should_park())
			kthread_parkme();
		ret = self->threadfn(self->data);
	}
	kthread_exit(ret);
}

static void create_kthread(struct kthread_create_info *create)
{
	struct completion *done;
	pid_t pid = kernel_thread(kthread, create, CLONE_FS | CLONE_FILES | SIGCHLD);

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

void kthread_bind(struct task_struct *p, unsigned int cpu)
{
	if (WARN_ONCE(cpu >= nr_cpu_ids || !cpu_possible(cpu), "thread %s is bound to CPU %u, which does not exist\n",
		      p->comm, cpu))
		return;
	kthread_bind_mask(p, cpumask_of(cpu));
}

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
	to_kthread(p)->cpu = cpu;
	return p;
}

/* ---- parking ---- */

bool kthread_should_park(void)
{
	struct kthread *self = self_kthread(__func__);

	return self && test_bit(KTHREAD_SHOULD_PARK, &self->flags);
}

void kthread_parkme(void)
{
	struct kthread *self = self_kthread(__func__);

	while (self) {
		/* A special state: an ordinary wake-up must not end it. */
		set_special_state(TASK_PARKED);
		if (!test_bit(KTHREAD_SHOULD_PARK, &self->flags))
			break;
		preempt_disable();
		complete(&self->parked);
		schedule_preempt_disabled();
		preempt_enable();
	}
	__set_current_state(TASK_RUNNING);
}

void kthread_unpark(struct task_struct *p)
{
	struct kthread *k = to_kthread(p);

	if (!k)
		return;
	clear_bit(KTHREAD_SHOULD_PARK, &k->flags);
	wake_up_state(p, TASK_PARKED);
}

int kthread_park(struct task_struct *p)
{
	struct kthread *k = to_kthread(p);

	if (!k)
		return -EINVAL;
	if (WARN_ON(p->flags & PF_EXITING))
		return -ENOSYS;
	if (WARN_ON_ONCE(test_and_set_bit(KTHREAD_SHOULD_PARK, &k->flags)))
		return -EBUSY;
	if (p != current) {
		wake_up_process(p);
		wait_for_completion(&k->parked);
		/* Its end answers, too, so that nobody waits for ever. */
		if (p->flags & PF_EXITING)
			return -ENOSYS;
		/* It has said so; now wait until it is really off its CPU. */
		WARN_ON_ONCE(!wait_task_inactive(p, TASK_PARKED));
	}
	return 0;
}

/* ---- ending ---- */

bool kthread_should_stop(void)
{
	struct kthread *self = self_kthread(__func__);

	return self && test_bit(KTHREAD_SHOULD_STOP, &self->flags);
}

bool __kthread_should_stop(struct task_struct *p)
{
	return test_bit(KTHREAD_SHOULD_STOP, &to_kthread(p)->flags);
}

bool kthread_should_stop_or_park(void)
{
	struct kthread *k = current->worker_private;

	return (current->flags & PF_KTHREAD) && k &&
	       (READ_ONCE(k->flags) & (BIT(KTHREAD_SHOULD_STOP) | BIT(KTHREAD_SHOULD_PARK)));
}

void __noreturn kthread_exit(long result)
{
	struct kthread *self = self_kthread(__func__);

	if (self)
		self->result = result;
	do_exit(0);
}

void __noreturn kthread_complete_and_exit(struct completion *comp, long code)
{
	if (comp)
		complete(comp);
	kthread_exit(code);
}

static struct task_struct *take_oldest_grave(unsigned int keep)
{
	struct task_struct *p = NULL;
	struct kthread *k;
	unsigned long flags;

	raw_spin_lock_irqsave(&graves_lock, flags);
	if (nr_graves > keep) {
		k = list_first_entry(&graves, struct kthread, grave);
		list_del_init(&k->grave);
		nr_graves--;
		p = k->task;
	}
	raw_spin_unlock_irqrestore(&graves_lock, flags);
	return p;
}

static void forget_graves(unsigned int keep)
{
	struct task_struct *p;

	while ((p = take_oldest_grave(keep)))
		put_task_struct(p);
}

void kthread_forget_dead(void)
{
	forget_graves(0);
}

/* From do_exit(): a kthread that nobody has asked to stop is kept for a while, in case somebody will. */
void kthread_will_exit(struct task_struct *p)
{
	struct kthread *k = (p->flags & PF_KTHREAD) ? p->worker_private : NULL;

	if (!k)
		return;
	complete_all(&k->parked);
	if (!k->threadfn || test_bit(KTHREAD_SHOULD_STOP, &k->flags))
		return;
	/* Its own two references: for running and for being known. */
	k->kept = refcount_read(&p->usage) > 2;
	get_task_struct(p);
	raw_spin_lock_irq(&graves_lock);
	list_add_tail(&k->grave, &graves);
	nr_graves++;
	raw_spin_unlock_irq(&graves_lock);
	forget_graves(GRAVES);
}

/* Out of its grave, with the reference that kept it there. */
static bool exhume(struct kthread *k)
{
	unsigned long flags;
	bool found;

	raw_spin_lock_irqsave(&graves_lock, flags);
	found = !list_empty(&k->grave);
	if (found) {
		list_del_init(&k->grave);
		nr_graves--;
	}
	raw_spin_unlock_irqrestore(&graves_lock, flags);
	return found;
}

/* What nobody can stop is refused with a sentence. Return: 0 if p may be stopped. */
static int check_may_stop(struct task_struct *p)
{
	if (WARN(!is_task_struct(p), "kthread_stop(%px): this is not a thread. If it was one, it ended by itself and "
		 "its task_struct is freed: keep a reference with get_task_struct() before it can end\n", p))
		return -ESRCH;
	if (WARN(p == current, "thread %s (%d) calls kthread_stop() on itself: it would wait for its own end for ever. "
		 "Return from the thread function instead\n", p->comm, p->pid))
		return -EDEADLK;
	if (WARN(!(p->flags & PF_KTHREAD) || !p->worker_private || !to_kthread(p)->threadfn,
		 "kthread_stop() on %s (%d), which kthread_create() has not made\n", p->comm, p->pid))
		return -EINVAL;
	return 0;
}

int kthread_stop(struct task_struct *p)
{
	struct kthread *k;
	int ret;

	might_sleep();
	ret = check_may_stop(p);
	if (ret)
		return ret;
	get_task_struct(p);
	k = to_kthread(p);
	/* ORDER(should-stop): the bit, then the wake-up (a full barrier); the thread: its state, then the bit. */
	set_bit(KTHREAD_SHOULD_STOP, &k->flags);
	kthread_unpark(p);
	wake_up_process(p);
	shake_point();
	wait_for_completion(&k->exited);
	ret = k->result;
	if (exhume(k)) {
		WARN(!k->kept, "thread %s (%d) had ended by itself (it returned %d) when "
		     "kthread_stop() was called, and nobody kept a reference: on Linux this is a use after free. Call "
		     "get_task_struct() before the thread can end, or let it wait for kthread_should_stop()\n",
		     p->comm, p->pid, ret);
		put_task_struct(p);
	}
	put_task_struct(p);
	return ret;
}
