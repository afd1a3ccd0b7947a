/* SPDX-License-Identifier: MIT */
/*
 * What exists before anything was made: the first thread, and how far the kernel has come.
 *
 * Every thread is forked by another one; the first cannot be. init_task is a variable, and boot.S sets its stack
 * (init_stack, arch/x86/process.c): so the very first C instruction already runs in a thread, `current` is valid on
 * every floor, and start_kernel() needs no special case. It never returns: it becomes CPU 0's idle thread, swapper/0.
 *
 *	boot.S --> start_kernel() --> rest_init(): forks PID 1, PID 2 --> cpu_startup_entry(): idle for ever
 *	           `- - - - - - - - - - - - - -  init_task runs all of it  - - - - - - - - - - - - - - - - '
 *
 * What needs code is filled in when that code can run: its number (pid_init), its mark and CPUs (fork_init), its place
 * in the scheduler (sched_init). The other CPUs' idle threads are copies of it: fork_idle().
 *
 * Read next: main.c.
 */
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/kernel.h>
#include <asm/switch_to.h>

enum system_states system_state;
EXPORT_SYMBOL(system_state);

struct task_struct init_task = {
	.flags = PF_KTHREAD | PF_IDLE,
	.comm = "swapper/0",
	.stack = init_stack,
	.on_cpu = 1,
	.cpus_ptr = &init_task.cpus_mask,
	.nr_cpus_allowed = NR_CPUS,
	.cpus_mask = CPU_MASK_ALL,
	.prio = MAX_PRIO, .normal_prio = MAX_PRIO, .pi_prio = MAX_PRIO, .static_prio = DEFAULT_PRIO,
	.sighand = &init_task.own_sighand,
	.pi_lock = __RAW_SPIN_LOCK_UNLOCKED(init_task.pi_lock),
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.children = LIST_HEAD_INIT(init_task.children),
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.real_parent = &init_task,
	.parent = &init_task,
	.group_leader = &init_task,
	.thread_group = LIST_HEAD_INIT(init_task.thread_group),
	.blocked_lock = __RAW_SPIN_LOCK_UNLOCKED(init_task.blocked_lock),
	.usage = REFCOUNT_INIT(1),
	.rcu_users = REFCOUNT_INIT(2),
};
EXPORT_SYMBOL(init_task);
DEFINE_PER_CPU(struct task_struct *, current_task) = &init_task;
EXPORT_SYMBOL(current_task);
