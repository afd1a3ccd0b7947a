/* SPDX-License-Identifier: MIT */
/* /proc: files that are made when they are read, by <linux/seq_file.h> and <linux/proc_fs.h>, and what they say. */
#include "test.h"
#include "../kernel/proc/proc.h"
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel_stat.h>
#include <linux/kthread.h>
#include <linux/sched/loadavg.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* ---- reading ---- */

static char page[4096];

/* Read all of a file, `step` bytes at a time, into page. Return: the length, or what went wrong. */
static ssize_t read_all(const char *path, size_t step)
{
	struct proc_file f;
	ssize_t n = proc_open(&f, path, FMODE_READ), at = 0;

	if (n)
		return n;
	while ((n = proc_read(&f, page + at, min(step, sizeof(page) - 1 - at))) > 0)
		at += n;
	proc_close(&f);
	page[at] = '\0';
	return n ?: at;
}

static ssize_t write_all(const char *path, const char *text)
{
	struct proc_file f;
	ssize_t n = proc_open(&f, path, FMODE_WRITE);

	if (n)
		return n;
	n = proc_write(&f, text, strlen(text));
	proc_close(&f);
	return n;
}

/* ---- seq_file ---- */

static int nr_entries, nr_starts, nr_held;
static size_t entry_size;

static void *list_start(struct seq_file *m, loff_t *pos)
{
	nr_starts++;
	nr_held++;
	return *pos < nr_entries ? (void *)(*pos + 1) : NULL;
}

static void *list_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return *pos < nr_entries ? (void *)(*pos + 1) : NULL;
}

static void list_stop(struct seq_file *m, void *v)
{
	nr_held--;
}

/* "<number padded to entry_size - 1>\n"; every seventh prints nothing, every eleventh is skipped after it has. */
static int list_show(struct seq_file *m, void *v)
{
	int i = (long)v - 1;

	if (i % 7 == 6)
		return 0;
	seq_printf(m, "%0*d\n", (int)entry_size - 1, i);
	return i % 11 == 10 ? SEQ_SKIP : 0;
}

static const struct seq_operations list_ops = { .start = list_start, .next = list_next, .stop = list_stop,
						.show = list_show };

static const char *check_list(void)
{
	const char *at = page;

	for (int i = 0; i < nr_entries; i++) {
		if (i % 7 == 6 || i % 11 == 10)
			continue;
		EXPECT_EQ(simple_strtol(at, NULL, 10), i);
		EXPECT_EQ(at[entry_size - 1], '\n');
		at += entry_size;
	}
	EXPECT_EQ(*at, '\0');
	return NULL;
}

/* Whatever the size of the reads, the text is the same, and nothing is held between two of them. */
TEST(seq_file_text_does_not_depend_on_the_size_of_reads)
{
	static const size_t steps[] = { 1, 2, 3, 5, 17, 64, 1000, 4095 };
	struct proc_dir_entry *de;

	nr_entries = 300;
	entry_size = 10;
	de = proc_create_seq("test_list", 0, NULL, &list_ops);
	EXPECT(de);
	for (unsigned int i = 0; i < ARRAY_SIZE(steps); i++) {
		nr_starts = 0;
		EXPECT(read_all("/proc/test_list", steps[i]) > 0);
		TRY(check_list());
		EXPECT_EQ(nr_held, 0);
	}
	proc_remove(de);
	EXPECT_EQ(read_all("/proc/test_list", 100), -ENOENT);
	return NULL;
}

/* Entries of three quarters of a buffer, and empty lists. */
TEST(seq_file_entries_are_never_torn)
{
	struct proc_dir_entry *de = proc_create_seq("test_list", 0, NULL, &list_ops);

	EXPECT(de);
	nr_entries = 1;
	entry_size = 3000;
	EXPECT_EQ(read_all("/proc/test_list", 4000), 3000);
	TRY(check_list());
	nr_entries = 0;
	EXPECT_EQ(read_all("/proc/test_list", 4000), 0);
	proc_remove(de);
	return NULL;
}

static int show_much(struct seq_file *m, void *v)
{
	for (int i = 0; i < 100000; i++)
		seq_putc(m, 'a' + i % 26);
	return 0;
}

/* One entry of 100,000 bytes: the buffer grows until it fits. */
TEST(seq_file_buffer_grows_for_one_large_entry)
{
	struct proc_dir_entry *de = proc_create_single("test_much", 0, NULL, show_much);
	struct proc_file f;
	ssize_t n, sum = 0;

	EXPECT(de);
	EXPECT_EQ(proc_open(&f, "/proc/test_much", FMODE_READ), 0);
	while ((n = proc_read(&f, page, sizeof(page))) > 0) {
		for (int i = 0; i < n; i++)
			EXPECT_EQ(page[i], 'a' + (sum + i) % 26);
		sum += n;
	}
	proc_close(&f);
	EXPECT_EQ(sum, 100000);
	proc_remove(de);
	return NULL;
}

static int show_error(struct seq_file *m, void *v)
{
	seq_puts(m, "half");
	return -ENXIO;
}

static void *bad_next(struct seq_file *m, void *v, loff_t *pos)
{
	return *pos < 3 ? v : NULL;
}

static int show_x(struct seq_file *m, void *v)
{
	seq_puts(m, "x");
	return 0;
}

TEST(seq_file_error_of_show_is_the_readers)
{
	struct proc_dir_entry *de = proc_create_single("test_error", 0, NULL, show_error);

	EXPECT(de);
	EXPECT_EQ(read_all("/proc/test_error", 100), -ENXIO);
	proc_remove(de);
	return NULL;
}

/* A next() that forgets to count would print for ever. */
TEST(seq_file_next_that_does_not_count_is_named, .says = "did not update position index")
{
	static const struct seq_operations ops = { .start = list_start, .next = bad_next, .stop = list_stop,
						   .show = show_x };
	struct proc_dir_entry *de = proc_create_seq("test_bad", 0, NULL, &ops);

	nr_entries = 3;
	EXPECT(de);
	EXPECT_EQ(read_all("/proc/test_bad", 100), 4);
	proc_remove(de);
	return NULL;
}

static int show_numbers(struct seq_file *m, void *v)
{
	seq_put_decimal_ull(m, "a ", 18446744073709551615ULL);
	seq_put_decimal_ll(m, ",", -5);
	seq_put_decimal_ull_width(m, ",", 7, 4);
	seq_put_hex_ll(m, " 0x", 255, 4);
	seq_setwidth(m, 8);
	seq_puts(m, "abc");
	seq_pad(m, '\n');
	BLAME_UNLESS(m->private == page);
	return 0;
}

TEST(seq_file_numbers_have_linux_format)
{
	struct proc_dir_entry *de = proc_create_single_data("test_numbers", 0, NULL, show_numbers, page);

	EXPECT(de);
	EXPECT(read_all("/proc/test_numbers", 100) > 0);
	EXPECT(!strcmp(page, "a 18446744073709551615,-5,   7 0x00ffabc     \n"));
	proc_remove(de);
	return NULL;
}

/* ---- proc_fs ---- */

static char stored[32];
static atomic_t nr_open;	/* readers come at once, from all CPUs */

static int stored_open(struct inode *inode, struct file *file)
{
	atomic_inc(&nr_open);
	file->private_data = pde_data(inode);
	return 0;
}

static int stored_release(struct inode *inode, struct file *file)
{
	atomic_dec(&nr_open);
	return 0;
}

static ssize_t stored_read(struct file *file, char __user *buf, size_t size, loff_t *pos)
{
	return simple_read_from_buffer(buf, size, pos, file->private_data, strlen(stored));
}

static ssize_t stored_write(struct file *file, const char __user *buf, size_t size, loff_t *pos)
{
	if (size >= sizeof(stored))
		return -ENOSPC;
	if (copy_from_user(stored, buf, size))
		return -EFAULT;
	stored[size] = '\0';
	return size;
}

static const struct proc_ops stored_ops = {
	.proc_open = stored_open, .proc_read = stored_read, .proc_write = stored_write, .proc_release = stored_release,
};

TEST(proc_file_of_ones_own_is_read_and_written)
{
	struct proc_dir_entry *dir = proc_mkdir("test_dir", NULL), *de;

	EXPECT(dir);
	de = proc_create_data("stored", 0644, dir, &stored_ops, stored);
	EXPECT(de);
	EXPECT_EQ(write_all("/proc/test_dir/stored", "hello\n"), 6);
	EXPECT_EQ(read_all("/proc/test_dir/stored", 4), 6);
	EXPECT(!strcmp(page, "hello\n"));
	EXPECT_EQ(write_all("/proc/test_dir/stored", "this is longer than the file has room for"), -ENOSPC);
	EXPECT_EQ(read_all("/proc/test_dir", 4), -EISDIR);
	EXPECT_EQ(read_all("/proc/test_dir/stored/x", 4), -ENOTDIR);
	EXPECT_EQ(atomic_read(&nr_open), 0);
	proc_remove(dir);	/* and what is in it */
	EXPECT_EQ(read_all("/proc/test_dir/stored", 4), -ENOENT);
	return NULL;
}

TEST(proc_name_that_is_taken_is_refused, .warns = "proc_dir_entry '/proc/test_list' already registered")
{
	struct proc_dir_entry *de = proc_create("test_list", 0, NULL, &stored_ops);

	EXPECT(de);
	EXPECT(!proc_create_seq("test_list", 0, NULL, &list_ops));
	proc_remove(de);
	return NULL;
}

TEST(proc_directory_that_is_not_there_is_explained, .warns = "there is no directory for 'no/file' in /proc")
{
	EXPECT(!proc_create("no/file", 0, NULL, &stored_ops));
	return NULL;
}

TEST(proc_removal_of_what_is_not_there_is_explained, .warns = "has no 'test_none'")
{
	remove_proc_entry("test_none", NULL);
	proc_remove(NULL);
	return NULL;
}

static struct proc_dir_entry *self_removing;

static int show_and_remove(struct seq_file *m, void *v)
{
	proc_remove(self_removing);
	seq_puts(m, "x");
	return 0;
}

TEST(proc_file_that_removes_itself_is_refused, .warns = "is removed by one of its own functions")
{
	self_removing = proc_create_single("test_self", 0, NULL, show_and_remove);
	EXPECT(self_removing);
	EXPECT_EQ(read_all("/proc/test_self", 10), 1);
	proc_remove(self_removing);
	EXPECT_EQ(read_all("/proc/test_self", 10), -ENOENT);
	return NULL;
}

/* Opened, then removed: release() has been called, the reader gets an error and closes nothing twice. */
TEST(proc_file_removed_while_open_is_closed)
{
	struct proc_dir_entry *de = proc_create_data("test_open", 0, NULL, &stored_ops, stored);
	struct proc_file f;

	EXPECT(de);
	strcpy(stored, "text");
	EXPECT_EQ(proc_open(&f, "/proc/test_open", FMODE_READ), 0);
	EXPECT_EQ(proc_read(&f, page, 2), 2);
	EXPECT_EQ(atomic_read(&nr_open), 1);
	proc_remove(de);
	EXPECT_EQ(atomic_read(&nr_open), 0);
	EXPECT_EQ(proc_read(&f, page, 2), -EIO);
	EXPECT_EQ(proc_write(&f, page, 2), -EIO);
	proc_close(&f);
	EXPECT_EQ(atomic_read(&nr_open), 0);
	return NULL;
}

static atomic_t inside, removed;
static DECLARE_COMPLETION(go_on);

static int show_slowly(struct seq_file *m, void *v)
{
	atomic_set(&inside, 1);
	wait_for_completion(&go_on);
	BLAME_UNLESS(!atomic_read(&removed));
	seq_puts(m, "done");
	atomic_set(&inside, 0);
	return 0;
}

static int read_slow_file(void *unused)
{
	static char text[16];
	struct proc_file f;

	BLAME_UNLESS(proc_open(&f, "/proc/test_slow", FMODE_READ) == 0);
	BLAME_UNLESS(proc_read(&f, text, sizeof(text)) == 4);
	proc_close(&f);
	return test_wait_for_stop();
}

static int remove_slow_file(void *de)
{
	proc_remove(de);
	atomic_set(&removed, 1);
	return test_wait_for_stop();
}

/* What a module's exit function relies on: proc_remove() returns when nobody is in the file's functions. */
TEST(proc_remove_waits_for_those_inside)
{
	struct proc_dir_entry *de = proc_create_single("test_slow", 0, NULL, show_slowly);
	struct task_struct *reader, *remover;

	EXPECT(de);
	atomic_set(&removed, 0);
	reinit_completion(&go_on);
	reader = test_start(-1, read_slow_file, NULL, "reader");
	EXPECT(eventually(atomic_read(&inside)));
	remover = test_start(-1, remove_slow_file, de, "remover");
	EXPECT(eventually(test_asleep(remover, TASK_UNINTERRUPTIBLE)));
	EXPECT_EQ(read_all("/proc/test_slow", 10), -ENOENT);	/* no one new gets in */
	complete(&go_on);
	EXPECT(eventually(atomic_read(&removed)));
	test_join(remover);
	test_join(reader);
	return NULL;
}

static const char *open_and_read(struct crew *c, int i)
{
	char text[64];
	u32 seed = test_seed(i);

	for (int round = 0; round < test_rounds(200); round++) {
		struct proc_dir_entry *de = NULL;
		struct proc_file f;

		if (i == 0)
			de = proc_create_data("test_race", 0, NULL, &stored_ops, stored);
		if (!proc_open(&f, "/proc/test_race", FMODE_READ)) {
			if (test_random(&seed) % 4 == 0)
				cond_resched();
			proc_read(&f, text, sizeof(text));
			proc_close(&f);
		}
		proc_remove(de);
	}
	return NULL;
}

/* One makes and removes a file all the time, the others open and read it: none reads what is gone, nothing leaks. */
TEST(proc_files_come_and_go_under_their_readers, .cpus = 2)
{
	struct crew crew = { .fn = open_and_read, .n = 4, .bound = true };

	TRY(crew_run(&crew));
	EXPECT_EQ(atomic_read(&nr_open), 0);
	return NULL;
}

/* ---- what the files say ---- */

static int sleeper(void *unused)
{
	return test_wait_for_stop();
}

static int nr_fields(const char *text)
{
	int n = 0;

	for (const char *word; *(word = text + strspn(text, " \n")); text = word + strcspn(word, " \n"))
		n++;
	return n;
}

TEST(proc_pid_stat_has_the_52_fields_of_linux)
{
	struct task_struct *p = test_start(-1, sleeper, NULL, "stat me");
	int pid, ppid;
	char path[32], state, *rest;

	EXPECT(eventually(test_asleep(p, TEST_ANY_SLEEP)));
	snprintf(path, sizeof(path), "/proc/%d/stat", p->pid);
	EXPECT(read_all(path, 100) > 0);
	EXPECT_EQ(sscanf(page, "%d (stat me) %c %d", &pid, &state, &ppid), 3);
	EXPECT_EQ(pid, p->pid);
	EXPECT_EQ(state, task_state_to_char(p));
	EXPECT_EQ(ppid, 2);
	rest = strchr(page, ')');
	EXPECT(rest);
	EXPECT_EQ(2 + nr_fields(rest + 1), 52);
	EXPECT(page[strlen(page) - 1] == '\n');
	test_join(p);
	EXPECT_EQ(read_all(path, 100), -ENOENT);
	return NULL;
}

/* A reader who has opened the file of a thread that has ended since. */
TEST(proc_pid_file_of_a_dead_thread_reads_esrch)
{
	struct task_struct *p = test_start(-1, sleeper, NULL, "dies");
	struct proc_file f;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/status", p->pid);
	EXPECT_EQ(proc_open(&f, path, FMODE_READ), 0);
	test_join(p);
	EXPECT(eventually(READ_ONCE(f.task->exit_state) == EXIT_DEAD));
	EXPECT_EQ(proc_read(&f, page, 100), -ESRCH);
	proc_close(&f);
	return NULL;
}

TEST(proc_pid_names_that_are_none_are_refused)
{
	EXPECT_EQ(read_all("/proc/99999999999999999999/stat", 10), -ENOENT);
	EXPECT_EQ(read_all("/proc/0/stat", 10), -ENOENT);
	EXPECT_EQ(read_all("/proc/-1/stat", 10), -ENOENT);
	EXPECT_EQ(read_all("/proc/2/nothing", 10), -ENOENT);
	EXPECT_EQ(read_all("/proc/2/stat/x", 10), -ENOTDIR);
	EXPECT_EQ(read_all("/proc/2", 10), -EISDIR);
	EXPECT_EQ(read_all("/proc", 10), -EISDIR);
	EXPECT_EQ(read_all("/", 10), -ENOENT);
	EXPECT_EQ(read_all("proc/stat", 10), -ENOENT);
	EXPECT_EQ(read_all("", 10), -ENOENT);
	EXPECT(read_all("//proc//self///comm", 10) > 0);
	return NULL;
}

TEST(proc_settings_refuse_what_makes_no_sense)
{
	static const char file[] = "/proc/sys/kernel/panic_on_oops";

	EXPECT_EQ(write_all(file, "2\n"), -EINVAL);
	EXPECT_EQ(write_all(file, "-1"), -EINVAL);
	EXPECT_EQ(write_all(file, "one"), -EINVAL);
	EXPECT_EQ(write_all(file, ""), -EINVAL);
	EXPECT_EQ(write_all(file, "99999999999999999999"), -ERANGE);
	EXPECT_EQ(write_all("/proc/sys/kernel/ostype", "Linux"), -EPERM);
	EXPECT_EQ(write_all("/proc/sys/kernel/printk", "1 2 3 4 5"), -EINVAL);
	EXPECT_EQ(read_all(file, 10), 2);
	EXPECT(!strcmp(page, "0\n"));
	EXPECT_EQ(write_all("/proc/loadavg", "1"), -EIO);
	return NULL;
}

/* ---- the load average ---- */

/* Fixed points: a load that stays n arrives at n and stays; without anybody it goes to 0. */
TEST(loadavg_arrives_where_the_load_stays)
{
	static const unsigned long exps[] = { EXP_1, EXP_5, EXP_15 };

	for (unsigned int i = 0; i < ARRAY_SIZE(exps); i++) {
		unsigned long load = 0;

		for (int round = 0; round < 5000; round++)
			load = calc_load(load, exps[i], 3 * FIXED_1);
		EXPECT_EQ(load, 3 * FIXED_1);
		for (int round = 0; round < 50000; round++)
			load = calc_load(load, exps[i], 0);
		EXPECT_EQ(load, 0);
	}
	return NULL;
}

/* Twelve steps of 5 s are a minute: what is left is 1/e. Missed steps are made up for all at once. */
TEST(loadavg_forgets_by_e_a_minute)
{
	unsigned long one_by_one = 100 * FIXED_1, at_once = calc_load_n(100 * FIXED_1, EXP_1, 0, 12);

	for (int i = 0; i < 12; i++)
		one_by_one = calc_load(one_by_one, EXP_1, 0);
	EXPECT_OP(LOAD_INT(one_by_one), ==, 36);	/* 36.79 */
	EXPECT_OP(abs((long)one_by_one - (long)at_once), <, FIXED_1 / 10);
	return NULL;
}

static int sleep_uninterruptibly(void *unused)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_UNINTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int nr_in_state_d(void)
{
	struct task_struct *p = NULL;
	int n = 0;

	while ((p = next_task_get(p)))
		n += task_state_to_char(p) == 'D';
	return n;
}

/*
 * Three more that sleep in state D for 100 s (the runner does, too): the averages are on their way to their number,
 * though nobody runs. What is left of what they were before is e^(-100/60), e^(-100/300), e^(-100/900).
 */
TEST(loadavg_counts_uninterruptible_sleepers)
{
	static const unsigned int kept[] = { 189, 717, 895 };	/* thousandths */
	unsigned long before[3], after[3];
	struct task_struct *p[3];
	long n;

	if (test_real_time) {
		test_note("skipped where time is the host's: it takes 100 s");
		return NULL;
	}
	get_avenrun(before, 0, 0);
	for (int i = 0; i < 3; i++)
		p[i] = test_start(-1, sleep_uninterruptibly, NULL, "D");
	for (int i = 0; i < 10; i++)
		schedule_timeout_idle(10 * HZ);
	get_avenrun(after, 0, 0);
	n = nr_in_state_d();
	for (int i = 0; i < 3; i++)
		test_join(p[i]);
	EXPECT_OP(n, >=, 3);
	for (int i = 0; i < 3; i++) {
		long expected = (before[i] * kept[i] + n * FIXED_1 * (1000 - kept[i])) / 1000;

		/* One step more or less, and a tick that found somebody running. */
		test_note("%lu.%02lu, expected %lu.%02lu", LOAD_INT(after[i]), LOAD_FRAC(after[i]), LOAD_INT(expected),
			  LOAD_FRAC(expected));
		EXPECT_OP(abs((long)after[i] - expected), <, n * FIXED_1 / 10 + before[i] / 20);
	}
	return NULL;
}

/* A CPU's times add up to the time that it is up. */
TEST(cpu_times_add_up)
{
	struct kernel_cpustat before, after;
	u64 sum = 0, start, end;

	start = ktime_get_ns();
	kcpustat_cpu_fetch(&before, 0);
	msleep(50);
	kcpustat_cpu_fetch(&after, 0);
	end = ktime_get_ns();
	for (int i = 0; i < NR_STATS; i++)
		sum += after.cpustat[i] - before.cpustat[i];
	EXPECT_OP(sum, <=, end - start + TICK_NSEC);
	EXPECT_OP(sum, >=, 50 * NSEC_PER_MSEC - TICK_NSEC);
	return NULL;
}
