/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The fair threads that wait on one CPU, in the order of their virtual run time: a line, and a tree beside it.
 *
 * Who comes mostly belongs at one of the ends: last, when he has just run; first, when he has slept, and shall preempt.
 * So those stand in a line, a plain list, where coming and going takes the same few instructions however many wait.
 * Only who belongs in its middle goes into the red-black tree. Both are in order, and the first of all is the earlier
 * of two firsts. Two threads that wake each other never touch the tree, and neither do two thousand that run in turn.
 *
 * At the end of the line, times that differ by less than 65 us, 3 % of the shortest turn, count as the same: equals
 * stand in the order in which they came. Otherwise one who was held up by a tick would stand a microsecond too far
 * ahead, and send a thousand others, who are to stand before him, into the tree. So it is in multiples of that time
 * that the line is sorted, and nobody gets ahead of another by more.
 *
 * Who belongs before the last one in line shows that the last one stands too far ahead: it goes into the tree, and the
 * newcomer takes its place, or follows it there if he belongs further in front. So a few threads far ahead (nice 19) do
 * not drive all others into the tree; and a thread enters the tree once for each time that it waits, at most.
 *
 * Locking: rq->lock for all of it.
 * Rejected: the leftmost alone beside the tree (good for two threads, nothing for many); a remembered rightmost, which
 * spares the way down, but not the rebalancing, which costs as much.
 */
#include "sched.h"

#define EQUAL_TIME	((1ULL << 16) - 1)

static __always_inline bool earlier(const struct sched_entity *a, const struct sched_entity *b)
{
	return (s64)(a->vruntime - b->vruntime) < 0;
}

static __always_inline bool may_stand_behind(const struct sched_entity *se, const struct sched_entity *last)
{
	return (s64)((se->vruntime | EQUAL_TIME) - last->vruntime) >= 0;
}

/* The parts of the next two that are seldom needed. */
void timeline_add_between(struct cfs_rq *cfs, struct sched_entity *se);
void timeline_remove_from_tree(struct cfs_rq *cfs, struct sched_entity *se);

/* se comes to wait. */
static __always_inline void timeline_add(struct cfs_rq *cfs, struct sched_entity *se)
{
	struct list_head *line = &cfs->line;

	se->in_line = true;
	if (list_empty(line) || may_stand_behind(se, list_last_entry(line, struct sched_entity, line_node)))
		list_add_tail(&se->line_node, line);
	else if (earlier(se, list_first_entry(line, struct sched_entity, line_node)))
		list_add(&se->line_node, line);
	else
		timeline_add_between(cfs, se);
}

static __always_inline void timeline_remove(struct cfs_rq *cfs, struct sched_entity *se)
{
	if (likely(se->in_line))
		__list_del_entry(&se->line_node);
	else
		timeline_remove_from_tree(cfs, se);
}

/* Return: who has waited with the least virtual time; NULL: nobody waits. */
static __always_inline struct sched_entity *timeline_first(struct cfs_rq *cfs)
{
	struct sched_entity *se = list_first_entry_or_null(&cfs->line, struct sched_entity, line_node);
	struct rb_node *left = rb_first_cached(&cfs->tasks_timeline);

	if (unlikely(left) && (!se || !earlier(se, rb_entry(left, struct sched_entity, run_node))))
		se = rb_entry(left, struct sched_entity, run_node);
	return se;
}

/* A walk over all who wait, from the last to the first. The one that was returned last may be removed meanwhile. */
struct timeline_walk {
	struct cfs_rq *cfs;
	struct list_head *line;		/* the next of each */
	struct rb_node *node;
};

struct timeline_walk timeline_walk(struct cfs_rq *cfs);
/* Return: the next one, NULL at the end. */
struct task_struct *timeline_step(struct timeline_walk *w);
