/* SPDX-License-Identifier: MIT */
/*
 * cat, ls and tee: the files of /proc on the console. There are no other files.
 *
 * cat goes through a page at a time, so a file may be longer than memory, and the file's own locks are not held while
 * the console, which is slow, prints. ls asks for one name after another for the same reason: what comes and goes
 * meanwhile is listed or not, but nothing is listed twice.
 */
#include "proc.h"
#include "../shell.h"
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>

/* ---- cat ---- */

static int cat_one(const char *path, char *page)
{
	struct proc_file f;
	ssize_t n = proc_open(&f, path, FMODE_READ);

	if (n)
		return proc_complain("cat", path, n);
	while ((n = proc_read(&f, page, PAGE_SIZE)) > 0) {
		console_write(page, n);
		cond_resched();
	}
	proc_close(&f);
	return n < 0 ? proc_complain("cat", path, n) : 0;
}

/* What comes through the pipe, as it is. */
static int cat_input(void)
{
	char line[512];
	ssize_t n;

	while ((n = shell_getline(line, sizeof(line))) >= 0) {
		if (n < sizeof(line) - 1)
			line[n++] = '\n';
		console_write(line, n);
	}
	return n == -EPIPE ? 0 : n;
}

static int run_cat(int argc, char **argv)
{
	char *page;
	int err = 0;

	if (argc < 2 && !shell_in_is_terminal())
		return cat_input();
	if (argc < 2) {
		console_printf("cat: which file? As in: cat /proc/loadavg (ls /proc lists them)\n");
		return -EINVAL;
	}
	page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!page)
		return proc_complain("cat", argv[1], -ENOMEM);
	for (int i = 1; i < argc; i++)
		err = cat_one(argv[i], page) ?: err;
	kfree(page);
	return err;
}

/* ---- tee ---- */

/* All that comes, up to a page: one write is one command to a file of /proc. Return: how much, or a negative errno. */
static ssize_t gather_input(const char *who, char *page)
{
	size_t at = 0;
	ssize_t n;

	while ((n = shell_getline(page + at, PAGE_SIZE - at - 1)) >= 0) {
		at += n;
		page[at++] = '\n';
		if (at > PAGE_SIZE - 2) {
			console_printf("%s: more than a page cannot be written at once\n", who);
			return -EFBIG;
		}
	}
	return n == -EPIPE ? (ssize_t)at : n;
}

static int run_tee(int argc, char **argv)
{
	bool quiet = argc > 1 && !strcmp(argv[1], "-q");
	const char *who = quiet ? "sh" : "tee";
	char *page;
	ssize_t n;

	if (argc != 2 + quiet) {
		console_printf("tee: into which file? As in: echo 5 | tee /proc/sys/kernel/printk\n");
		return -EINVAL;
	}
	page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (!page)
		return proc_complain(who, argv[argc - 1], -ENOMEM);
	n = gather_input(who, page);
	if (n > 0 && !quiet)
		console_write(page, n);
	if (n >= 0)
		n = proc_write_text(who, argv[argc - 1], page, n);
	kfree(page);
	return n;
}

/* ---- ls ---- */

/* A name in a directory, as ls shows it. */
struct item {
	char	name[PROC_NAME_MAX];
	umode_t	mode;
	loff_t	size;
};

static void print_item(const struct item *item, bool is_long)
{
	static const char letters[] = "rwxrwxrwx";
	char bits[] = "----------";

	if (!is_long) {
		console_printf("%s\n", item->name);
		return;
	}
	bits[0] = S_ISDIR(item->mode) ? 'd' : '-';
	for (int i = 0; i < 9; i++)
		if (item->mode & (0400 >> i))
			bits[i + 1] = letters[i];
	console_printf("%s 1 root root %8lld %s\n", bits, item->size, item->name);
}

/* The entry of the directory behind `item`, into it. */
static bool next_entry(struct proc_dir_entry *dir, struct item *item)
{
	struct proc_dir_entry *de;

	mutex_lock(&proc_lock);
	de = proc_next_child(dir, item->name);
	if (de) {
		strscpy(item->name, de->name, sizeof(item->name));
		item->mode = de->mode;
		item->size = de->size;
	}
	mutex_unlock(&proc_lock);
	return de;
}

static void list_threads(bool is_long)
{
	struct item item = { .mode = S_IFDIR | 0555 };
	struct task_struct *p = NULL;

	while ((p = next_task_get(p))) {
		snprintf(item.name, sizeof(item.name), "%d", p->pid);
		print_item(&item, is_long);
		cond_resched();
	}
}

static void list_thread_files(bool is_long)
{
	struct item item = { .size = 0 };

	for (unsigned int i = 0; i < nr_proc_pid_files; i++) {
		strscpy(item.name, proc_pid_files[i].name, sizeof(item.name));
		item.mode = S_IFREG | proc_pid_files[i].mode;
		print_item(&item, is_long);
	}
}

static void list_directory(struct proc_dir_entry *dir, bool is_long)
{
	struct item item = { .name = "" };

	if (dir == &proc_root)
		list_threads(is_long);
	while (next_entry(dir, &item))
		print_item(&item, is_long);
}

static int list_path(const char *path, bool is_long)
{
	struct proc_place place;
	int err = proc_find(path, &place);

	if (err)
		return proc_complain("ls", path, err);
	if (!proc_place_is_dir(&place)) {
		struct item item = { .mode = place.task ? S_IFREG | place.pid_file->mode : place.de->mode };

		strscpy(item.name, path, sizeof(item.name));
		print_item(&item, is_long);
	} else if (place.task) {
		list_thread_files(is_long);
	} else {
		list_directory(place.de, is_long);
	}
	proc_leave(&place);
	return 0;
}

static int run_ls(int argc, char **argv)
{
	bool is_long = argc > 1 && !strcmp(argv[1], "-l");
	int first = 1 + is_long, err = 0;

	if (argc > first && argv[first][0] == '-') {
		console_printf("ls: unknown option %s; ls knows -l\n", argv[first]);
		return -EINVAL;
	}
	if (argc == first)
		return list_path("/proc", is_long);
	for (int i = first; i < argc; i++)
		err = list_path(argv[i], is_long) ?: err;
	return err;
}

SHELL_COMMAND(cat, run_cat, "FILE...", "print files of /proc",
	"  Without a name: what comes through a pipe. Example: cat /proc/loadavg /proc/2/status", .group = "text");
SHELL_COMMAND(tee, run_tee, "[-q] FILE", "write what comes through a pipe to a file of /proc",
	"  And print it, but with -q, which is what > does. Example: echo 5 | tee /proc/sys/kernel/printk",
	.group = "text");
SHELL_COMMAND(ls, run_ls, "[-l] [FILE...]", "list the files of /proc",
	"  Without a name: of /proc itself. A number is the directory of the thread with that PID.\n"
	"  Example: ls -l /proc/2", .group = "text");
