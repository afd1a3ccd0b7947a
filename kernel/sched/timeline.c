/* SPDX-License-Identifier: MIT */
/*
 * The fair threads that wait: what is done with the tree; and the walk over all of them, for the balancer, which takes
 * those that would run last, and for a CPU that goes offline. The story is in timeline.h, and so is what is on the way
 * of every switch.
 */
#include "timeline.h"

static bool tree_less(struct rb_node *a, const struct rb_node *b)
{
	return earlier(rb_entry(a, struct sched_entity, run_node), rb_entry(b, struct sched_entity, run_node));
}

static void add_to_tree(struct cfs_rq *cfs, struct sched_entity *se)
{
	se->in_line = false;
	rb_add_cached(&se->run_node, &cfs->tasks_timeline, tree_less);
}

/* Not before the first in line, and not behind the last: so there are two, at least. */
void timeline_add_between(struct cfs_rq *cfs, struct sched_entity *se)
{
	struct sched_entity *last = list_last_entry(&cfs->line, struct sched_entity, line_node);
	struct sched_entity *next_to_last = list_prev_entry(last, line_node);

	__list_del_entry(&last->line_node);
	add_to_tree(cfs, last);
	if (may_stand_behind(se, next_to_last))
		list_add_tail(&se->line_node, &cfs->line);
	else
		add_to_tree(cfs, se);
}

void timeline_remove_from_tree(struct cfs_rq *cfs, struct sched_entity *se)
{
	rb_erase_cached(&se->run_node, &cfs->tasks_timeline);
}

struct timeline_walk timeline_walk(struct cfs_rq *cfs)
{
	return (struct timeline_walk){ cfs, cfs->line.prev, rb_last(&cfs->tasks_timeline.rb_root) };
}

struct task_struct *timeline_step(struct timeline_walk *w)
{
	struct sched_entity *in_tree = rb_entry_safe(w->node, struct sched_entity, run_node), *se = NULL;

	if (w->line != &w->cfs->line)
		se = list_entry(w->line, struct sched_entity, line_node);
	if (in_tree && (!se || earlier(se, in_tree))) {
		w->node = rb_prev(w->node);
		return container_of(in_tree, struct task_struct, se);
	}
	if (!se)
		return NULL;
	w->line = w->line->prev;
	return container_of(se, struct task_struct, se);
}
