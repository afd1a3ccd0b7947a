/* SPDX-License-Identifier: MIT */
/*
 * Threads as a family: for ps f, ps -H and pstree.
 *
 * Everybody is looked at once, into an array sorted by PID, and an index sorted by parent. Then a thread is found by
 * PID and a parent's first child by halving, and its siblings lie side by side; no list of children is made, and 10,000
 * threads take no longer to arrange than to sort.
 *
 * Parents die while one looks: a thread whose parent is not in the array is at the top. And as the entries are not of
 * one moment, a number given out anew could close a circle; those who walk count their steps.
 */
#include "ps_tree.h"
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

/* Up to `room` threads; who is born meanwhile and finds no room is not listed. */
size_t ps_gather(const struct ps *ps, struct ps_thread *threads, size_t room)
{
	struct task_struct *p = NULL;
	size_t n = 0;

	while ((p = next_task_get(p))) {
		if (n == room) {
			put_task_struct(p);
			break;
		}
		ps_look_at(p, &threads[n]);
		n += ps_is_selected(ps, &threads[n]);
		cond_resched();
	}
	return n;
}

struct ordering {
	const struct ps		*ps;
	const struct ps_tree	*tree;
};

static int by_parent(const void *a, const void *b, const void *priv)
{
	const struct ordering *o = priv;
	const struct ps_thread *x = &o->tree->threads[*(const u32 *)a], *y = &o->tree->threads[*(const u32 *)b];

	return x->ppid != y->ppid ? x->ppid - y->ppid : ps_compare_threads(o->ps, x, y);
}

int ps_tree_make(struct ps_tree *tree, const struct ps *ps)
{
	struct ordering o = { ps, tree };
	size_t room = nr_threads_now() + 64;

	*tree = (struct ps_tree){ .threads = vmalloc(room * (sizeof(*tree->threads) + 2 * sizeof(u32))) };
	if (!tree->threads)
		return -ENOMEM;
	tree->order = (u32 *)(tree->threads + room);
	tree->place = tree->order + room;
	tree->n = ps_gather(ps, tree->threads, room);
	for (size_t i = 0; i < tree->n; i++)
		tree->order[i] = i;
	sort_r(tree->order, tree->n, sizeof(u32), by_parent, NULL, &o);
	for (size_t i = 0; i < tree->n; i++)
		tree->place[tree->order[i]] = i;
	return 0;
}

void ps_tree_free(struct ps_tree *tree)
{
	vfree(tree->threads);
}

/* The first place whose parent is `ppid` or higher. */
static size_t first_with_parent(const struct ps_tree *tree, pid_t ppid)
{
	size_t low = 0, high = tree->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ps_tree_at(tree, middle)->ppid < ppid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t ps_tree_first_child(const struct ps_tree *tree, size_t place)
{
	pid_t pid = ps_tree_at(tree, place)->pid;
	size_t child = first_with_parent(tree, pid);

	return child < tree->n && ps_tree_at(tree, child)->ppid == pid ? child : tree->n;
}

size_t ps_tree_parent(const struct ps_tree *tree, size_t place)
{
	pid_t ppid = ps_tree_at(tree, place)->ppid;
	size_t low = 0, high = tree->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tree->threads[middle].pid < ppid)
			low = middle + 1;
		else
			high = middle;
	}
	return low < tree->n && tree->threads[low].pid == ppid ? tree->place[low] : tree->n;
}

bool ps_tree_has_sibling(const struct ps_tree *tree, size_t place)
{
	return place + 1 < tree->n && ps_tree_at(tree, place)->ppid == ps_tree_at(tree, place + 1)->ppid;
}
