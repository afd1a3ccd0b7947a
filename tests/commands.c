/* SPDX-License-Identifier: MIT */
/* The shell's commands about threads and the machine: the output of their namesakes, and one line for a mistake. */
#include "test.h"
#include "shell_says.h"
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/kernel.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

static int sleeper(void *unused)
{
	return test_wait_for_stop();
}

static char line[256], text[512];

#define LINE(fmt, ...)	(snprintf(line, sizeof(line), fmt, ##__VA_ARGS__), line)
#define TEXT(fmt, ...)	(snprintf(text, sizeof(text), fmt, ##__VA_ARGS__), text)

static struct task_struct *start_sleeper(const char *name)
{
	struct task_struct *p = test_start(-1, sleeper, NULL, name);

	return eventually(test_asleep(p, TEST_ANY_SLEEP)) ? p : NULL;
}

static const char *check_chrt(int pid)
{
	SAYS(LINE("chrt -p %d", pid), TEXT("pid %d's current scheduling policy: SCHED_OTHER\n"
					   "pid %d's current scheduling priority: 0\n", pid, pid), 0);
	SAYS(LINE("chrt -f -p 7 %d", pid), "", 0);
	SAYS(LINE("chrt -p %d", pid), TEXT("pid %d's current scheduling policy: SCHED_FIFO\n"
					   "pid %d's current scheduling priority: 7\n", pid, pid), 0);
	SAYS(LINE("ps -o cls=,rtprio=,pri=,ni= -p %d", pid), " FF      7  47   -\n", 0);
	SAYS(LINE("chrt -R -b -p 0 %d", pid), "", 0);
	SAYS(LINE("chrt -p %d", pid), TEXT("pid %d's current scheduling policy: SCHED_BATCH|SCHED_RESET_ON_FORK\n"
					   "pid %d's current scheduling priority: 0\n", pid, pid), 0);
	SAYS(LINE("chrt -f -p 100 %d", pid), "chrt: unsupported priority value for the policy: 100: SCHED_FIFO takes "
	     "1 to 99 (chrt -m)\n", 1);
	SAYS(LINE("chrt -f -p x %d", pid), "chrt: invalid priority argument: 'x'\n", 1);
	return NULL;
}

TEST(chrt_shows_and_sets_policies_as_util_linux_does)
{
	struct task_struct *p = start_sleeper("chrt me");
	const char *why;

	EXPECT(p);
	why = check_chrt(p->pid);
	test_join(p);
	TRY(why);
	SAYS(LINE("chrt -p %d", pid_max - 1),
	     TEXT("chrt: failed to get pid %d's policy: No such process\n", pid_max - 1), 1);
	SAYS("chrt -p x", "chrt: invalid PID argument: 'x'\n", 1);
	SAYS_ALSO("chrt -m", "SCHED_OTHER min/max priority\t: 0/0\nSCHED_FIFO min/max priority\t: 1/99\n");
	SAYS_ALSO("chrt -r 10 chrt -p 0", "current scheduling priority: 10\n");
	return NULL;
}

static const char *check_taskset(int pid)
{
	SAYS(LINE("taskset -p %d", pid), TEXT("pid %d's current affinity mask: %lx\n", pid,
					      cpumask_bits(cpu_possible_mask)[0]), 0);
	SAYS_ALSO(LINE("taskset -cp 1 %d", pid), TEXT("\npid %d's new affinity list: 1\n", pid));
	SAYS(LINE("taskset -p 3 %d", pid),
	     TEXT("pid %d's current affinity mask: 2\npid %d's new affinity mask: 3\n", pid, pid), 0);
	SAYS(LINE("taskset -cp %d", pid), TEXT("pid %d's current affinity list: 0,1\n", pid), 0);
	SAYS_ALSO(LINE("taskset -p xyz %d", pid), "\ntaskset: failed to parse CPU mask: xyz; as in: taskset -p 3 12\n");
	SAYS_ALSO(LINE("taskset -cp 63 %d", pid), " (none of these CPUs is online; cpu lists them)\n");
	SAYS_ALSO(LINE("taskset -cp 1- %d", pid),
		  "\ntaskset: failed to parse CPU list: 1-; as in: taskset -cp 0,2-3 12\n");
	return NULL;
}

TEST(taskset_shows_and_sets_affinity_as_util_linux_does, .cpus = 2)
{
	struct task_struct *p = start_sleeper("taskset me"), *bound = test_start(0, sleeper, NULL, "bound");
	const char *why;

	EXPECT(p);
	why = check_taskset(p->pid);
	run_and_catch(LINE("taskset -p 2 %d", bound->pid));
	if (!why && !strstr(printed, TEXT("taskset: failed to set pid %d's affinity: Invalid argument (the kernel has "
					  "bound it)\n", bound->pid)))
		why = test_fail("of a bound thread: %s", printed);
	test_join(bound);
	test_join(p);
	TRY(why);
	SAYS_ALSO("taskset 1 taskset -cp 0", "affinity list: 0\n");
	return NULL;
}

TEST(nice_and_renice_say_what_they_did)
{
	struct task_struct *p = start_sleeper("renice me");
	int pid = p ? p->pid : 0, nice;

	EXPECT(p);
	run_and_catch(LINE("renice -n 5 -p %d", pid));
	nice = task_nice(p);
	test_join(p);
	EXPECT(!strcmp(printed, TEXT("%d (process ID) old priority 0, new priority 5\n", pid)));
	EXPECT_EQ(nice, 5);
	SAYS("nice", "0\n", 0);
	SAYS("nice -n 5 nice", "5\n", 0);
	SAYS("nice nice", "10\n", 0);
	SAYS("nice -n 3 nice -n 30 nice", "19\n", 0);
	SAYS("nice -n 5 nosuch",
	     "nice: failed to execute nosuch: No such file or directory (help lists the commands)\n", 1);
	SAYS("renice x 1", "renice: invalid priority 'x'; -20 (most) to 19 (least), as in: renice -n 5 -p 12\n", 1);
	return NULL;
}

static int waits_for_usr1(void *got)
{
	allow_signal(SIGUSR1);
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(current)) {
			WRITE_ONCE(*(int *)got, kernel_dequeue_signal());
			flush_signals(current);
		}
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

TEST(kill_takes_names_numbers_and_several_threads)
{
	int got[2] = { 0, 0 };
	struct task_struct *a = test_start(-1, waits_for_usr1, &got[0], "kill a");
	struct task_struct *b = test_start(-1, waits_for_usr1, &got[1], "kill b");
	bool both;
	int status;

	EXPECT(eventually(test_asleep(a, TEST_ANY_SLEEP) && test_asleep(b, TEST_ANY_SLEEP)));
	status = run_and_catch(LINE("kill -s USR1 %d x %d %d", a->pid, b->pid, pid_max - 1));
	both = eventually(READ_ONCE(got[0]) == SIGUSR1 && READ_ONCE(got[1]) == SIGUSR1);
	test_join(a);
	test_join(b);
	EXPECT(both);
	EXPECT_EQ(status, 1);
	EXPECT(!strcmp(printed, TEXT("kill: x is not a PID; ps -e lists them\n"
				     "kill: (%d) - No such process; ps -e lists those there are\n", pid_max - 1)));
	SAYS("kill -l 9", "KILL\n", 0);
	SAYS("kill -l TERM sigusr1", "15\n10\n", 0);
	SAYS("kill -NOSUCH 1", "kill: NOSUCH: there is no such signal (kill -l lists them)\n", 1);
	SAYS_ALSO("kill -l", " 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n");
	SAYS_ALSO("kill -l", "\n63) SIGRTMAX-1\t64) SIGRTMAX\t\n");
	SAYS("kill", "kill: which signal to whom? As in: kill -TERM 12 (kill -l lists the signals)\n", 1);
	return NULL;
}

TEST(threads_are_found_by_name)
{
	struct task_struct *a = start_sleeper("find-me"), *b = start_sleeper("find-me");
	struct task_struct *c = start_sleeper("find-me-too");
	const char *why = NULL;

	EXPECT(a && b && c);
	run_and_catch("pidof find-me");
	if (strcmp(printed, TEXT("%d %d\n", b->pid, a->pid)))
		why = test_fail("pidof: %s", printed);
	run_and_catch("pgrep -l find-me");
	if (!why && strcmp(printed, TEXT("%d find-me\n%d find-me\n%d find-me-too\n", a->pid, b->pid, c->pid)))
		why = test_fail("pgrep: %s", printed);
	run_and_catch("pgrep -c ^find.*; pgrep -n me$; pgrep -x find-me-too");
	if (!why && strcmp(printed, TEXT("0\n%d\n%d\n", b->pid, c->pid)))
		why = test_fail("pgrep patterns: %s", printed);
	test_join(c);
	test_join(b);
	test_join(a);
	TRY(why);
	SAYS("pidof nosuchname", "", 1);
	SAYS("killall nosuchname", "nosuchname: no process found\n", 1);
	return NULL;
}

static const char *check_ps(int pid)
{
	SAYS(LINE("ps -o pid,ppid,pgid,sid,tpgid,stat,cls,pri,ni,nlwp,ignored,comm,args -p %d", pid),
	     TEXT("  PID  PPID  PGID   SID TPGID STAT CLS PRI  NI NLWP          IGNORED COMMAND         COMMAND\n"
		  "%5d     2     0     0    -1 S     TS  19   0    1 ffffffffffffffff ps me           [ps me]\n",
		  pid), 0);
	SAYS(LINE("ps f -o pid=,args= -p 2,%d", pid), TEXT("    2 [kthreadd]\n%5d  \\_ [ps me]\n", pid), 0);
	SAYS(LINE("ps -H -o pid=,comm= -p 2,%d", pid), TEXT("    2 kthreadd\n%5d   ps me\n", pid), 0);
	SAYS(LINE("ps c -o args= -p %d", pid), "ps me\n", 0);
	return NULL;
}

TEST(ps_selects_and_shows_what_it_is_asked_for)
{
	struct task_struct *p = start_sleeper("ps me");
	const char *why = "not asleep";

	if (p)
		why = check_ps(p->pid);
	test_join(p);
	TRY(why);
	SAYS("ps -N -e", "  PID TTY          TIME CMD\n", 0);
	SAYS_ALSO("ps -p 2 -o comm,nosuch", "ps: unknown column 'nosuch'");
	SAYS("ps -u nobody", "ps: there is no user nobody; here all threads have root\n", 1);
	SAYS("ps -f u", "ps: these options ask for different listings; use -f and its like, one of u, l, j, s, v, X, "
	     "or -o\n", 1);
	return NULL;
}

TEST(free_uname_and_date_have_their_namesakes_format)
{
	SAYS_ALSO("free", "               total        used        free      shared  buff/cache   available\nMem:   ");
	SAYS_ALSO("free -m", "\nSwap:              0           0           0\n");
	SAYS_ALSO("free -h", "\nSwap:             0B          0B          0B\n");
	SAYS("free -x", "free: -x is not known here; free knows -b -k -m -g -h and -t\n", 1);
	SAYS("uname", "Bobbin\n", 0);
	SAYS("uname -rm", "6.1.0-bobbin x86_64\n", 0);
	SAYS("date +100%%", "100%\n", 0);
	SAYS("date -u +100%%", "100%\n", 0);
	SAYS("top -q", "top: unknown option '-q'; as in: top -b -d 0.5 -n 3 -p 2,3 (man top)\n", 1);
	SAYS("top", "top: this is no terminal; top -b -n 1 prints lines for a pipe\n", 1);
	return NULL;
}

/* Runs for as long as it is not stopped, a good part of the time. */
static int spinner(void *unused)
{
	while (!kthread_should_stop())
		cond_resched();
	return 0;
}

/* One thread computes, the others sleep: it is the first of the list, and nearly all of a CPU is its. */
TEST(top_sorts_by_what_was_used_between_two_looks, .cpus = 2)
{
	static const char headline[] = "  PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n";
	struct task_struct *p = test_start(1, spinner, NULL, "spins");
	int pid = p->pid, percent, times = test_real_time || test_shaken ? 100 : 1;
	char *row = NULL, *state;

	/* The CPU that it spins on may stand still for as long as a look takes, where CPUs are threads of the host. */
	do {
		run_and_catch("top -b -n 1");
		row = strstr(printed, headline);
		row = row ? row + strlen(headline) : printed;
	} while (simple_strtol(row + strspn(row, " "), NULL, 10) != pid && --times);
	test_join(p);
	EXPECT_EQ(simple_strtol(row + strspn(row, " "), NULL, 10), pid);
	state = strstr(row, " root      20   0       0      0      0 R ");
	EXPECT(state && state < row + 8);
	state += strlen(" root      20   0       0      0      0 R ");
	percent = simple_strtol(state + strspn(state, " "), NULL, 10);
	EXPECT(strstr(state, " spins\n"));
	if (!test_real_time && !test_shaken)
		EXPECT_OP(percent, >=, 90);
	return NULL;
}

TEST(top_shows_the_threads_it_is_asked_for)
{
	run_and_catch("top -b -n 2 -d 0.01 -p 1,2 -o PID");
	EXPECT(strstr(printed, "Tasks:   2 total,   0 running,   2 sleeping,   0 stopped,   0 zombie\n%Cpu(s):"));
	EXPECT(strstr(printed, "\n    2 root      20   0       0      0      0 S   0."));
	EXPECT(strstr(printed, " kthreadd\n    1 root "));
	EXPECT(strstr(printed, " init\n\ntop - "));
	return NULL;
}
