/* SPDX-License-Identifier: MIT */
/*
 * pstree: who is whose child, as a picture. Format: that of psmisc's pstree in ASCII.
 *
 *	kthreadd-+-ksoftirqd/0		the first child stands beside its parent, the others below it
 *	         |-2*[kworker]		as many leaves of that name; not with -p, which tells them apart
 *	         `-khungtaskd
 *
 * With -a each thread has a line of its own. Generations deeper than MAX_DEPTH are counted, not drawn.
 * Read next: ps_tree.c.
 */
#include "ps_tree.h"
#include "shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/sched.h>
#include <linux/string.h>

#define MAX_DEPTH	24

struct picture {
	struct ps_tree	tree;
	bool		pids, commands;
	char		left[384];	/* what stands in front of a line below the current depth */
	size_t		len;
};

static size_t push(struct picture *pic, const char *s, size_t blanks)
{
	size_t before = pic->len;

	pic->len += scnprintf(pic->left + pic->len, sizeof(pic->left) - pic->len, "%*s%s", (int)blanks, "", s);
	return before;
}

static void pop(struct picture *pic, size_t before)
{
	pic->len = before;
	pic->left[before] = '\0';
}

/* Return: how wide. */
static size_t print_name(const struct picture *pic, size_t place, unsigned int times)
{
	const struct ps_thread *t = ps_tree_at(&pic->tree, place);
	bool bare = pic->commands && t->flags & PF_KTHREAD;	/* a name, where a command line would be */
	size_t n = 0;

	if (times > 1)
		n += console_printf("%u*[", times);
	n += console_printf("%s%s", bare ? "(" : "", t->name);
	if (pic->pids)
		n += pic->commands ? console_printf(",%d", t->pid) : console_printf("(%d)", t->pid);
	n += bare ? console_printf(")") : 0;
	if (times > 1)
		n += console_printf("]");
	return n;
}

/* How many siblings from here on look the same: leaves of one name. */
static unsigned int alike(const struct picture *pic, size_t place)
{
	const struct ps_tree *tree = &pic->tree;
	unsigned int n = 1;

	if (pic->pids || pic->commands || ps_tree_first_child(tree, place) < tree->n)
		return 1;
	while (ps_tree_has_sibling(tree, place + n - 1) && ps_tree_first_child(tree, place + n) == tree->n &&
	       !strcmp(ps_tree_at(tree, place)->name, ps_tree_at(tree, place + n)->name))
		n++;
	return n;
}

static void draw(struct picture *pic, size_t place, int depth, unsigned int times);

/* With -a: a line each. */
static void draw_lines(struct picture *pic, size_t child, int depth)
{
	bool more = true;

	for (; more; child++) {
		size_t before;

		more = ps_tree_has_sibling(&pic->tree, child);
		console_printf("%s  %s", pic->left, more ? "|-" : "`-");
		before = push(pic, more ? "  |" : "   ", 0);
		draw(pic, child, depth + 1, 1);
		pop(pic, before);
	}
}

static void draw_beside(struct picture *pic, size_t child, int depth, size_t width)
{
	bool more = true, first = true;

	while (more) {
		unsigned int times = alike(pic, child);
		size_t before;

		more = ps_tree_has_sibling(&pic->tree, child + times - 1);
		if (first)
			console_printf(more ? "-+-" : "---");
		else
			console_printf("%s%*s%s", pic->left, (int)width + 1, "", more ? "|-" : "`-");
		before = push(pic, more ? "| " : "  ", width + 1);
		draw(pic, child, depth + 1, times);
		pop(pic, before);
		child += times;
		first = false;
	}
}

/* The thread at the cursor, and all below it; ends its line. */
static void draw(struct picture *pic, size_t place, int depth, unsigned int times)
{
	size_t width = print_name(pic, place, times), child = ps_tree_first_child(&pic->tree, place);

	if (child == pic->tree.n || depth == MAX_DEPTH) {
		console_printf("%s\n", child == pic->tree.n ? "" : "---...");
	} else if (pic->commands) {
		console_printf("\n");
		draw_lines(pic, child, depth);
	} else {
		draw_beside(pic, child, depth, width);
	}
}

static int draw_all(struct picture *pic, pid_t pid)
{
	bool found = false;

	for (size_t place = 0; place < pic->tree.n; place++) {
		bool is_root = ps_tree_parent(&pic->tree, place) == pic->tree.n;

		if (pid ? ps_tree_at(&pic->tree, place)->pid != pid : !is_root)
			continue;
		found = true;
		draw(pic, place, 0, 1);
	}
	if (!found)
		console_printf("pstree: there is no thread %d; ps -e lists them\n", pid);
	return found ? 0 : -ESRCH;
}

static int run_pstree(int argc, char **argv)
{
	struct ps by_name = { .flags = PS_ALL, .nr_keys = 1, .keys = { { ps_find_column("comm"), 1 } } };
	struct picture pic = { .len = 0 };
	int pid = 0, err;

	for (int i = 1; i < argc; i++) {
		if (!kstrtoint(argv[i], 10, &pid))
			continue;
		if (argv[i][0] != '-' || strspn(argv[i] + 1, "panA") != strlen(argv[i]) - 1) {
			console_printf("pstree: %s is not known here; as in: pstree -p, pstree 2\n", argv[i]);
			return -EINVAL;
		}
		pic.pids |= strchr(argv[i], 'p') != NULL;
		pic.commands |= strchr(argv[i], 'a') != NULL;
		if (strchr(argv[i], 'n'))
			by_name.nr_keys = 0;
	}
	err = ps_tree_make(&pic.tree, &by_name);
	if (err) {
		console_printf("pstree: no memory to arrange %u threads in\n", nr_threads_now());
		return err;
	}
	err = draw_all(&pic, pid);
	ps_tree_free(&pic.tree);
	return err;
}

SHELL_COMMAND(pstree, run_pstree, "[-p] [-a] [-n] [PID]", "who is whose child, as a picture",
	"  Leaves of one name are counted; -p: with PIDs, each on its own. -a: a line each. -n: by PID.\n"
	"  Differs: without a PID, kthreadd's family too. Example: pstree -p 2", .group = "threads");
