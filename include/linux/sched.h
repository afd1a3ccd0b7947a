/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The thread: struct task_struct, its states, and what threads do with the scheduler.
 *
 * To make a thread, use <linux/kthread.h>. To wait for something, use <linux/wait.h> or <linux/completion.h>; the bare
 * set_current_state()/schedule() pair below is for those who write such things, or for a thread that is woken by name.
 * Semantics: Linux's Documentation/scheduler and driver-api/basics.
 * Differs from Linux: each thread is a process of its own, so get_nr_threads() is 1; task_struct has no fields for user
 * space (mm, files, cred); the io_ forms of sleeping count nothing; fair threads whose virtual times differ by less
 * than 65 us may run in the order in which they came.
 */
#include <linux/types.h>
#include <linux/param.h>
#include <linux/threads.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/bug.h>
#include <linux/spinlock.h>
#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/signal.h>
#include <linux/thread_info.h>
#include <linux/sched/types.h>
#include <asm/processor.h>
#include <asm/current.h>

/*
 * States. `__state` says what the thread intends (run, or sleep until woken by a wake-up that names its kind of sleep);
 * `exit_state` how far it has come in dying. The legal transitions stand in kernel/sched/sched.h.
 */
#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define __TASK_STOPPED		0x0004
#define __TASK_TRACED		0x0008
#define EXIT_DEAD		0x0010
#define EXIT_ZOMBIE		0x0020
#define TASK_PARKED		0x0040
#define TASK_DEAD		0x0080
#define TASK_WAKEKILL		0x0100
#define TASK_WAKING		0x0200
#define TASK_NOLOAD		0x0400
#define TASK_NEW		0x0800
#define TASK_FREEZABLE		0x2000	/* added to ordinary sleep: may be frozen in it */
#define TASK_WAIT_LOOP		0x4000	/* added to it by wait_event*(): tests its condition whenever it wakes */
#define TASK_FROZEN		0x8000
#define TASK_STATE_MAX		0x10000
#define TASK_ANY		(TASK_STATE_MAX - 1)
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)

/* task_struct.flags, with Linux's values. Self only, but for PF_KTHREAD and PF_IDLE, constant from the birth on. */
#define PF_IDLE			0x00000002
#define PF_EXITING		0x00000004
#define PF_WQ_WORKER		0x00000020
#define PF_MEMALLOC		0x00000800
#define PF_NOFREEZE		0x00008000
#define PF_KTHREAD		0x00200000
#define PF_NO_SETAFFINITY	0x04000000
#define PF_SUSPEND_TASK		0x80000000	/* has frozen the others */

#define TASK_COMM_LEN		16

/* Marks functions that put a thread to sleep for their caller; get_wchan() looks behind them. */
#define __sched	__section(".sched.text")

struct completion;
struct cred;
struct pid;
struct owned_lock;
struct rt_mutex_waiter;
struct sched_class;
struct rq;

struct load_weight {
	unsigned long	weight;
	u32		inv_weight;
};

/* A thread's place in the fair class. Lock: rq. */
struct sched_entity {
	struct list_head	line_node;	/* where it waits: in the line, or in the tree */
	struct rb_node		run_node;
	struct load_weight	load;
	bool			in_line;
	unsigned int		on_rq;
	u64			exec_start;
	u64			sum_exec_runtime;
	u64			vruntime;
	u64			prev_sum_exec_runtime;
	u64			nr_migrations;
};

/* A thread's place in the real-time class. Lock: rq. */
struct sched_rt_entity {
	struct list_head	run_list;
	unsigned int		time_slice;
	unsigned int		on_rq;
};

/* What a thread wants of each signal: it is in one of the sets, or in none: SIG_DFL. Lock: siglock. */
struct sighand_struct {
	spinlock_t		siglock;
	sigset_t		ignored;	/* SIG_IGN */
	sigset_t		kthread;	/* SIG_KTHREAD */
	sigset_t		kthread_kernel;	/* SIG_KTHREAD_KERNEL */
};

struct sigpending {
	sigset_t		signal;
};

struct task_struct {
	/* Lock-free under a named ordering. */
	struct thread_info	thread_info;	/* first: low-level code finds it at the task's address */
	unsigned int		__state;	/* self; wakers under pi_lock. ORDER(sleep-wake) */
	int			on_cpu;		/* set by its CPU, cleared after the switch. ORDER(on-cpu) */
	int			on_rq;		/* 0, TASK_ON_RQ_QUEUED, TASK_ON_RQ_MIGRATING: rq lock. ORDER(on-rq) */
	unsigned int		flags;		/* PF_*: self only */

	/* Constant from publication on. */
	void			*stack;		/* lowest address; NULL once given back */
	pid_t			pid;
	pid_t			tgid;
	struct pid		*thread_pid;
	u64			start_time;	/* ns since boot */
	int			exit_signal;
	unsigned long		magic;		/* its own address, scrambled: is this (still) a task? */

	/* rq lock and pi_lock to write, either to read. */
	int			prio;
	int			static_prio;
	int			normal_prio;
	unsigned int		rt_priority;
	unsigned int		policy;
	bool			sched_reset_on_fork;
	const struct sched_class *sched_class;
	cpumask_t		cpus_mask;
	const cpumask_t		*cpus_ptr;	/* &cpus_mask, always */
	int			nr_cpus_allowed;

	int			pi_prio;	/* borrowed from who waits for it; MAX_PRIO: nothing */

	/* pi_lock_all (kernel/locking/rtmutex.c). */
	struct rb_root_cached	pi_waiters;	/* the best waiter of each rt_mutex that it owns */
	struct rt_mutex_waiter	*pi_blocked_on;
	struct task_struct	*pi_top_task;	/* from whom it borrows; for messages */

	/* rq lock. */
	struct sched_entity	se;
	struct sched_rt_entity	rt;
	struct thread_struct	thread;		/* the saved stack pointer; only the switch touches it */
	bool			counts_as_load;	/* its sleep is uninterruptible, and counted: loadavg.c */
	u64			last_switch;	/* ns: when it last got or left a CPU */
	unsigned long		nvcsw;		/* times it gave the CPU up by itself */
	unsigned long		nivcsw;		/* times it was preempted */

	/* pi_lock: a wake-up in progress, and everything that decides where the thread may run. */
	raw_spinlock_t		pi_lock;
	int			wake_cpu;

	/* pi_lock to write but for 0, which a wake-up that finds it awake may write (kernel/sched/lost_wakeup.c). */
	unsigned long		probed;		/* nvcsw of the sleep that was ended to see why, PROBED added; or 0 */
	u64			probed_since;	/* ns: when that sleep began, as its waiter sees it */

	/* tasklist_lock; tasks is walked under RCU, too. */
	struct list_head	tasks;
	struct task_struct	*real_parent;
	struct task_struct	*parent;	/* the same; there is no tracer */
	struct list_head	children;
	struct list_head	sibling;
	struct task_struct	*group_leader;	/* itself: every thread is a process of its own */
	struct list_head	thread_group;	/* of itself alone; Linux's GDB scripts go along it */
	int			exit_state;
	int			exit_code;
	bool			waits_for_child;	/* asleep in kernel_wait4() */

	/* sighand->siglock. */
	struct sigpending	pending;
	sigset_t		blocked;
	struct sighand_struct	own_sighand;
	struct sighand_struct	*sighand;	/* constant: &own_sighand */

	const struct cred	*cred;		/* self; others read it under RCU */

	/* alloc_lock: task_lock(). */
	spinlock_t		alloc_lock;
	char			comm[TASK_COMM_LEN];

	/* Self only. */
	struct completion	*vfork_done;	/* completed when the thread is past all use of its memory */
	unsigned int		fail_nth;	/* <linux/fault-inject.h>; kthreadd's while it serves us */
	bool			make_it_fail;
	struct task_struct	*fail_client;	/* whose allocations ours are now; NULL: our own */
	void			*worker_private;/* struct kthread of a kthread */
	struct thread_output	*output;	/* where console_write() goes; NULL: to the consoles */

	struct owned_lock	*held_locks;	/* that sleep, the innermost first (kernel/locking/held.c) */
	unsigned int		read_holds;	/* rwsems that it holds for reading */

#ifdef CONFIG_LOCKDEP
	int			lockdep_depth;	/* interrupts off; so is the list */
	int			lockdep_missed;	/* lockings that were not seen */
	struct lockdep_held	lockdep_held[LOCKDEP_HELD_MAX];	/* all locks, the oldest first */
#endif

	/* blocked_lock. */
	raw_spinlock_t		blocked_lock;
	struct owned_lock	*blocked_on;	/* it sleeps until it gets this */
	bool			blocked_told;	/* it is in a circle that was reported */
	struct task_struct	*stops;		/* self: kthread_stop() waits for this one's end, and holds it */
	u64			hung_told;	/* khungtaskd only: the last_switch of the sleep that it has reported */

	/* Atomic. */
	refcount_t		usage;		/* the thread's own life is one reference; get_task_struct() */
	refcount_t		rcu_users;	/* it runs, it is known: what that one reference stands for */
	struct rcu_head		rcu;		/* the last RCU readers who may see it are waited for */
};

/* The first thread: PID 0 of CPU 0, a variable. kernel/init_task.c */
extern struct task_struct init_task;

extern raw_spinlock_t tasklist_lock;

/*
 * What a sleeper writes before it tests its condition. The store is a full barrier: the waker's change of the condition
 * and the sleeper's state cannot both be missed. The race is drawn in kernel/sched/wait.c.
 * Context: the thread itself, may be under spinlocks. __set_current_state() has no barrier: for TASK_RUNNING only.
 */
/* ORDER(sleep-wake): sleeper's half: state, full barrier, then the condition is read. */
#define set_current_state(state_value)		smp_store_mb(current->__state, (state_value))
#define __set_current_state(state_value)	WRITE_ONCE(current->__state, (state_value))
#define get_current_state()			READ_ONCE(current->__state)
#define task_is_running(task)			(READ_ONCE((task)->__state) == TASK_RUNNING)
/* set_special_state: for states that no ordinary wake-up may overwrite (parked, dead). */
void set_special_state(unsigned int state);

/*
 * schedule: give the CPU up. With __state running the thread stays runnable; otherwise it sleeps until woken.
 * Context: thread, preemption enabled, no spinlock held; WARNs otherwise. Returns with __state == TASK_RUNNING unless
 * the thread sets it anew.
 */
void schedule(void);
void schedule_preempt_disabled(void);
/* yield: let others of the same priority run first. Not a way to wait for anything. Context: thread. */
void yield(void);
#define io_schedule()	schedule()

/* Sleep for so many jiffies at most; returns what is left, 0 when all passed. MAX_SCHEDULE_TIMEOUT: for ever. The plain
 * form needs the state set by the caller. Context: thread. In kernel/time/sleep.c. */
#define MAX_SCHEDULE_TIMEOUT	((long)(~0UL >> 1))
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_killable(long timeout);
long schedule_timeout_uninterruptible(long timeout);
long schedule_timeout_idle(long timeout);
#define io_schedule_timeout(timeout) schedule_timeout(timeout)

/*
 * wake_up_process: make a sleeping thread runnable. Return: 1 if it slept, 0 if it ran already.
 * wake_up_state: only if it sleeps in one of these states.
 * Context: any, interrupts included. Everything written before the call is seen by the thread when it wakes.
 * The caller must hold the thread alive (a reference, or knowledge that it cannot end).
 */
int wake_up_process(struct task_struct *p);
int wake_up_state(struct task_struct *p, unsigned int state);
int default_wake_up(struct task_struct *p, unsigned int state, int wake_flags);
/* wake_up_new_task: a thread's first time on a run queue. */
void wake_up_new_task(struct task_struct *p);
/* wait_task_inactive: wait until the thread, asleep in match_state, is off its CPU. Return: 0 if it never was, else !0.
 * Context: may sleep. */
unsigned long wait_task_inactive(struct task_struct *p, unsigned int match_state);
void kick_process(struct task_struct *p);
/*
 * task_call_func: func(p, arg) while p can neither fall asleep, nor be woken, nor change CPUs. Return: what func did.
 * Context: any; func holds p->pi_lock and its run queue's lock, so it may neither sleep nor wake anybody.
 */
typedef int (*task_call_f)(struct task_struct *p, void *arg);
int task_call_func(struct task_struct *p, task_call_f func, void *arg);

/*
 * cond_resched: a place in a long loop where others may run. Return: 1 if they did. Context: thread, may sleep.
 * might_sleep: says so, and WARNs when this is called where sleeping is wrong.
 */
int __cond_resched(void);
#define cond_resched()	({ might_sleep(); __cond_resched(); })
int cond_resched_lock(spinlock_t *lock);

/*
 * Policy. set_user_nice: -20 (most) to 19 (least), kept aside for real-time threads.
 * sched_setscheduler: FIFO and RR (priority 1 to 99), NORMAL, BATCH (does not preempt when it wakes) and IDLE (runs
 * when nobody else wants to, nearly) with priority 0; or'ed with SCHED_RESET_ON_FORK, the thread's children are NORMAL,
 * nice at least 0. -EINVAL for what does not exist. sched_setattr: the same by a struct. The _nocheck forms would be
 * allowed to everybody; here all are. sched_set_fifo: the priority for those who need some; _low: just above all that
 * is fair: modules may not choose priorities, as only the machine's owner can compare them.
 * Context: any but NMI; they do not sleep.
 */
struct sched_attr;
int sched_setattr(struct task_struct *p, const struct sched_attr *attr);
int sched_setattr_nocheck(struct task_struct *p, const struct sched_attr *attr);
void set_user_nice(struct task_struct *p, long nice);
int task_nice(const struct task_struct *p);
int task_prio(const struct task_struct *p);
int can_nice(const struct task_struct *p, const int nice);
int sched_setscheduler(struct task_struct *p, int policy, const struct sched_param *param);
int sched_setscheduler_nocheck(struct task_struct *p, int policy, const struct sched_param *param);
void sched_set_fifo(struct task_struct *p);
void sched_set_fifo_low(struct task_struct *p);
void sched_set_normal(struct task_struct *p, int nice);
int rt_task(const struct task_struct *p);

/*
 * set_cpus_allowed_ptr: the thread runs only on these CPUs from the moment this returns; one that kthread_bind() bound,
 * too. -EINVAL: none of them is online.
 * sched_setaffinity: the same by pid, 0 for the caller, as user space asks for it: -ESRCH, and -EINVAL for a thread
 * that kthread_bind() bound. sched_getaffinity: its mask, as far as it is online.
 * Context: may sleep (it may have to push the thread off its CPU).
 */
int set_cpus_allowed_ptr(struct task_struct *p, const struct cpumask *new_mask);
long sched_setaffinity(pid_t pid, const struct cpumask *new_mask);
long sched_getaffinity(pid_t pid, struct cpumask *mask);
bool cpus_share_cache(int this_cpu, int that_cpu);

static inline unsigned int task_cpu(const struct task_struct *p)
{
	return READ_ONCE(p->thread_info.cpu);
}

static inline bool task_is_idle(const struct task_struct *p)
{
	return p->flags & PF_IDLE;
}
#define is_idle_task(p) task_is_idle(p)

int idle_cpu(int cpu);
struct task_struct *idle_task(int cpu);
int task_curr(const struct task_struct *p);

/* nr_cpu_running and the like, for listings: momentary. */
unsigned int nr_running(void);
unsigned long long nr_context_switches(void);
unsigned int nr_threads_now(void);
int get_nr_threads(struct task_struct *p);
/* get_avenrun-like: thread's CPU time in ns up to this moment, the running stretch included. */
u64 task_sched_runtime(struct task_struct *p);


/* The letter that ps prints: R S D T t X Z P I. */
char task_state_to_char(struct task_struct *p);
unsigned int task_state_index(struct task_struct *p);
unsigned int __task_state_index(unsigned int state, unsigned int exit_state);
/* Where a sleeping thread sleeps: the function that called into the scheduler; 0 if it runs. */
unsigned long get_wchan(struct task_struct *p);

static inline int test_tsk_thread_flag(struct task_struct *p, int flag)
{
	return test_bit(flag, &p->thread_info.flags);
}
static inline void set_tsk_thread_flag(struct task_struct *p, int flag)
{
	set_bit(flag, &p->thread_info.flags);
}
static inline void clear_tsk_thread_flag(struct task_struct *p, int flag)
{
	clear_bit(flag, &p->thread_info.flags);
}
#define test_thread_flag(flag)	test_tsk_thread_flag(current, flag)
#define test_tsk_need_resched(p) test_tsk_thread_flag(p, TIF_NEED_RESCHED)
#define need_resched()		unlikely(test_thread_flag(TIF_NEED_RESCHED))

/*
 * What a sleeper asks: is there a signal, a deadly one, one that ends a sleep in this state? They look at p's own bits,
 * lock-free: ORDER(sleep-wake). What makes signals: <linux/sched/signal.h>. Context: any.
 */
static inline int task_sigpending(struct task_struct *p)
{
	return unlikely(test_tsk_thread_flag(p, TIF_SIGPENDING));
}

/* True, too, in a kthread that kthread_stop() waits for. */
static inline int signal_pending(struct task_struct *p)
{
	return unlikely(READ_ONCE(p->thread_info.flags) & (_TIF_SIGPENDING | _TIF_NOTIFY_SIGNAL));
}

static inline int __fatal_signal_pending(struct task_struct *p)
{
	return unlikely(p->pending.signal.sig[0] & sigmask(SIGKILL));
}

static inline int fatal_signal_pending(struct task_struct *p)
{
	return task_sigpending(p) && __fatal_signal_pending(p);
}

static inline int signal_pending_state(unsigned int state, struct task_struct *p)
{
	if (!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)))
		return 0;
	if (!signal_pending(p))
		return 0;
	return (state & TASK_INTERRUPTIBLE) || __fatal_signal_pending(p);
}

/* Names. set_task_comm: truncated to 15 characters. get_task_comm: into a char[TASK_COMM_LEN]. Both task_lock(). */
void set_task_comm(struct task_struct *p, const char *name);
char *__get_task_comm(char *buf, size_t size, struct task_struct *p);
#define get_task_comm(buf, p)	__get_task_comm(buf, sizeof(buf), p)

/* task_lock: the thread's own lock, for its comm. Context: thread. */
#define task_lock(p)	spin_lock(&(p)->alloc_lock)
#define task_unlock(p)	spin_unlock(&(p)->alloc_lock)

pid_t task_pid_nr(struct task_struct *p);
pid_t task_pid_vnr(struct task_struct *p);
pid_t task_tgid_nr(struct task_struct *p);
pid_t task_ppid_nr(struct task_struct *p);
struct task_struct *find_task_by_vpid(pid_t nr);
struct task_struct *find_get_task_by_vpid(pid_t nr);

#include <linux/smp.h>
#include <linux/sched/task.h>
#include <linux/sched/signal.h>
