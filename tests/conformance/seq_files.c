/* SPDX-License-Identifier: MIT */
/*
 * Files in /proc: what one reads of single_open(), of an iterator, of a plain read function, and what a write brings.
 *
 * judge: run cat /proc/judge/single
 * judge: run cat /proc/judge/single /proc/judge/single
 * judge: run cat /proc/judge/steps
 * judge: run cat /proc/judge/plain
 * judge: run echo hello > /proc/judge/plain
 * judge: run cat /proc/judge/plain
 * judge: run cat /proc/judge/steps | head -n 2
 */
#include "promise.h"
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

static struct proc_dir_entry *dir;
static char text[32] = "nothing yet\n";
static size_t length = 12;

static int show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d %s", 7, "seven");
	seq_putc(m, '\n');
	seq_puts(m, "the end\n");
	seq_put_decimal_ull(m, "number ", 42);
	seq_put_decimal_ll(m, " and ", -42);
	seq_printf(m, "\n%*s|\n", 5, "x");
	return 0;
}

static void *start(struct seq_file *m, loff_t *pos)
{
	return *pos < 5 ? pos : NULL;
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	return ++*pos < 5 ? pos : NULL;
}

static void stop(struct seq_file *m, void *v)
{
}

static int show_step(struct seq_file *m, void *v)
{
	if (*(loff_t *)v == 3)
		return SEQ_SKIP;
	seq_printf(m, "step %lld\n", *(loff_t *)v);
	return 0;
}

static const struct seq_operations steps = { .start = start, .next = next, .stop = stop, .show = show_step };

static ssize_t plain_read(struct file *file, char __user *buf, size_t size, loff_t *pos)
{
	return simple_read_from_buffer(buf, size, pos, text, length);
}

static ssize_t plain_write(struct file *file, const char __user *buf, size_t size, loff_t *pos)
{
	length = min(size, sizeof(text));
	if (copy_from_user(text, buf, length))
		return -EFAULT;
	say("%zu bytes written", size);
	return size;
}

static const struct proc_ops plain = { .proc_read = plain_read, .proc_write = plain_write };

static int __init judge_init(void)
{
	dir = proc_mkdir("judge", NULL);
	ask_pointer(dir);
	ask_pointer(proc_create_single("single", 0444, dir, show));
	ask_pointer(proc_create_seq("steps", 0444, dir, &steps));
	ask_pointer(proc_create("plain", 0644, dir, &plain));
	return 0;
}

static void __exit judge_exit(void)
{
	remove_proc_entry("single", dir);
	remove_proc_subtree("judge", NULL);
}

module_init(judge_init);
module_exit(judge_exit);
MODULE_LICENSE("GPL");
