// SPDX-License-Identifier: MIT
/*
 * LD_AUDIT=steady.so qemu-system-x86_64 -icount shift=0,sleep=off ...: the same run each time, on a busy host and with
 * breakpoints, too.
 *
 * All CPUs of -icount take turns on one thread of the host, in cpu_exec(). While all sleep, QEMU's main thread moves
 * virtual time on to the next timer and runs it. As QEMU 7.2 has it, three things let the host's clock into that:
 *
 * - The main thread comes round once more after that, and the CPUs are at work by then. If a timer is due just between
 *   two turns, or all CPUs are asleep but still being asked in turn, it depends on the host which thread sees to it,
 *   and so which CPU has the next turn. On a quiet host that is too short to be seen; beside four busy loops on two
 *   cores 2 of 11 runs of half a minute were others. Here the main thread comes in only while the CPUs' thread sleeps
 *   and nobody has woken it, or just before a turn, when no timer is due:
 *
 *	main:  sleeps in ppoll() -> WANTED, until not TURN -> MAIN -> its work -> not MAIN -> ppoll()
 *				    ... wakes the CPUs' thread -> TURN -^
 *	CPUs:  asleep -> TURN, if neither MAIN nor WANTED -> a turn, each in the same way -> not TURN -> asleep
 *
 *   Nor does it wait longer than LIMIT: who is at GDB or the console shall not sit before a turn that does not end.
 *
 * - Before freeing what CPUs may be looking at, the thread that does so ends the turn to be sooner done. Here it waits
 *   for the turn's natural end.
 *
 * - A stop ends the turn of the virtual CPU that has hit the breakpoint, lets others go on until the stop has got
 *   around, and, if they sleep, moves virtual time on. Here the turn does not end: the CPUs' thread stays inside it,
 *   with QEMU's big lock given back so that GDB can be served, until the machine is let go on, and then it goes on with
 *   what was left.
 *
 * SKIP=n in the environment: the first n hits of breakpoints are passed over, at a few microseconds each.
 * STEADY=file: that file is made when all is in place. Without it nothing here has any effect, and who started QEMU may
 * say so (tools/qemu).
 *
 * A host's program, not the kernel's. Between two objects the dynamic linker's audit interface (rtld-audit(7)) lets one
 * function stand for another; so QEMU's TCG must be a module, as Debian's and Ubuntu's is. Stood for are cpu_exec(), a
 * CPU's turn; cpu_exit(), which ends it; qemu_cond_wait_iothread(), in which all CPUs sleep; ppoll(), in which the main
 * thread does. What is called of QEMU is in the table below; from QEMU 8.2 on the lock has another name, so a QEMU that
 * is too new is found out here, and left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { EXCP_INTERRUPT = 0x10000, EXCP_DEBUG = 0x10002, VIRTUAL_CLOCK = 1, STEP = 1 };

static struct link_map *qemu;
static int (*run)(void *cpu);
static void (*cpu_exit)(void *cpu);
static void (*all_sleep)(void *cond);
static int (*poll_for)(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask);

static void (*lock)(const char *file, int line), (*unlock)(void), (*clock_enable)(int clock, bool on);
static void (*debug_stop)(void *cpu), (*single_step)(void *cpu, int flags), (*work)(void *cpu);
static void (*exec_start)(void *cpu), (*exec_end)(void *cpu);
static void (*cond_init)(void *), (*cond_broadcast)(void *), (*on_change)(void *, void *);
static bool (*can_run)(void *cpu), (*all_idle)(void), (*has_lock)(void);
static void *(*get_cpu)(int number);

static const struct {
	void		*function;
	const char	*name;
} needs[] = {
	{ &lock, "qemu_mutex_lock_iothread_impl" }, { &unlock, "qemu_mutex_unlock_iothread" },
	{ &clock_enable, "qemu_clock_enable" }, { &debug_stop, "cpu_handle_guest_debug" },
	{ &single_step, "cpu_single_step" }, { &work, "qemu_wait_io_event_common" }, { &cond_init, "qemu_cond_init" },
	{ &cond_broadcast, "qemu_cond_broadcast" },
	{ &on_change, "qemu_add_vm_change_state_handler" }, { &can_run, "cpu_can_run" }, { &get_cpu, "qemu_get_cpu" },
	{ &exec_start, "cpu_exec_start" }, { &exec_end, "cpu_exec_end" }, { &all_idle, "all_cpu_threads_idle" },
	{ &has_lock, "qemu_mutex_iothread_locked" },
};

static unsigned long skip;
static bool fits, held, resumed, watches;	/* fits: all is in place */
static char cond[256] __attribute__((aligned(64)));	/* a QemuCond: room enough */

static void changed(void *unused, bool running, int state)
{
	resumed = running;
}

/* All that is needed. False, with a word about it: a QEMU that is left alone. */
static bool known(void)
{
	for (unsigned int i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		void *function = dlsym(qemu, needs[i].name);

		if (!function) {
			fprintf(stderr, "tools/steady.c: this QEMU has no %s()\n", needs[i].name);
			return false;
		}
		memcpy(needs[i].function, &function, sizeof(function));
	}
	cond_init(cond);
	return true;
}

/* Tells who started us. */
static bool say_ready(void)
{
	const char *path = getenv("STEADY");
	FILE *f = path ? fopen(path, "w") : NULL;

	if (f)
		fclose(f);
	return true;
}

/* ---- the main thread and the CPUs' turns */

enum { TURN = 1, MAIN = 2, WANTED = 4 };
#define LIMIT 2000000000LL	/* ns */

static _Atomic int at_work;
static pthread_t main_thread, cpus_thread;

static void wake(void)
{
	syscall(SYS_futex, &at_work, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

/* Until at_work is no longer what was seen; at most for so many nanoseconds. Returns what it is then. */
static int wait_for_change(int seen, long long ns)
{
	struct timespec limit = { ns / 1000000000, ns % 1000000000 };

	syscall(SYS_futex, &at_work, FUTEX_WAIT_PRIVATE, seen, &limit, NULL, 0);
	return atomic_load(&at_work);
}

static long long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void main_begins(void)
{
	long long until = now() + LIMIT, left = LIMIT;
	int seen = atomic_load(&at_work);

	for (;;) {
		if (!(seen & TURN) || left <= 0) {
			if (atomic_compare_exchange_weak(&at_work, &seen, (seen & ~WANTED) | MAIN))
				return;
		} else if (seen & WANTED) {
			seen = wait_for_change(seen, left);
			left = until - now();
		} else {
			atomic_compare_exchange_weak(&at_work, &seen, seen | WANTED);
		}
	}
}

static void turn_begins(void)
{
	int seen = atomic_load(&at_work);

	while (seen != TURN) {
		if (seen == (TURN | WANTED) && all_idle())
			return;		/* the thread sleeps soon */
		if (!(seen & (MAIN | WANTED)))
			atomic_compare_exchange_weak(&at_work, &seen, TURN);
		else if (!(seen & TURN))
			seen = wait_for_change(seen, LIMIT);
		else if (atomic_compare_exchange_weak(&at_work, &seen, seen & ~TURN))
			wake();
	}
}

static void ended(int who)
{
	if (atomic_fetch_and(&at_work, ~who) & who)
		wake();
}

/* By the main thread, from within its work. What is left of that is done before the lock is given back. */
static void turn_is_due(void)
{
	int seen = atomic_load(&at_work);

	while (!atomic_compare_exchange_weak(&at_work, &seen, (seen & ~MAIN) | TURN))
		;
	wake();
}

static void sleep_all(void *cond)
{
	ended(TURN);
	all_sleep(cond);
}

static int poll_steadily(struct pollfd *fds, nfds_t n, const struct timespec *limit, const sigset_t *mask)
{
	int ready;

	/* With the lock it is no sleep, but a look in the middle of its work: at QEMU's end. */
	if (!fits || !pthread_equal(pthread_self(), main_thread) || has_lock())
		return poll_for(fds, n, limit, mask);
	ended(MAIN);
	ready = poll_for(fds, n, limit, mask);
	main_begins();
	return ready;
}

/* ---- a CPU's turn */

/* What stopping and resuming would do by ending turns is done by waking us. */
static void exit_turn(void *cpu)
{
	bool from_main = !fits || pthread_equal(pthread_self(), main_thread);

	if (!from_main && !pthread_equal(pthread_self(), cpus_thread))
		return;		/* who waits for the end of a turn, whichever */
	if (held) {
		cond_broadcast(cond);
		return;
	}
	if (from_main)
		turn_is_due();
	cpu_exit(cpu);
}

/*
 * Until GDB lets the machine go on. What QEMU does only while no CPU executes (some of the work that breakpoints make)
 * is done in here, too; so this CPU doesn't, for so long.
 */
static void hold(void *cpu)
{
	exec_end(cpu);
	lock(__FILE__, __LINE__);
	if (!watches)
		on_change(changed, NULL);
	watches = held = true;
	resumed = false;
	clock_enable(VIRTUAL_CLOCK, false);
	debug_stop(cpu);
	ended(TURN);
	for (;;) {
		/* Before the first sleep, too: who wants something may have asked already. */
		for (int i = 0; get_cpu(i); i++)
			work(get_cpu(i));
		if (resumed)
			break;
		all_sleep(cond);
	}
	held = false;
	unlock();
	turn_begins();
	exec_start(cpu);
}

static void pass(void *cpu)
{
	skip--;
	single_step(cpu, STEP);
	run(cpu);
	single_step(cpu, 0);
}

static int turn(void *cpu)
{
	int why;

	if (!fits)
		return run(cpu);
	cpus_thread = pthread_self();
	turn_begins();
	why = run(cpu);
	while (why == EXCP_DEBUG) {
		if (skip)
			pass(cpu);
		else
			hold(cpu);
		if (!can_run(cpu))
			return EXCP_INTERRUPT;	/* GDB has another CPU go on alone */
		why = run(cpu);
	}
	return why;
}

unsigned int la_version(unsigned int version)
{
	const char *n = getenv("SKIP");

	skip = n ? strtoul(n, NULL, 0) : 0;
	main_thread = pthread_self();
	return version < LAV_CURRENT ? version : LAV_CURRENT;
}

unsigned int la_objopen(struct link_map *map, Lmid_t id, uintptr_t *cookie)
{
	if (!qemu)
		qemu = map;
	return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

/* What is called by that name in QEMU, and what stands for it. */
static const struct {
	const char	*name;
	void		*was, *is;
} stand_ins[] = {
	{ "cpu_exec", &run, turn }, { "cpu_exit", &cpu_exit, exit_turn },
	{ "qemu_cond_wait_iothread", &all_sleep, sleep_all }, { "ppoll", &poll_for, poll_steadily },
};

uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned int index, uintptr_t *from, uintptr_t *to, unsigned int *flags,
		       const char *name)
{
	for (unsigned int i = 0; i < sizeof(stand_ins) / sizeof(stand_ins[0]); i++) {
		if (strcmp(name, stand_ins[i].name))
			continue;
		memcpy(stand_ins[i].was, &symbol->st_value, sizeof(symbol->st_value));
		if (!fits && run && cpu_exit && all_sleep && poll_for && known())
			fits = say_ready();
		return (uintptr_t)stand_ins[i].is;
	}
	return symbol->st_value;
}
