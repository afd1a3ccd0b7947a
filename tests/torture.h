/* SPDX-License-Identifier: MIT */
/*
 * Torture: actors do random operations on shared things, for as long as they are told to, and check all the time that
 * what must always hold does. torture.c is the frame; each torture_*.c brings one kind.
 *
 * A kind is a table of operations. An actor is a kthread that draws one after the other from its own sequence, so that
 * under icount the same seed gives the same run. What is found wrong is said by test_blame(), which ends it all.
 */
#pragma once

#include "test.h"

#include <linux/cpumask.h>

struct actor {
	const struct torture *kind;
	struct task_struct *p;
	u32 random;			/* its own sequence, as the next */
	bool ended;			/* its last operation is done */
	const char *doing;		/* the operation it is at */
	unsigned long ops;		/* how many it has done */
	unsigned long seen;		/* the watcher's: how many at its last look, and since when that many */
	unsigned long since;
};

struct torture_op {
	const char *name;
	void (*fn)(struct actor *a);
	int weight;			/* how often it is drawn, compared with the others */
};

struct torture {
	const char *name;
	void (*begin)(void);		/* before the first actor runs; may be NULL */
	void (*end)(void);		/* when the last one has ended; checks the sums */
	const struct torture_op *ops;
	int nr_ops;
	int actors;			/* for each CPU, in eighths: 8 is one a CPU; there are two at least */
	atomic_t *counts;		/* by operation; the frame's */
};

#define TORTURE(_name, _ops, ...) \
	static atomic_t _name##_counts[ARRAY_SIZE(_ops)]; \
	const struct torture torture_##_name = { \
		.name = #_name, .ops = _ops, .nr_ops = ARRAY_SIZE(_ops), .counts = _name##_counts, __VA_ARGS__ \
	}

extern const struct torture torture_threads, torture_waits, torture_workers, torture_workqueues, torture_timers,
	torture_memory, torture_hotplug, torture_locks, torture_rcu, torture_freezer,
	torture_works, torture_signals, torture_lending;

/* True when it is time to end: whatever an actor might wait for need not come any more. */
extern bool torture_over;

/*
 * A gate: many may be inside, until one closes it and is alone there. gate_enter: false when it is closed. gate_close
 * waits until all have left; one at a time may close it, and opens it again.
 */
struct gate {
	atomic_t users;
	bool closed;
};
bool gate_enter(struct gate *g);
void gate_leave(struct gate *g);
bool gate_close(struct gate *g);	/* false: somebody else has closed it; not waited for */
void gate_open(struct gate *g);

/*
 * What is known of one work (torture_tally.c). Many may be at it, between tally_enter() and tally_leave(); who closes
 * its gate is alone with it. The work's function calls tally_begin(), then queues itself again if tally_wants_more(),
 * and tally_end(). tally_exactly: has it run that often? Else blames, saying of what.
 */
struct tally {
	struct gate *house;		/* its worker's or queue's: closed while that is replaced */
	struct gate gate;		/* closed while somebody wants an exact answer */
	bool freezable;			/* it must not run while all are frozen */
	atomic_t inside, runs, again;
};
bool tally_enter(struct tally *t);
void tally_leave(struct tally *t);
void tally_begin(struct tally *t);
bool tally_wants_more(struct tally *t);
void tally_end(struct tally *t);
void tally_exactly(struct tally *t, int runs, const char *what);

/* For who takes part in freezing, whenever he runs: he must not while all are frozen (torture_freezer.c). */
void torture_may_run(const char *who);

/* A number of 0..below-1 of this actor's sequence. */
static inline u32 draw(struct actor *a, u32 below)
{
	return test_random(&a->random) % below;
}

/*
 * CPUs 0 to torture_stable_cpus() - 1 stay, the others come and go (torture_hotplug.c): only what is bound to one that
 * stays is sure to be there. draw_cpu: any, online or not.
 */
static inline unsigned int torture_stable_cpus(void)
{
	return nr_cpu_ids > 1 ? nr_cpu_ids / 2 : 1;
}

static inline unsigned int draw_cpu(struct actor *a)
{
	return draw(a, nr_cpu_ids);
}

static inline unsigned int draw_stable_cpu(struct actor *a)
{
	return draw(a, torture_stable_cpus());
}

/*
 * Seconds that one operation may take: it may have to wait for many others, and on a host with fewer CPUs for those in
 * turn. Who has a limit of his own stays well below.
 */
#define TORTURE_PATIENCE	(test_real_time ? 300 : 60)

/* `torture=SECONDS` on the command line: does not return then. */
void run_torture(void);

/* Where everybody is: every thread's state, and a backtrace. Context: thread. */
void test_show_all_threads(void);
