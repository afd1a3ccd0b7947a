/* SPDX-License-Identifier: MIT */
/*
 * /proc/sys/kernel: settings that can be changed while the kernel runs. `echo 5 > /proc/sys/kernel/NAME`.
 *
 * One row in the table each: where the value is, its type, the least and the greatest that make sense, and what is to
 * be done after a change. A value that is no number, or too small or too great, is refused and changes nothing.
 * Read next: file.c, whose writers these are.
 */
#include "proc.h"
#include <linux/array_size.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/limits.h>
#include <linux/nmi.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/sched/rt.h>
#include <linux/sched/sysctl.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <linux/threads.h>
#include <linux/time64.h>
#include <linux/utsname.h>

struct setting {
	const char	*name;
	void		*value;
	enum { IS_INT, IS_LONG, IS_LOGLEVELS, IS_TEXT } type;
	long		least, most;
	void		(*changed)(void);
};

static void watch_again(void)
{
	hung_task_watch(0);
}

static void watch_cpus_again(void)
{
	watchdog_watch(0);
}

static const struct setting settings[] = {
	{ "hung_task_timeout_secs",	&sysctl_hung_task_timeout_secs,	IS_LONG, 0, LONG_MAX / NSEC_PER_SEC,
	  watch_again },
	{ "panic_on_oops",		&panic_on_oops,			IS_INT, 0, 1, NULL },
	{ "panic_on_warn",		&panic_on_warn,			IS_INT, 0, 1, NULL },
	{ "pid_max",			&pid_max,			IS_INT, 301, PID_MAX_LIMIT, NULL },
	{ "printk",			console_printk,			IS_LOGLEVELS, 0, 15, NULL },
	{ "sched_rt_period_us",		&sysctl_sched_rt_period,	IS_INT, 1, INT_MAX, NULL },
	{ "sched_rt_runtime_us",	&sysctl_sched_rt_runtime,	IS_INT, -1, INT_MAX, NULL },
	{ "threads-max",		&max_threads,			IS_INT, 20, INT_MAX, NULL },
	{ "watchdog_thresh",		&watchdog_thresh,		IS_INT, 0, 60, watch_cpus_again },
	{ "ostype",			init_uts_name.sysname,		IS_TEXT, 0, 0, NULL },
	{ "osrelease",			init_uts_name.release,		IS_TEXT, 0, 0, NULL },
	{ "version",			init_uts_name.version,		IS_TEXT, 0, 0, NULL },
	{ "hostname",			init_uts_name.nodename,		IS_TEXT, 0, 0, NULL },
};

static int show_setting(struct seq_file *m, void *v)
{
	const struct setting *s = m->private;
	const int *n = s->value;

	switch (s->type) {
	case IS_INT:
		seq_printf(m, "%d\n", READ_ONCE(*n));
		break;
	case IS_LONG:
		seq_printf(m, "%ld\n", READ_ONCE(*(long *)s->value));
		break;
	case IS_LOGLEVELS:
		seq_printf(m, "%d\t%d\t%d\t%d\n", n[0], n[1], n[2], n[3]);
		break;
	case IS_TEXT:
		seq_printf(m, "%s\n", (const char *)s->value);
	}
	return 0;
}

static int open_setting(struct inode *inode, struct file *file)
{
	return single_open(file, show_setting, pde_data(inode));
}

static int parse(const char *word, const struct setting *s, long *value)
{
	int err = kstrtol(word, 0, value);

	if (!err && (*value < s->least || *value > s->most))
		err = -EINVAL;
	return err;
}

/* As many of the four as are given, all of them checked first. */
static int set_loglevels(const struct setting *s, char *text)
{
	long level[4];
	int n = 0;
	char *word;

	while ((word = strsep(&text, " \t"))) {
		if (!*word)
			continue;
		if (n == 4 || parse(word, s, &level[n++]))
			return -EINVAL;
	}
	if (!n)
		return -EINVAL;
	for (int i = 0; i < n; i++)
		WRITE_ONCE(((int *)s->value)[i], level[i]);
	return 0;
}

static int set(const struct setting *s, char *text)
{
	long value;
	int err;

	if (s->type == IS_TEXT)
		return -EPERM;
	if (s->type == IS_LOGLEVELS)
		return set_loglevels(s, text);
	err = parse(text, s, &value);
	if (err)
		return err;
	if (s->type == IS_INT)
		WRITE_ONCE(*(int *)s->value, value);
	else
		WRITE_ONCE(*(long *)s->value, value);
	return 0;
}

static ssize_t write_setting(struct file *file, const char *buf, size_t size, loff_t *pos)
{
	const struct setting *s = pde_data(file_inode(file));
	char text[64];
	int err;

	if (size >= sizeof(text))
		return -EINVAL;
	memcpy(text, buf, size);
	text[size] = '\0';
	err = set(s, strim(text));
	if (!err && s->changed)
		s->changed();
	return err ?: (ssize_t)size;
}

static const struct proc_ops setting_ops = {
	.proc_open = open_setting, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release,
	.proc_write = write_setting,
};

static int __init proc_sysctl_init(void)
{
	struct proc_dir_entry *sys = proc_mkdir("sys", NULL), *dir = sys ? proc_mkdir("kernel", sys) : NULL;

	for (unsigned int i = 0; dir && i < ARRAY_SIZE(settings); i++)
		proc_create_data(settings[i].name, settings[i].type == IS_TEXT ? 0444 : 0644, dir, &setting_ops,
				 (void *)&settings[i]);
	return 0;
}
fs_initcall(proc_sysctl_init);
