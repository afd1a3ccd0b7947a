/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The scheduler's private page: states, locks, run queues, classes.
 *
 * STATES. What a thread intends stands in __state; whether it is on a queue in on_rq; whether a CPU stands on its stack
 * in on_cpu. Together:
 *
 *	__state		on_rq	on_cpu	the thread ...
 *	NEW		0	0	is being made; no wake-up can touch it
 *	RUNNING		1	1	runs
 *	RUNNING		1	0	waits for a CPU
 *	sleep state	1	1	has said that it will sleep, and still runs
 *	sleep state	1	0	was preempted after saying so: runs again before it sleeps
 *	sleep state	0	1	is switching out
 *	sleep state	0	0	sleeps
 *	WAKING		0	0/1	is being put on a queue by a waker who holds pi_lock
 *	RUNNING		2	0	is between two queues (TASK_ON_RQ_MIGRATING)
 *	DEAD		0	1->0	is in its last schedule()
 *
 * NEW -> RUNNING by wake_up_new_task(); RUNNING -> sleep by the thread itself; sleep -> WAKING -> RUNNING by
 * try_to_wake_up() only; RUNNING -> DEAD by do_exit(). on_rq changes in activate_task(), ttwu_queue(), fall_asleep()
 * and deactivate_task() only.
 *
 * LOCKS, outermost first. Never take one while holding one to its right.
 *
 *	tasklist_lock -> siglock -> wait queue lock -> p->pi_lock -> rq->lock (two: the lower CPU first) -> printk
 *
 * siglock is each thread's own, p->sighand->siglock. pi_lock orders the wakers of one thread and holds its affinity
 * still. rq->lock guards everything queued on that CPU, and is held across the switch: schedule(), or a wake-up that
 * preempts, takes it as one thread and finish_task_switch() drops it as the next.
 * Changing a thread's priority or mask takes both (task_rq_lock()), so whoever holds either may read them.
 *
 * A CPU's queue is `online` from the moment threads are spread to it until they are driven off: hotplug.c.
 *
 * ORDERINGS by name: sleep-wake, on-rq, on-cpu (drawn in core.c), need-resched (set TIF, then the interrupt).
 */
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/lockdep.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/init.h>
#include <linux/time.h>
#include <linux/math64.h>
#include <linux/sched/clock.h>
#include <linux/sched/init.h>
#include <linux/sched/shake.h>

#include "wake.h"

#define TASK_ON_RQ_QUEUED	1
#define TASK_ON_RQ_MIGRATING	2

/* Why a thread is enqueued or dequeued. */
#define ENQUEUE_WAKEUP		0x01
#define ENQUEUE_HEAD		0x02	/* before its equals */
#define DEQUEUE_SLEEP		0x01
#define DEQUEUE_MIGRATE		0x02	/* it goes to another CPU's queue */

struct cfs_rq {
	struct load_weight	load;		/* of all queued, curr included */
	unsigned int		nr_running;
	unsigned int		idle_nr_running;	/* of them, how many of policy IDLE */
	u64			min_vruntime;	/* never goes back */
	struct list_head	line;		/* all queued but curr are here ... */
	struct rb_root_cached	tasks_timeline;	/* ... or here: timeline.h */
	struct sched_entity	*curr;
	struct sched_entity	*skip;		/* yielded: pass it over once */
};

struct rt_rq {
	unsigned int		nr_running;
	DECLARE_BITMAP(bitmap, MAX_RT_PRIO);
	struct list_head	queue[MAX_RT_PRIO];

	/* The limit (rt_limit.c). throttled is also read without the lock, as a hint. */
	bool			throttled;
	u64			used;		/* ns in this period */
	u64			period_start;
	struct hrtimer		timer;		/* while throttled */
};

struct rq {
	raw_spinlock_t		lock;

	/* lock; nr_running and curr are also read without it, as hints. */
	unsigned int		nr_running;
	unsigned int		nr_movable;	/* of them, how many may run elsewhere, too */
	unsigned int		hints;		/* its bits in the masks of balance.c: HINT_... */
	struct task_struct	*curr;
	struct task_struct	*idle;		/* constant once the CPU is up */
	struct task_struct	*stop_ready;	/* migration/N, while it wants to run */
	struct cfs_rq		cfs;
	struct rt_rq		rt;
	u64			clock;		/* ns, as of update_rq_clock() */
	bool			clock_is_fresh;	/* read by the wake-up for which this CPU is about to switch */
	u64			nr_switches;
	long			nr_uninterruptible;	/* fell asleep so here, less those woken; read without, too */
	u64			up_since;	/* ns; 0: it never was up */

	/* self only (this CPU, interrupts off). */
	u64			next_balance;
	unsigned int		balance_interval;
	int			last_kick;	/* the idle CPU it has woken last */
	int			last_asked;	/* for a place, beside the two that are nearest */

	/* constant. */
	int			cpu;
	bool			online;		/* lock */
};

DECLARE_PER_CPU(struct rq, runqueues);

#define cpu_rq(cpu)	(&per_cpu(runqueues, (cpu)))
#define this_rq()	this_cpu_ptr(&runqueues)
#define task_rq(p)	cpu_rq(task_cpu(p))
#define cpu_curr(cpu)	(cpu_rq(cpu)->curr)

/*
 * Masks that make "is there an idle CPU?", "one that runs nothing but SCHED_IDLE?" and "who has too much?" a question
 * to one word, not to every CPU. Bits change under their CPU's rq lock and are read without: a wrong hint costs a
 * detour.
 */
extern cpumask_t idle_cpus;
extern cpumask_t sched_idle_cpus;
extern cpumask_t overloaded_cpus;
extern cpumask_t rt_overloaded;		/* more than one real-time thread; rt.c */

#define HINT_IDLE		1
#define HINT_SCHED_IDLE		2
#define HINT_OVERLOADED		4

/* A scheduling class. All are called with rq->lock held. */
struct sched_class {
	const char *name;
	void (*enqueue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*dequeue_task)(struct rq *rq, struct task_struct *p, int flags);
	void (*yield_task)(struct rq *rq);
	/* p became runnable while rq->curr, of the same class, runs. */
	void (*check_preempt_curr)(struct rq *rq, struct task_struct *p, int flags);
	/* The thread to run, made current; NULL: none of mine. */
	struct task_struct *(*pick_next_task)(struct rq *rq);
	/* p stops being current: account, and back among the waiting if still queued. */
	void (*put_prev_task)(struct rq *rq, struct task_struct *p);
	void (*set_next_task)(struct rq *rq, struct task_struct *p);
	void (*task_tick)(struct rq *rq, struct task_struct *p);
	/* Before the pick: take work from elsewhere if that beats what is here. May drop and retake rq->lock. */
	void (*balance)(struct rq *rq, struct task_struct *prev);
	/* Which allowed CPU should p wake on? Holds pi_lock, not rq->lock. */
	int (*select_task_rq)(struct task_struct *p, int prev_cpu, int flags);
	void (*update_curr)(struct rq *rq);
	/* A thread of another class has come to this one, or its priority here has changed. */
	void (*switched_to)(struct rq *rq, struct task_struct *p);
};

extern const struct sched_class stop_sched_class, rt_sched_class, fair_sched_class, idle_sched_class;
/* From best to worst, NULL at the end. */
extern const struct sched_class *const sched_classes[];
bool sched_class_above(const struct sched_class *a, const struct sched_class *b);

/* core.c */
void init_idle(struct task_struct *idle, int cpu);
void schedule_idle(void);
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags);
void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long *flags);
void double_rq_lock(struct rq *a, struct rq *b);
void double_rq_unlock(struct rq *a, struct rq *b);
void resched_curr(struct rq *rq);
void set_task_cpu(struct task_struct *p, unsigned int cpu);
void move_queued_task(struct rq *from, struct rq *to, struct task_struct *p);

/* hotplug.c */
bool may_use_inactive_cpu(struct task_struct *p, int cpu);
int select_fallback_rq(struct task_struct *p);
void do_set_cpus_allowed(struct rq *rq, struct task_struct *p, const struct cpumask *mask);

/* policy.c */
void set_load_weight(struct task_struct *p);

/* fair.c */
void init_cfs_rq(struct cfs_rq *cfs_rq);
void place_new_entity(struct rq *rq, struct task_struct *p);
/* A thread that is on no queue goes from one CPU's to another's. */
void change_clock(struct sched_entity *se, const struct cfs_rq *from, const struct cfs_rq *to);
/* The next thread where all that run are fair, prev (still current) among them: only who changes places moves. */
struct task_struct *next_among_fair(struct rq *rq, struct task_struct *prev);
/* The same when prev falls asleep: it is taken off the queue, on which there are others. */
struct task_struct *sleep_among_fair(struct rq *rq, struct task_struct *prev);
/* p, woken, comes to a queue whose current thread is fair, as p is. Return: is it the current one now, as it preempts
 * and the caller may switch? Else it waits, and if it preempts the CPU is marked. */
bool wake_among_fair(struct rq *rq, struct task_struct *p, bool may_switch);
/* rt.c */
void init_rt_rq(struct rt_rq *rt_rq);
/* rt_limit.c: real-time threads ran for so long; shuts the class when that is too much. */
void rt_charge(struct rq *rq, u64 ns);
void init_rt_limit(struct rt_rq *rt_rq);

/* balance.c */
#define BALANCE_MIN_NS	(8 * NSEC_PER_MSEC)
void change_load_hints(struct rq *rq, unsigned int hints);
unsigned long cpu_load(int cpu);
int pick_idle_cpu(const struct cpumask *allowed, int prefer);
int pick_least_loaded_cpu(const struct cpumask *allowed);
int pick_lighter_cpu(const struct cpumask *allowed, int prev_cpu, int this_cpu);
bool newidle_balance(struct rq *rq);
void trigger_load_balance(struct rq *rq);
void sched_init_balance(void);

/* Take a thread out, change something, put it back: its place follows the change. Hold both locks. */
struct change_guard {
	struct rq *rq;
	struct task_struct *p;
	bool queued, running;
};
struct change_guard sched_change_begin(struct rq *rq, struct task_struct *p);
void sched_change_end(struct change_guard *g, int enqueue_flags);

static inline void __update_rq_clock(struct rq *rq)
{
	u64 now = sched_clock();

	if (now > rq->clock)
		rq->clock = now;
}

static inline void update_rq_clock(struct rq *rq)
{
	lockdep_assert_held(&rq->lock);
	__update_rq_clock(rq);
}

static __always_inline void rq_lock(struct rq *rq)
{
	raw_spin_lock(&rq->lock);
	__update_rq_clock(rq);
}

static inline void rq_unlock(struct rq *rq)
{
	raw_spin_unlock(&rq->lock);
}

/* p became runnable on rq, whose curr has been charged up to now: shall it run instead? */
static __always_inline void check_preempt_curr(struct rq *rq, struct task_struct *p, int flags)
{
	if (p->sched_class == rq->curr->sched_class)
		p->sched_class->check_preempt_curr(rq, p, flags);
	else if (sched_class_above(p->sched_class, rq->curr->sched_class))
		resched_curr(rq);
}

static inline bool is_stack_end_intact(const struct task_struct *p)
{
	return READ_ONCE(*(unsigned long *)p->stack) == STACK_END_MAGIC;
}

static inline bool task_on_rq_queued(const struct task_struct *p)
{
	return p->on_rq == TASK_ON_RQ_QUEUED;
}

static inline bool task_on_cpu(const struct task_struct *p)
{
	return READ_ONCE(p->on_cpu);
}

/* May p run there, as far as its mask and the CPU's state go? */
static inline bool is_cpu_allowed(struct task_struct *p, int cpu)
{
	return cpumask_test_cpu(cpu, p->cpus_ptr) && (likely(cpu_active(cpu)) || may_use_inactive_cpu(p, cpu));
}

static inline unsigned int load_hints(const struct rq *rq)
{
	unsigned int hints = 0;

	if (!rq->nr_running)
		return rq->online ? HINT_IDLE : 0;
	if (unlikely(rq->cfs.idle_nr_running == rq->nr_running))
		hints = HINT_SCHED_IDLE;
	if (rq->nr_movable && rq->nr_running > 1)
		hints |= HINT_OVERLOADED;
	return hints;
}

/* Keep this CPU's bits true. */
static inline void update_load_hints(struct rq *rq)
{
	unsigned int hints = load_hints(rq);

	if (unlikely(hints != rq->hints))
		change_load_hints(rq, hints);
}

/* p was put on the queue (n = 1) or taken off (-1). */
static inline void count_running(struct rq *rq, struct task_struct *p, int n)
{
	WRITE_ONCE(rq->nr_running, rq->nr_running + n);
	if (p->nr_cpus_allowed > 1)
		rq->nr_movable += n;
	update_load_hints(rq);
}
