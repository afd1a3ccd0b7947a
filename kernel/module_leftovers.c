/* SPDX-License-Identifier: MIT */
/*
 * What a module leaves behind when it goes: threads in its code, and what would call its code later.
 *
 * On Linux all of it is undefined: the memory is given back, and a timer that fires afterwards jumps to where its
 * function was. Here, when exit() has returned (or init() has failed), the machine is stopped for a moment and all is
 * looked through. While it stands still no interrupt, softirq or callback is half way through, no list is half
 * changed, and every thread's registers are on its stack. So one look is exact:
 *
 *	threads			begin in the module, have its code on their stack, or carry out its work: the module
 *				stays, and nothing is taken off, for they may need it
 *	timers, hrtimers,	whose function, or which themselves, lie in the module: noted, and taken off.
 *	works, tasklets,	With no thread left, and no timer, nobody could start any anew
 *	interrupt handlers
 *	RCU callbacks		cannot be taken back: they wait for readers, and free things. They are noted, waited
 *				for, and then all is looked at again
 *
 * What was noted is told when the machine goes on. An irq_work's interrupt comes at once, so none can be left.
 *
 * Rejected: counting what a module starts. It would be paid for by every mod_timer(), to find what rmmod finds so.
 * Read next: each kind has its own take_off, beside what else is checked of it (time/timer_check.c for one).
 */
#include "module.h"
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/leftovers.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/stacktrace.h>
#include <linux/stop_machine.h>

#define NOTES_MAX	8
#define TRACE_DEPTH	48
#define TURNS		8	/* RCU callbacks that start others, for so long */

struct note {
	const void	*object, *fn;
	const char	*what, *stop;
};

struct search {
	struct leftovers	l;
	const struct module	*mod;
	char			*who;		/* threads, the first few by name */
	size_t			size, at;
	unsigned int		nr_threads, nr_notes;
	struct note		notes[NOTES_MAX];
	bool			callbacks;
};

static bool lies_in(const struct module_layout *l, size_t size, const void *p)
{
	return l->base && (unsigned long)p - (unsigned long)l->base < size;
}

static bool in_text(const struct module *mod, const void *p)
{
	return lies_in(&mod->core_layout, mod->core_layout.text_size, p) ||
	       lies_in(&mod->init_layout, mod->init_layout.text_size, p);
}

static bool in_memory(const struct module *mod, const void *p)
{
	return lies_in(&mod->core_layout, mod->core_layout.size, p) ||
	       lies_in(&mod->init_layout, mod->init_layout.size, p);
}

/* ---- whose threads are still in there? ---- */

static bool begins_in(const struct module *mod, struct task_struct *p)
{
	const void *work, *fn = kthread_func(p);

	if (fn && (in_text(mod, fn) || in_memory(mod, kthread_data(p))))
		return true;
	fn = wq_worker_runs(p, &work) ?: kthread_worker_runs(p, &work);
	return in_text(mod, fn) || in_memory(mod, work);
}

static bool sleeps_in(const struct module *mod, struct task_struct *p)
{
	unsigned long trace[TRACE_DEPTH];
	unsigned int n;

	if (READ_ONCE(p->on_cpu) || !p->stack)	/* on a CPU are migration/N only */
		return false;
	n = stack_trace_save_frame(p->thread.sp, p->stack, trace, TRACE_DEPTH, 0);
	while (n)
		if (in_text(mod, (void *)trace[--n]))
			return true;
	return false;
}

static void note_thread(struct search *s, struct task_struct *p)
{
	if (s->nr_threads++ < 4)
		s->at += scnprintf(s->who + s->at, s->size - s->at, "%s%s (pid %d)", s->nr_threads > 1 ? ", " : "",
				   p->comm, p->pid);
}

static void look_for_threads(struct search *s)
{
	struct task_struct *p;

	rcu_read_lock();
	for_each_process(p)
		if (!p->exit_state && (begins_in(s->mod, p) || sleeps_in(s->mod, p)))
			note_thread(s, p);
	rcu_read_unlock();
	if (s->nr_threads > 4)
		scnprintf(s->who + s->at, s->size - s->at, ", and %u more", s->nr_threads - 4);
}

/* ---- and what would call it? ---- */

static bool is_meant(struct leftovers *l, const void *object, const void *fn, const char *what, const char *stop)
{
	struct search *s = container_of(l, struct search, l);

	if (!in_text(s->mod, fn) && !in_memory(s->mod, object))
		return false;
	if (s->nr_notes < NOTES_MAX)
		s->notes[s->nr_notes] = (struct note) { object, fn, what, stop };
	s->nr_notes++;
	return true;
}

/* The machine stands still. Works come before the timers of those that are delayed. */
static int look(void *arg)
{
	struct search *s = arg;

	look_for_threads(s);
	if (s->nr_threads)
		return 0;
	irqs_take_off(&s->l);
	works_take_off(&s->l);
	kthread_works_take_off(&s->l);
	timers_take_off(&s->l);
	hrtimers_take_off(&s->l);
	tasklets_take_off(&s->l);
	s->callbacks = rcu_callbacks_left(&s->l);
	return 0;
}

static void tell(const struct search *s, bool first)
{
	const char *name = s->mod->name;

	WARN(first && s->nr_notes, "module %s goes, and has left behind what would call its functions later. That is "
	     "taken off now, RCU callbacks are waited for; on Linux a CPU would jump into freed memory. What init has "
	     "started, exit must stop; init too, if it fails:\n", name);
	for (unsigned int i = 0; i < min_t(unsigned int, s->nr_notes, NOTES_MAX); i++)
		pr_err("%s: %s %px is left, its function is %ps: %s is missing\n", name, s->notes[i].what,
		       s->notes[i].object, s->notes[i].fn, s->notes[i].stop);
	if (s->nr_notes > NOTES_MAX)
		pr_err("%s: and %u more\n", name, s->nr_notes - NOTES_MAX);
}

bool module_cut_loose(const struct module *mod, char *who, size_t size)
{
	for (int turn = 0; turn < TURNS; turn++) {
		struct search s = { .l.is_meant = is_meant, .mod = mod, .who = who, .size = size };

		*who = '\0';
		stop_machine(look, &s, NULL);
		if (s.nr_threads)
			return false;
		tell(&s, !turn);
		if (!s.callbacks)
			return true;
		rcu_barrier();
	}
	scnprintf(who, size, "an RCU callback that calls call_rcu() for itself");
	return false;
}
