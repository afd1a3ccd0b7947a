/* SPDX-License-Identifier: MIT */
/*
 * The scheduler core: run queues, waking, and the switch.
 *
 * Every CPU has a run queue with its own lock. A thread sits on at most one of them, and the classes (stop, rt, fair,
 * idle: best first) say in which order the threads of one queue run. This file moves threads on and off the queues;
 * what "next" means is the classes' business.
 *
 * schedule() is called by one thread and returns in another. In between, context_switch() exchanges stacks, and the
 * lock of the run queue is handed from the old thread to the new, who drops it in finish_task_switch().
 *
 * Sleeping and waking is the part to read slowly. A sleeper writes its state, tests its condition, and calls
 * schedule(). A waker makes the condition true and calls try_to_wake_up(). ORDER(sleep-wake), drawn in wait.c, makes
 * sure that one of them sees the other. try_to_wake_up() may then meet the sleeper in three places:
 *
 *	still on its queue (on_rq)	it has not switched out: setting RUNNING is enough
 *	off the queue, on its CPU	it is in the middle of switching out: wait for on_cpu to clear
 *	off both			it sleeps: choose a CPU and enqueue
 *
 * The second is the subtle one, for a new CPU must never run on a stack that the old CPU is still leaving:
 *
 *	the sleeper's CPU, in schedule()		the waker's CPU, in try_to_wake_up()
 *	--------------------------------		------------------------------------
 *	LOCK rq						LOCK p->pi_lock
 *	on_rq = 0			ORDER(on-rq)	read __state, then on_rq: 0
 *	switch stacks					wait until on_cpu == 0   <---+
 *	on_cpu = 0 (release)		ORDER(on-cpu)	(acquire)      --------------+
 *	UNLOCK rq					set_task_cpu, LOCK new rq, enqueue
 *
 * on_cpu is set to 1 before the switch by the CPU that picks the thread, under rq->lock, so a waker that has seen
 * on_rq == 0 can only see the old 1 or the final 0. pi_lock keeps a second waker out meanwhile.
 *
 * Preemption: resched_curr() marks the running thread; the mark is looked at on the way out of an interrupt and in
 * preempt_enable(). A preempted thread stays on its queue whatever its __state says, so a thread preempted between
 * "I will sleep" and schedule() does not lose the wake-up that may already have happened.
 *
 * A wake-up that preempts need not set that mark, leave, and come again, if the waker holds nothing but the one lock
 * that it gives back next (is_only_lock() in wake.h): then this is already the place where the mark would be found. So
 * p takes the running thread's place on the queue in one step, wake_among_fair(); the queue's lock stays taken while
 * the waker's own locks are given back, and preempt_schedule_to() switches. That lock was taken last, and p gives it
 * back, as in every switch. Nobody comes between: who would choose otherwise needs that lock. Where classes are mixed,
 * a thread has yielded, or RCU waits for this CPU, it is the mark as ever.
 *
 * A switch costs what it looks at, so it looks at little. A caller who goes on, alone on its CPU, is the known choice:
 * has_no_rival(). Where all that run are fair threads the other classes are not asked, and falling asleep and choosing
 * the next one are one step: pick_next_task(). A wake-up that preempts has just read the clock: clock_is_fresh. yield()
 * tells its class and has the next one chosen under one locking of the queue. docs/performance.md has the numbers.
 *
 * Rejected: one lock for all queues (every wake-up meets there); a list of pending remote wake-ups per CPU as Linux
 * keeps (a second way to do the same; the remote queue's lock is held for some dozen instructions only).
 *
 * Read next: fair.c for what "next" means, wait.c for the sleeper's half, arch/x86/switch.S for the switch.
 */
#include "sched.h"
#include <linux/upcall.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/printk.h>
#include <linux/mm.h>
#include <linux/nmi.h>
#include <linux/rcutree.h>
#include <linux/sched/init.h>
#include <linux/sched/loadavg.h>
#include <trace/events/sched.h>
#include <asm/switch_to.h>

DEFINE_PER_CPU(struct rq, runqueues);

const struct sched_class *const sched_classes[] = {
	&stop_sched_class, &rt_sched_class, &fair_sched_class, &idle_sched_class, NULL,
};

bool sched_class_above(const struct sched_class *a, const struct sched_class *b)
{
	for (int i = 0; sched_classes[i] != b; i++)
		if (sched_classes[i] == a)
			return true;
	return false;
}

/* ---- locks ---- */

/* pi_lock and the lock of the queue that p is on: then it stays there. */
struct rq *task_rq_lock(struct task_struct *p, unsigned long *flags)
{
	struct rq *rq;

	for (;;) {
		raw_spin_lock_irqsave(&p->pi_lock, *flags);
		rq = task_rq(p);
		raw_spin_lock(&rq->lock);
		if (likely(rq == task_rq(p) && p->on_rq != TASK_ON_RQ_MIGRATING)) {
			update_rq_clock(rq);
			return rq;
		}
		raw_spin_unlock(&rq->lock);
		raw_spin_unlock_irqrestore(&p->pi_lock, *flags);
		cpu_relax();
	}
}

void task_rq_unlock(struct rq *rq, struct task_struct *p, unsigned long *flags)
{
	raw_spin_unlock(&rq->lock);
	raw_spin_unlock_irqrestore(&p->pi_lock, *flags);
}

void double_rq_lock(struct rq *a, struct rq *b)
{
	lockdep_assert_irqs_disabled();
	if (a->cpu > b->cpu)
		swap(a, b);
	raw_spin_lock(&a->lock);
	if (a != b)
		raw_spin_lock_nested(&b->lock, SINGLE_DEPTH_NESTING);
	update_rq_clock(a);
	update_rq_clock(b);
}

void double_rq_unlock(struct rq *a, struct rq *b)
{
	raw_spin_unlock(&a->lock);
	if (a != b)
		raw_spin_unlock(&b->lock);
}

/* ---- on and off the queue ---- */

static inline void activate_task(struct rq *rq, struct task_struct *p, int flags)
{
	lockdep_assert_held(&rq->lock);
	p->sched_class->enqueue_task(rq, p, flags);
	/* ORDER(on-rq): on_rq is written under rq->lock, __state before it under pi_lock or by the thread itself. */
	WRITE_ONCE(p->on_rq, TASK_ON_RQ_QUEUED);
}

/* To be put on another queue. (Who falls asleep goes by pick_next_task().) */
static inline void deactivate_task(struct rq *rq, struct task_struct *p)
{
	lockdep_assert_held(&rq->lock);
	WRITE_ONCE(p->on_rq, TASK_ON_RQ_MIGRATING);
	p->sched_class->dequeue_task(rq, p, DEQUEUE_MIGRATE);
}

void set_task_cpu(struct task_struct *p, unsigned int cpu)
{
	unsigned int old = task_cpu(p);

	p->wake_cpu = cpu;
	WARN_ONCE(!cpumask_test_cpu(cpu, p->cpus_ptr), "thread %s (%d) is put on CPU %u, which it is not allowed on\n",
		  p->comm, p->pid, cpu);
	if (old == cpu)
		return;
	trace_sched_migrate_task(p, cpu);
	if (p->sched_class == &fair_sched_class)
		change_clock(&p->se, &cpu_rq(old)->cfs, &cpu_rq(cpu)->cfs);
	p->se.nr_migrations++;
	WRITE_ONCE(p->thread_info.cpu, cpu);
}

/* A queued thread that does not run changes queues. Both locks are held, and stay so. */
void move_queued_task(struct rq *from, struct rq *to, struct task_struct *p)
{
	lockdep_assert_held(&from->lock);
	lockdep_assert_held(&to->lock);
	deactivate_task(from, p);
	/* p is placed by this queue's virtual clock, which stands still while a thread runs there: up to a tick. */
	to->curr->sched_class->update_curr(to);
	set_task_cpu(p, to->cpu);
	activate_task(to, p, 0);
	check_preempt_curr(to, p, 0);
}

struct change_guard sched_change_begin(struct rq *rq, struct task_struct *p)
{
	struct change_guard g = { rq, p, task_on_rq_queued(p), rq->curr == p };

	lockdep_assert_held(&p->pi_lock);
	lockdep_assert_held(&rq->lock);
	if (g.queued)
		p->sched_class->dequeue_task(rq, p, 0);
	if (g.running)
		p->sched_class->put_prev_task(rq, p);
	return g;
}

void sched_change_end(struct change_guard *g, int enqueue_flags)
{
	struct task_struct *p = g->p;

	if (g->queued)
		p->sched_class->enqueue_task(g->rq, p, enqueue_flags);
	if (g->running)
		p->sched_class->set_next_task(g->rq, p);
}

/* ---- who should run instead ---- */

/*
 * Ask for another choice on that CPU. ORDER(need-resched): the bit is set before the interrupt is sent. On this CPU it
 * comes at once, or when whatever forbids it is over, and is made as of now: the clock is not read again.
 */
void resched_curr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;

	lockdep_assert_held(&rq->lock);
	if (test_tsk_need_resched(curr))
		return;
	set_tsk_thread_flag(curr, TIF_NEED_RESCHED);
	if (rq->cpu == smp_processor_id()) {
		rq->clock_is_fresh = true;
		set_preempt_need_resched();
	} else {
		smp_send_reschedule(rq->cpu);
	}
}

/* The reschedule interrupt. ORDER(need-resched): the bit was set before it was sent, so it is seen here. */
void scheduler_ipi(void)
{
	struct rq *rq = this_rq();

	/* Sent without a mark: somebody has more than he can run, and thinks that we could take some. */
	if (!test_thread_flag(TIF_NEED_RESCHED) && rq->curr->prio > 0)
		set_tsk_thread_flag(current, TIF_NEED_RESCHED);
	if (test_thread_flag(TIF_NEED_RESCHED))
		set_preempt_need_resched();
}

void scheduler_tick(void)
{
	struct rq *rq = this_rq();
	struct task_struct *curr = rq->curr;

	rq_lock(rq);
	curr->sched_class->task_tick(rq, curr);
	rq_unlock(rq);
	rcu_sched_clock_irq();
	calc_global_load();
	watchdog_tick(rq->nr_switches);
	trigger_load_balance(rq);
}

void kick_process(struct task_struct *p)
{
	int cpu = task_cpu(p);

	if (cpu != smp_processor_id() && task_curr(p))
		smp_send_reschedule(cpu);
}
EXPORT_SYMBOL_GPL(kick_process);

/* ---- waking ---- */

static __always_inline void ttwu_do_wakeup(struct rq *rq, struct task_struct *p, int wake_flags)
{
	WRITE_ONCE(p->__state, TASK_RUNNING);
	trace_sched_wakeup(p);
	check_preempt_curr(rq, p, wake_flags);
}

/* p may still be on its queue: it has not switched out, and need not. */
static bool ttwu_runnable(struct task_struct *p, int wake_flags)
{
	struct rq *rq;
	bool queued;

	for (;;) {
		rq = task_rq(p);
		raw_spin_lock(&rq->lock);
		if (likely(rq == task_rq(p) && p->on_rq != TASK_ON_RQ_MIGRATING))
			break;
		raw_spin_unlock(&rq->lock);
		cpu_relax();
	}
	queued = task_on_rq_queued(p);
	if (queued) {
		__update_rq_clock(rq);
		if (task_on_cpu(p)) {
			WRITE_ONCE(p->__state, TASK_RUNNING);
			trace_sched_wakeup(p);
		} else {
			rq->curr->sched_class->update_curr(rq);
			ttwu_do_wakeup(rq, p, wake_flags);
		}
	}
	raw_spin_unlock(&rq->lock);
	return queued;
}

static inline int select_task_rq(struct task_struct *p, int flags)
{
	int cpu = p->wake_cpu;

	lockdep_assert_held(&p->pi_lock);
	if (p->nr_cpus_allowed > 1)
		cpu = p->sched_class->select_task_rq(p, cpu, flags);
	return likely(is_cpu_allowed(p, cpu)) ? cpu : select_fallback_rq(p);
}

/* Return: p has the queue, which stays locked, and is to be given the CPU. Else it waits for it. */
static bool ttwu_queue(struct task_struct *p, int cpu, int wake_flags, bool may_switch)
{
	struct rq *rq = cpu_rq(cpu);
	bool is_next = false;

	rq_lock(rq);
	rq->nr_uninterruptible -= p->counts_as_load;
	if (p->sched_class == &fair_sched_class && rq->curr->sched_class == &fair_sched_class) {
		is_next = wake_among_fair(rq, p, may_switch);
		/* ORDER(on-rq): as in activate_task(). */
		WRITE_ONCE(p->on_rq, TASK_ON_RQ_QUEUED);
		WRITE_ONCE(p->__state, TASK_RUNNING);
		trace_sched_wakeup(p);
		if (is_next)
			return true;
	} else {
		activate_task(rq, p, ENQUEUE_WAKEUP);
		ttwu_do_wakeup(rq, p, wake_flags);
	}
	rq_unlock(rq);
	return false;
}

/* Waking oneself: in the middle of a wait loop, the condition came true. No other CPU has to be asked. */
static int ttwu_self(struct task_struct *p, unsigned int state)
{
	if (!(READ_ONCE(p->__state) & state)) {
		WRITE_ONCE(p->probed, 0);
		return 0;
	}
	trace_sched_waking(p);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	trace_sched_wakeup(p);
	return 1;
}

int try_to_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	unsigned long flags;
	int success = NOT_WOKEN;

	if (p == current)
		return ttwu_self(p, state);

	shake_point();
	raw_spin_lock_irqsave(&p->pi_lock, flags);
	/* ORDER(sleep-wake): waker's half: the condition was written before this barrier, the state is read after. */
	smp_mb__after_spinlock();
	if (!(READ_ONCE(p->__state) & state)) {
		WRITE_ONCE(p->probed, 0);	/* it was awake without us, but not forgotten: lost_wakeup.c */
		goto unlock;
	}
	trace_sched_waking(p);
	success = WOKEN;
	/* ORDER(on-rq): __state is read before on_rq. Else we could see the old on_rq with the new state: asleep, but
	 * "still queued". Pairs with the order in which schedule() and this function write them. */
	smp_rmb();
	if (READ_ONCE(p->on_rq) && ttwu_runnable(p, wake_flags))
		goto unlock;
	/* Nobody else may wake it from here on: pi_lock and this state see to it. */
	WRITE_ONCE(p->__state, TASK_WAKING);
	/* ORDER(on-cpu): its old CPU is off its stack, and everything that CPU did there is visible. */
	smp_cond_load_acquire(&p->on_cpu, !VAL);
	int cpu = select_task_rq(p, wake_flags | WF_TTWU);

	p->wake_cpu = cpu;
	if (unlikely(cpu != task_cpu(p)))
		set_task_cpu(p, cpu);
	if (ttwu_queue(p, cpu, wake_flags, wake_flags & WF_UNLOCKS || is_only_lock(flags))) {
		__raw_spin_release(&p->pi_lock);
		if (wake_flags & WF_UNLOCKS) {
			preempt_enable_no_resched();
			return WOKEN_AND_NEXT;
		}
		preempt_schedule_to(p);
		return WOKEN;
	}
unlock:
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	return success;
}

int wake_up_process(struct task_struct *p)
{
	return try_to_wake_up(p, TASK_NORMAL, 0);
}
EXPORT_SYMBOL(wake_up_process);

int wake_up_state(struct task_struct *p, unsigned int state)
{
	return try_to_wake_up(p, state, 0);
}
EXPORT_SYMBOL(wake_up_state);

int default_wake_up(struct task_struct *p, unsigned int state, int wake_flags)
{
	return try_to_wake_up(p, state, wake_flags);
}
EXPORT_SYMBOL(default_wake_up);

void wake_up_new_task(struct task_struct *p)
{
	unsigned long flags;
	struct rq *rq;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	WRITE_ONCE(p->__state, TASK_RUNNING);
	set_task_cpu(p, select_task_rq(p, WF_FORK));
	rq = task_rq(p);
	rq_lock(rq);
	if (p->sched_class == &fair_sched_class)
		place_new_entity(rq, p);
	activate_task(rq, p, 0);
	trace_sched_wakeup_new(p);
	check_preempt_curr(rq, p, WF_FORK);
	rq_unlock(rq);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
}

void set_special_state(unsigned int state)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&current->pi_lock, flags);
	WRITE_ONCE(current->__state, state);
	raw_spin_unlock_irqrestore(&current->pi_lock, flags);
}
EXPORT_SYMBOL(set_special_state);

int task_call_func(struct task_struct *p, task_call_f func, void *arg)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(p, &flags);
	int ret = func(p, arg);

	task_rq_unlock(rq, p, &flags);
	return ret;
}

/* ---- the switch ---- */

/* The rest of a switch, done by the thread that was switched to. `prev` is whoever had the CPU before. */
static __always_inline void finish_task_switch(struct task_struct *prev)
{
	struct rq *rq = this_rq();
	unsigned int prev_state = READ_ONCE(prev->__state);

	/* ORDER(on-cpu): from here on another CPU may run prev; nothing below may touch its stack. prev_state is read
	 * above, because a woken prev may already be dying a second time. */
	smp_store_release(&prev->on_cpu, 0);
	lockdep_acquire(&rq->lock.dep_map, 0, LOCKDEP_TRY);
	raw_spin_unlock_irq(&rq->lock);
	if (unlikely(prev_state == TASK_DEAD)) {
		void *stack = prev->stack;

		/* ORDER(exit-stack): the dead thread's last schedule() is over on this CPU: its stack may go. */
		WRITE_ONCE(prev->stack, NULL);
		free_thread_stack(stack);
		put_task_struct_rcu_user(prev);
	}
}

/* A new thread's first C code: its half of the switch that nobody called for it. Called from ret_from_fork. */
void schedule_tail(struct thread_struct *prev)
{
	finish_task_switch(container_of(prev, struct task_struct, thread));
	preempt_enable();
}

static __always_inline void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	struct thread_struct *last;

	rq->nr_switches++;
	WRITE_ONCE(rq->curr, next);
	/* ORDER(on-cpu): set under rq->lock, before the stack is used. */
	WRITE_ONCE(next->on_cpu, 1);
	prev->last_switch = next->last_switch = rq->clock;
	/* The lock of the queue changes hands with the CPU. */
	lockdep_release(&rq->lock.dep_map);
	this_cpu_write(current_task, next);
	last = __switch_to_asm(&prev->thread, &next->thread);
	/*
	 * Who runs now? The thread that was `next` when it was switched out, long ago and perhaps on another CPU. The
	 * locals are those of that day: its `prev` is this thread itself, its `rq` some old queue. Only `last` is news:
	 * the thread that just left this CPU. A brand-new thread never comes here: its stack was built by copy_thread()
	 * to return into ret_from_fork, which calls schedule_tail() instead.
	 */
	barrier();
	finish_task_switch(container_of(last, struct task_struct, thread));
}

/* Every class is asked, from the best one down, first whether it wants to pull from elsewhere. */
static struct task_struct *ask_classes(struct rq *rq, struct task_struct *prev)
{
	struct task_struct *p;

	for (int i = 0; sched_classes[i]; i++)
		if (sched_classes[i]->balance)
			sched_classes[i]->balance(rq, prev);
	prev->sched_class->put_prev_task(rq, prev);
	for (int i = 0; sched_classes[i]; i++) {
		p = sched_classes[i]->pick_next_task(rq);
		if (p)
			return p;
	}
	BUG();	/* the idle class always has one */
}

/*
 * prev makes room. Mostly there are fair threads only, here and waiting to be pulled: then the other classes have no
 * say, and going to sleep and choosing who is next are one step.
 */
static inline struct task_struct *pick_next_task(struct rq *rq, struct task_struct *prev, bool sleeps)
{
	if (likely(prev->sched_class == &fair_sched_class && rq->nr_running > sleeps &&
		   rq->nr_running == rq->cfs.nr_running && cpumask_empty(&rt_overloaded)))
		return sleeps ? sleep_among_fair(rq, prev) : next_among_fair(rq, prev);
	if (sleeps)
		prev->sched_class->dequeue_task(rq, prev, DEQUEUE_SLEEP);
	return ask_classes(rq, prev);
}

/* What __schedule() is called for. */
enum schedule_mode {
	SM_SLEEP,		/* the thread calls it; it sleeps if its state says so */
	SM_PREEMPT,		/* it was taken off in the middle, and goes on whatever its state says */
	SM_YIELD,		/* it lets others go first */
};

static void __sched __schedule(enum schedule_mode mode);

/*
 * Not a place where one may sleep: some levels of preempt_count are too many. They are set aside for the switch and
 * given back afterwards, as the caller will count them down; so are its RCU readers. An interrupt is another matter:
 * its stack is the CPU's, and the next interrupt would overwrite what sleeps there.
 */
static noinline void __sched schedule_while_atomic(struct task_struct *prev, enum schedule_mode mode)
{
	int extra = preempt_count() - (int)PREEMPT_OFFSET, readers;

	if (!in_task())
		panic("schedule() was called in an interrupt, which cannot sleep: a handler, softirq or timer function "
		      "that waits for something (preempt_count %#x, thread %s)", preempt_count(), prev->comm);
	WARN(1, "thread %s (%d) called schedule() in atomic context (preempt_count %#x): it holds %s. Sleep before or "
	     "after that, or take a mutex\n", prev->comm, prev->pid, extra, spin_held_text());
	readers = rcu_reader_suspend();
	preempt_count_set(PREEMPT_OFFSET);
	__schedule(mode);
	preempt_count_add(extra);
	rcu_reader_resume(readers);
}

/*
 * Is the choice known beforehand? A thread that goes on running, alone on its queue, with no mark that anything has
 * changed, would choose itself. Interrupts are off, so nobody else's count can fall to 1 for our sake; that another
 * CPU puts a thread here just now is as if it came a moment later: then it sets the mark.
 */
static inline bool has_no_rival(struct rq *rq, struct task_struct *prev)
{
	return READ_ONCE(rq->nr_running) == 1 && task_is_running(prev) && prev != rq->idle &&
	       !test_tsk_need_resched(prev) && cpumask_empty(&rt_overloaded);
}

/* p will not be on its queue any more; pick_next_task() takes it off. */
static inline void fall_asleep(struct rq *rq, struct task_struct *p, unsigned int state)
{
	lockdep_assert_held(&rq->lock);
	p->counts_as_load = (state & (TASK_UNINTERRUPTIBLE | TASK_NOLOAD | TASK_FROZEN)) == TASK_UNINTERRUPTIBLE;
	rq->nr_uninterruptible += p->counts_as_load;
	/* ORDER(on-rq): a waker that reads 0 here has read, or waits for, everything the sleeper did before. */
	WRITE_ONCE(p->on_rq, 0);
}

static void __sched __schedule(enum schedule_mode mode)
{
	struct task_struct *prev, *next;
	unsigned long *switch_count;
	unsigned int prev_state;
	bool sleeps = false;
	struct rq *rq;

	local_irq_disable();
	rq = this_rq();
	prev = rq->curr;
	if (unlikely(!is_stack_end_intact(prev)))
		panic("stack of thread %s (%d) was overwritten at its end", prev->comm, prev->pid);
	if (unlikely(preempt_count() != PREEMPT_OFFSET)) {
		schedule_while_atomic(prev, mode);
		return;
	}
	rcu_note_context_switch();
	if (has_no_rival(rq, prev)) {
		local_irq_enable();
		return;
	}
	raw_spin_lock(&rq->lock);
	if (!rq->clock_is_fresh)
		__update_rq_clock(rq);
	rq->clock_is_fresh = false;
	/* ORDER(sleep-wake): the caller wrote its state before this barrier; a signal or a wake-up that came since then
	 * is seen below, or sees the state. */
	smp_mb__after_spinlock();
	switch_count = &prev->nivcsw;
	prev_state = READ_ONCE(prev->__state);
	if (mode != SM_PREEMPT && prev_state) {
		sleeps = !signal_pending_state(prev_state, prev);
		if (sleeps)
			fall_asleep(rq, prev, prev_state);
		else
			WRITE_ONCE(prev->__state, TASK_RUNNING);
		switch_count = &prev->nvcsw;
	}
	if (mode == SM_YIELD)
		prev->sched_class->yield_task(rq);
	next = pick_next_task(rq, prev, sleeps);
	clear_tsk_thread_flag(prev, TIF_NEED_RESCHED);
	clear_preempt_need_resched();
	if (likely(prev != next)) {
		++*switch_count;
		trace_sched_switch(mode == SM_PREEMPT, prev, next, prev_state);
		context_switch(rq, prev, next);
	} else {
		raw_spin_unlock_irq(&rq->lock);
	}
}

void __sched schedule(void)
{
	bool is_worker = current->flags & PF_WQ_WORKER;

	shake_point();
	/* Another one of its pool shall have the CPU meanwhile. */
	if (unlikely(is_worker) && !task_is_running(current))
		wq_worker_sleeping(current);
	do {
		preempt_disable();
		__schedule(SM_SLEEP);
	} while (preempt_count_dec_and_test());
	if (unlikely(is_worker))
		wq_worker_running(current);
}
EXPORT_SYMBOL(schedule);

void __sched schedule_preempt_disabled(void)
{
	preempt_enable_no_resched();
	schedule();
	preempt_disable();
}
EXPORT_SYMBOL(schedule_preempt_disabled);

/* A thread's last schedule(). finish_task_switch(), on the next thread's stack, does away with the rest. No preemption
 * once the state is set: that switch would be taken for the last one, and the thread would come back without a
 * stack. */
void __noreturn do_task_dead(void)
{
	preempt_disable();
	current->flags |= PF_NOFREEZE;	/* the freezer shall not wait for it */
	set_special_state(TASK_DEAD);
	__schedule(SM_SLEEP);
	BUG();
	for (;;)
		cpu_relax();
}

/* The idle thread's own: it never sleeps, so its state cannot ask for it, and it is not to be counted as preempted. */
void schedule_idle(void)
{
	do {
		__schedule(SM_SLEEP);
	} while (need_resched());
}

void __sched preempt_schedule(void)
{
	if (likely(!preemptible()))
		return;
	do {
		preempt_disable();
		__schedule(SM_PREEMPT);
	} while (preempt_count_dec_and_test());
}
EXPORT_SYMBOL(preempt_schedule);

/* The second half of a wake-up that preempts: p has the queue, which is locked, and gets the CPU. The level of
 * preempt_count is that of any switch. */
void __sched preempt_schedule_to(struct task_struct *p)
{
	struct rq *rq = this_rq();
	struct task_struct *prev = rq->curr;

	/* Whatever asked for another choice meanwhile has it. */
	rq->clock_is_fresh = false;
	clear_tsk_thread_flag(prev, TIF_NEED_RESCHED);
	clear_preempt_need_resched();
	prev->nivcsw++;
	trace_sched_switch(true, prev, p, READ_ONCE(prev->__state));
	context_switch(rq, prev, p);
	preempt_enable();
}

/* From the end of an interrupt, on the interrupted thread's stack: interrupts are off, and are when it returns. */
void __sched preempt_schedule_irq(void)
{
	do {
		preempt_disable();
		__schedule(SM_PREEMPT);
		local_irq_disable();
		preempt_enable_no_resched();
	} while (need_resched());
}

int __sched __cond_resched(void)
{
	if (!should_resched(0))
		return 0;
	preempt_schedule();
	return 1;
}
EXPORT_SYMBOL(__cond_resched);

int cond_resched_lock(spinlock_t *lock)
{
	if (!should_resched(PREEMPT_OFFSET) && !spin_is_contended(lock))
		return 0;
	spin_unlock(lock);
	__cond_resched();
	cpu_relax();
	spin_lock(lock);
	return 1;
}
EXPORT_SYMBOL(cond_resched_lock);

/* The class is told and the next thread chosen under one locking of the queue. */
void __sched yield(void)
{
	shake_point();
	set_current_state(TASK_RUNNING);
	preempt_disable();
	__schedule(SM_YIELD);
	preempt_enable_no_resched();
	if (need_resched())
		schedule();
}
EXPORT_SYMBOL(yield);

static noinline void warn_may_sleep(const char *file, int line)
{
	/* A loop is told once. Two CPUs here at once tell both. */
	static struct task_struct *told;
	static int told_line;

	if (system_state < SYSTEM_SCHEDULING)
		return;
	if (oops_in_progress || (told == current && told_line == line))
		return;
	told = current;
	told_line = line;
	WARN(1, "%s:%d may sleep, but was called where sleeping is forbidden: %s%s (preempt_count %#x, thread %s)\n",
	     kbasename(file), line,
	     in_interrupt() ? "in an interrupt" : preempt_count() ? "the CPU holds " : "with interrupts disabled",
	     preempt_count() && !in_interrupt() ? spin_held_text() : "", preempt_count(), current->comm);
}

void __might_sleep(const char *file, int line)
{
	if (unlikely(in_atomic() || irqs_disabled()))
		warn_may_sleep(file, line);
}
EXPORT_SYMBOL(__might_sleep);

/* ---- whom lower floors ask about ---- */

const char *upcall_current_comm(void)
{
	return current->comm;
}

int upcall_current_pid(void)
{
	return current->pid;
}

void *upcall_current_stack(void)
{
	return current->stack;
}

/* ---- start ---- */

void init_idle(struct task_struct *idle, int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned long flags;

	raw_spin_lock_irqsave(&rq->lock, flags);
	idle->__state = TASK_RUNNING;
	idle->thread_info.flags = 0;
	idle->flags |= PF_IDLE | PF_NO_SETAFFINITY;
	idle->prio = idle->normal_prio = MAX_PRIO;
	idle->sched_class = &idle_sched_class;
	cpumask_copy(&idle->cpus_mask, cpumask_of(cpu));
	idle->nr_cpus_allowed = 1;
	idle->thread_info.cpu = idle->wake_cpu = cpu;
	idle->on_rq = TASK_ON_RQ_QUEUED;
	idle->on_cpu = 1;
	idle->se.exec_start = sched_clock();
	rq->idle = rq->curr = idle;
	snprintf(idle->comm, sizeof(idle->comm), "swapper/%d", cpu);
	raw_spin_unlock_irqrestore(&rq->lock, flags);
}

void __init sched_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct rq *rq = cpu_rq(cpu);

		raw_spin_lock_init(&rq->lock);
		rq->cpu = cpu;
		init_cfs_rq(&rq->cfs);
		init_rt_rq(&rq->rt);
	}
	init_idle(&init_task, smp_processor_id());
	sched_init_balance();
}
