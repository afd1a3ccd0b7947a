/* SPDX-License-Identifier: MIT */
/*
 * How a thread is made.
 *
 * kernel_clone() makes one in two steps. copy_process() collects everything that can fail: the task_struct, the stack,
 * the kthread's record, the number; then it ties the thread into the family and the list of all, which cannot fail.
 * wake_up_new_task() puts it on a run queue.
 *
 *	             +-- task_struct --+        stack (16 KiB)
 *	usage 1 -->  | pid, state, ... |       +-------------------------+ top
 *	             | thread.sp  -----+-----> | frame for ret_from_fork |
 *	             | stack  ---------+---+   |          ...            |
 *	             +-----------------+   +-> | STACK_END_MAGIC         | guard page below
 *
 * One reference is the thread's own, and stands for two things (rcu_users): that it runs, until finish_task_switch()
 * after its last switch, and that it is known, until it is reaped (exit.c). It is dropped a grace period after both:
 * RCU's readers walk the list of all, look numbers up, and look at who runs on other CPUs (rq->curr). The last put
 * frees the struct; the stack goes already at the last switch, so a dead thread that somebody still refers to costs
 * little.
 *
 * The first thread, init_task, is a variable (init_task.c): nobody could fork it. The other idle threads are copies of
 * it without a number or a family.
 *
 * Locking: tasklist_lock for the family and to change the list; readers of the list: RCU.
 * Read next: exit.c, arch/x86/process.c, kthread.c.
 */
#include <linux/sched/task.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/kthread.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/sched/clock.h>
#include <linux/sched/init.h>
#include <linux/sched/signal.h>
#include <asm/switch_to.h>
#include <trace/events/sched.h>
#include "locking/held.h"

DEFINE_RAW_SPINLOCK(tasklist_lock);
EXPORT_SYMBOL(tasklist_lock);
int max_threads;

static struct kmem_cache *task_struct_cachep;
static unsigned int nr_threads;		/* tasklist_lock */
static unsigned long total_forks;	/* tasklist_lock */

/* ---- references ---- */

static void free_task(struct task_struct *p)
{
	free_kthread_struct(p);
	put_cred(p->cred);
	put_pid(p->thread_pid);
	p->magic = 0;
	kmem_cache_free(task_struct_cachep, p);
}

static noinline void last_reference_is_gone(struct task_struct *p)
{
	if (WARN_ONCE(!p->exit_state || p->stack, "the last reference to thread %s (%d) was dropped, but it lives: "
		      "put_task_struct() without get_task_struct()\n", p->comm, p->pid))
		return;
	trace_sched_process_free(p);
	free_task(p);
}

void put_task_struct(struct task_struct *p)
{
	if (unlikely(refcount_dec_and_test(&p->usage)))
		last_reference_is_gone(p);
}
EXPORT_SYMBOL(put_task_struct);

static void delayed_put_task_struct(struct rcu_head *rcu)
{
	put_task_struct(container_of(rcu, struct task_struct, rcu));
}

void put_task_struct_rcu_user(struct task_struct *p)
{
	if (refcount_dec_and_test(&p->rcu_users))
		call_rcu(&p->rcu, delayed_put_task_struct);
}

static unsigned long magic_of(const struct task_struct *p)
{
	return (unsigned long)p ^ TASK_MAGIC;
}

bool is_task_struct(const struct task_struct *p)
{
	if (IS_ERR_OR_NULL(p) || (unsigned long)p % sizeof(long))
		return false;
	return p == &init_task || (virt_addr_valid(p) && READ_ONCE(p->magic) == magic_of(p));
}

/* ---- making one ---- */

static struct task_struct *dup_task_struct(struct task_struct *orig)
{
	struct task_struct *p = kmem_cache_alloc(task_struct_cachep, GFP_KERNEL);
	void *stack;

	if (!p)
		return NULL;
	stack = alloc_thread_stack();
	if (!stack) {
		kmem_cache_free(task_struct_cachep, p);
		return NULL;
	}
	*p = *orig;
	get_cred(p->cred);
	*(unsigned long *)stack = STACK_END_MAGIC;
	*thread_stack_owner(stack) = p;
	p->stack = stack;
	p->magic = magic_of(p);
	p->thread_info.flags = 0;
	refcount_set(&p->usage, 1);
	refcount_set(&p->rcu_users, 2);
	return p;
}

static void free_unborn(struct task_struct *p, const struct kernel_clone_args *args)
{
	if (!args->record)
		free_kthread_struct(p);
	put_cred(p->cred);
	free_thread_stack(p->stack);
	p->magic = 0;
	kmem_cache_free(task_struct_cachep, p);
}

/* Everything of p that needs no lock and cannot fail. */
static void init_task_fields(struct task_struct *p, struct kernel_clone_args *args)
{
	p->flags &= ~(PF_KTHREAD | PF_IDLE | PF_EXITING | PF_NO_SETAFFINITY | PF_WQ_WORKER | PF_SUSPEND_TASK);
	if (args->kthread)
		p->flags |= PF_KTHREAD;
	p->exit_signal = args->exit_signal;
	p->exit_state = p->exit_code = 0;
	p->waits_for_child = false;
	copy_signals(p);
	spin_lock_init(&p->alloc_lock);
	p->vfork_done = NULL;
	p->output = NULL;
	p->fail_nth = 0;
	p->fail_client = NULL;
	p->start_time = local_clock();
	p->last_switch = p->start_time;
	p->group_leader = p;
	INIT_LIST_HEAD(&p->children);
	INIT_LIST_HEAD(&p->sibling);
	INIT_LIST_HEAD(&p->tasks);
	INIT_LIST_HEAD(&p->thread_group);
	locks_init_task(p);
	p->hung_told = 0;
	sched_fork(p);
	copy_thread(&p->thread, p->stack, args->fn, args->fn_arg);
}

static void join_family(struct task_struct *p, u64 clone_flags)
{
	struct task_struct *parent = current;
	unsigned long flags;

	raw_spin_lock_irqsave(&tasklist_lock, flags);
	if (clone_flags & CLONE_PARENT)
		parent = current->real_parent;
	p->real_parent = p->parent = parent;
	list_add_tail(&p->sibling, &parent->children);
	list_add_tail_rcu(&p->tasks, &init_task.tasks);
	attach_pid(p->thread_pid, p);
	nr_threads++;
	total_forks++;
	raw_spin_unlock_irqrestore(&tasklist_lock, flags);
}

struct task_struct *copy_process(struct pid *pid, int node, struct kernel_clone_args *args)
{
	struct task_struct *p;

	if (READ_ONCE(nr_threads) >= max_threads)
		return ERR_PTR(-EAGAIN);
	p = dup_task_struct(current);
	if (!p)
		return ERR_PTR(-ENOMEM);
	p->worker_private = args->record;
	if (args->kthread && !args->record && !set_kthread_struct(p)) {
		free_unborn(p, args);
		return ERR_PTR(-ENOMEM);
	}
	init_task_fields(p, args);
	if (args->idle) {
		p->thread_pid = get_pid(&init_struct_pid);
		p->pid = p->tgid = 0;
		p->real_parent = p->parent = &init_task;
		return p;
	}
	if (!pid)
		pid = alloc_pid();
	if (IS_ERR(pid)) {
		free_unborn(p, args);
		return ERR_CAST(pid);
	}
	p->thread_pid = pid;
	p->pid = p->tgid = pid->nr;
	join_family(p, args->flags);
	trace_sched_process_fork(current, p);
	return p;
}

pid_t kernel_clone(struct kernel_clone_args *args)
{
	struct task_struct *p;
	pid_t nr;

	might_sleep();
	p = copy_process(NULL, 0, args);
	if (IS_ERR(p))
		return PTR_ERR(p);
	nr = p->pid;
	wake_up_new_task(p);
	return nr;
}

pid_t kernel_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	struct kernel_clone_args args = {
		.flags = flags & ~CSIGNAL, .exit_signal = flags & CSIGNAL, .fn = fn, .fn_arg = arg, .kthread = 1,
	};

	return kernel_clone(&args);
}

pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	struct kernel_clone_args args = {
		.flags = flags & ~CSIGNAL, .exit_signal = flags & CSIGNAL, .fn = fn, .fn_arg = arg,
	};

	return kernel_clone(&args);
}

long do_fork(unsigned long clone_flags, int (*fn)(void *), void *arg)
{
	return kernel_thread(fn, arg, clone_flags);
}

static int idle_dummy(void *unused)
{
	BUG();	/* an idle thread starts at its CPU's entry, not here */
	return 0;
}

struct task_struct *fork_idle(int cpu)
{
	struct kernel_clone_args args = { .fn = idle_dummy, .idle = 1 };
	struct task_struct *p = copy_process(&init_struct_pid, 0, &args);

	if (!IS_ERR(p)) {
		p->flags |= PF_KTHREAD;
		init_idle(p, cpu);
	}
	return p;
}

/* ---- names and numbers ---- */

void set_task_comm(struct task_struct *p, const char *name)
{
	task_lock(p);
	strscpy(p->comm, name, sizeof(p->comm));
	task_unlock(p);
}

char *__get_task_comm(char *buf, size_t size, struct task_struct *p)
{
	task_lock(p);
	strscpy(buf, p->comm, size);
	task_unlock(p);
	return buf;
}
EXPORT_SYMBOL_GPL(__get_task_comm);

unsigned int nr_threads_now(void)
{
	return READ_ONCE(nr_threads);
}

unsigned long nr_processes_ever(void)
{
	return READ_ONCE(total_forks);
}

int get_nr_threads(struct task_struct *p)
{
	return 1;
}
EXPORT_SYMBOL(get_nr_threads);

/* exit.c: p has left the list. */
void task_forgotten(void)
{
	lockdep_assert_held(&tasklist_lock);
	nr_threads--;
}

void __init fork_init(void)
{
	init_task.magic = magic_of(&init_task);
	init_task.cred = &init_cred;
	init_task.start_time = 0;
	cpumask_copy(&init_task.cpus_mask, cpu_possible_mask);
	task_struct_cachep = kmem_cache_create("task_struct", sizeof(struct task_struct), 0,
					       SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	/* As many as memory can hold at all; pid_max ends most machines' appetite earlier. */
	max_threads = min_t(unsigned long, totalram_pages() / (THREAD_SIZE / PAGE_SIZE), INT_MAX);
}
