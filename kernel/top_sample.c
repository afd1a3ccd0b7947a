/* SPDX-License-Identifier: MIT */
/*
 * What top measures: of every thread its CPU time, now and at the last look.
 *
 * Both samples are in PID order, so that comparing them is one walk along both; a PID that begins at another time is
 * another thread. Everything else about a thread, its name for one, is asked only of those that are shown. After the
 * comparison the newer sample is sorted for the list; for the next comparison it goes back into PID order.
 */
#include "top.h"
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>
#include <linux/vmalloc.h>

static struct top_sample *new_sample(size_t room)
{
	struct top_sample *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (s)
		s->threads = vmalloc(room * sizeof(*s->threads));
	if (s && !s->threads) {
		kfree(s);
		s = NULL;
	}
	return s;
}

static void free_sample(struct top_sample *s)
{
	if (s)
		vfree(s->threads);
	kfree(s);
}

void top_free_samples(struct top *top)
{
	free_sample(top->new);
	free_sample(top->old);
}

static bool is_wanted(const struct top *top, pid_t pid)
{
	for (int i = 0; i < top->nr_pids; i++)
		if (top->pids[i] == pid)
			return true;
	return !top->nr_pids;
}

static void count(struct top_sample *s, char state)
{
	s->total++;
	if (state == 'R')
		s->running++;
	else if (state == 'T' || state == 't')
		s->stopped++;
	else if (state == 'Z' || state == 'X')
		s->zombie++;
	else
		s->sleeping++;
}

int top_take_sample(struct top *top)
{
	size_t room = nr_threads_now() + 64;
	struct top_sample *s = new_sample(room);
	struct task_struct *p = NULL;
	int cpu;

	if (!s)
		return -ENOMEM;
	s->now = ktime_get_ns();
	for_each_online_cpu(cpu)
		kcpustat_cpu_fetch(&s->cpus[cpu], cpu);
	while ((p = next_task_get(p))) {
		struct top_thread *t = &s->threads[s->n];

		if (s->n == room) {
			put_task_struct(p);
			break;
		}
		if (!is_wanted(top, p->pid))
			continue;
		*t = (struct top_thread){ p->pid, task_state_to_char(p), p->start_time, task_sched_runtime(p), 0 };
		count(s, t->state);
		s->n++;
		cond_resched();
	}
	free_sample(top->old);
	top->old = top->new;
	top->new = s;
	return 0;
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct top_thread *)a)->pid - ((const struct top_thread *)b)->pid;
}

static int by_number(u64 a, u64 b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

/* Memory is 0 for all, so sorting by it is by PID. */
static int by_key(const void *a, const void *b, const void *priv)
{
	const struct top_thread *x = a, *y = b;
	const struct top *top = priv;
	int order = 0;

	if (top->key == TOP_BY_CPU)
		order = by_number(x->used, y->used);
	else if (top->key == TOP_BY_TIME)
		order = by_number(x->runtime, y->runtime);
	else if (top->key == TOP_BY_PID)
		order = y->pid - x->pid;
	order = order ?: x->pid - y->pid;
	return top->reverse ? -order : order;
}

void top_compare(struct top *top)
{
	struct top_sample *s = top->new, *old = top->old;
	size_t k = 0;

	if (old)
		sort(old->threads, old->n, sizeof(*old->threads), by_pid, NULL);
	for (size_t i = 0; i < s->n; i++) {
		struct top_thread *t = &s->threads[i];

		while (old && k < old->n && old->threads[k].pid < t->pid)
			k++;
		t->used = t->runtime;
		if (old && k < old->n && old->threads[k].pid == t->pid && old->threads[k].started == t->started)
			t->used -= min(old->threads[k].runtime, t->runtime);
	}
	sort_r(s->threads, s->n, sizeof(*s->threads), by_key, NULL, top);
}
