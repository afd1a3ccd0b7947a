// SPDX-License-Identifier: MIT
/*
 * LD_AUDIT=still.so qemu-system-x86_64 -icount ...: a breakpoint does not change what comes after it.
 *
 * As QEMU 7.2 has it, a stop ends the turn of the virtual CPU that has hit the breakpoint, lets others go on until the
 * stop has got around, and, if they sleep, moves virtual time on to the next timer. Here the turn does not end. All
 * CPUs of -icount take turns on one host thread, in cpu_exec(); that thread stays inside the turn, with QEMU's big lock
 * given back so that GDB can be served, until the machine is let go on, and then it goes on with what was left.
 *
 * SKIP=n in the environment: the first n hits of breakpoints are passed over, at a few microseconds each.
 * STILL=file: that file is made when all is in place. Without it nothing here has any effect, and who started QEMU says
 * so (tools/qemu).
 *
 * A host's program, not the kernel's. Between two objects the dynamic linker's audit interface (rtld-audit(7)) lets one
 * function stand for another; so QEMU's TCG must be a module, as Debian's and Ubuntu's is. Two functions are stood for:
 * cpu_exec(), a CPU's turn, and cpu_exit(), which ends it. What is called of QEMU is in the table below; from QEMU 8.2
 * on the lock has another name, so a QEMU that is too new is found out here, and left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXCP_INTERRUPT = 0x10000, EXCP_DEBUG = 0x10002, VIRTUAL_CLOCK = 1, STEP = 1 };

static struct link_map *qemu;
static int (*run)(void *cpu);
static void (*cpu_exit)(void *cpu);

static void (*lock)(const char *file, int line), (*unlock)(void), (*clock_enable)(int clock, bool on);
static void (*debug_stop)(void *cpu), (*single_step)(void *cpu, int flags), (*work)(void *cpu);
static void (*exec_start)(void *cpu), (*exec_end)(void *cpu);
static void (*cond_init)(void *), (*cond_wait)(void *), (*cond_broadcast)(void *), (*on_change)(void *, void *);
static bool (*can_run)(void *cpu);
static void *(*get_cpu)(int number);

static const struct {
	void		*function;
	const char	*name;
} needs[] = {
	{ &lock, "qemu_mutex_lock_iothread_impl" }, { &unlock, "qemu_mutex_unlock_iothread" },
	{ &clock_enable, "qemu_clock_enable" }, { &debug_stop, "cpu_handle_guest_debug" },
	{ &single_step, "cpu_single_step" }, { &work, "qemu_wait_io_event_common" }, { &cond_init, "qemu_cond_init" },
	{ &cond_wait, "qemu_cond_wait_iothread" }, { &cond_broadcast, "qemu_cond_broadcast" },
	{ &on_change, "qemu_add_vm_change_state_handler" }, { &can_run, "cpu_can_run" }, { &get_cpu, "qemu_get_cpu" },
	{ &exec_start, "cpu_exec_start" }, { &exec_end, "cpu_exec_end" },
};

static unsigned long skip;
static bool held, resumed, watches;
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
			fprintf(stderr, "tools/gdb/still.c: this QEMU has no %s()\n", needs[i].name);
			return false;
		}
		memcpy(needs[i].function, &function, sizeof(function));
	}
	cond_init(cond);
	return true;
}

/* Tells who started us. */
static void say_ready(void)
{
	const char *path = getenv("STILL");
	FILE *f = path ? fopen(path, "w") : NULL;

	if (f)
		fclose(f);
}

/* What stopping and resuming would do by ending turns is done by waking us. */
static void exit_turn(void *cpu)
{
	if (held)
		cond_broadcast(cond);
	else
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
	do {
		cond_wait(cond);
		for (int i = 0; get_cpu(i); i++)
			work(get_cpu(i));
	} while (!resumed);
	held = false;
	unlock();
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
	int why = run(cpu);

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
	return version < LAV_CURRENT ? version : LAV_CURRENT;
}

unsigned int la_objopen(struct link_map *map, Lmid_t id, uintptr_t *cookie)
{
	if (!qemu)
		qemu = map;
	return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

uintptr_t la_symbind64(Elf64_Sym *symbol, unsigned int index, uintptr_t *from, uintptr_t *to, unsigned int *flags,
		       const char *name)
{
	static int fits;

	if (strcmp(name, "cpu_exec") && strcmp(name, "cpu_exit"))
		return symbol->st_value;
	if (!fits)
		fits = known() ? 1 : -1;
	if (fits < 0)
		return symbol->st_value;
	if (strcmp(name, "cpu_exit") == 0) {
		cpu_exit = (void (*)(void *))symbol->st_value;
		return (uintptr_t)exit_turn;
	}
	run = (int (*)(void *))symbol->st_value;
	say_ready();
	return (uintptr_t)turn;
}
