/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The page of upward calls: every place where a lower floor calls a higher one by name. Anything else that goes
 * upstairs is a registered pointer. Keep it a page.
 */
#include <linux/compiler.h>
#include <linux/types.h>

struct pt_regs;
struct task_struct;
struct thread_struct;

/* Floor 1 (boot.S, smpboot.c): a CPU has its stack and its tables, the kernel proper begins. They never return. */
void __noreturn start_kernel(void);
void __noreturn secondary_start_kernel(void);

/* Floor 1 (entry.S, traps.c): an interrupt came; it wants to return into preemptible code; a thread must die. */
void handle_irq(struct pt_regs *regs);
void preempt_schedule_irq(void);
void __noreturn make_task_dead(int signr);

/* Floor 1 (switch.S): the first thing that a new thread runs, and the last, when its function has returned. */
void schedule_tail(struct thread_struct *prev);
void __noreturn do_exit(long code);

/* Floors 1 and 2: whom is a message about? Valid in any context, from the first instruction of start_kernel() on. */
const char *upcall_current_comm(void);
int upcall_current_pid(void);
void *upcall_current_stack(void);
/* A second line about it, if it is a workqueue's worker in the middle of a work: which one. */
void upcall_current_work(const char *log_lvl);

/*
 * Floor 2 (panic.c): if screen_init() has not been reached, find the screen with boot.S's page tables, which show all
 * devices below 4 GiB; so a sentence about a bad boot can be read, too. Else nothing. Context: panic.
 */
void screen_init_panic(void);

/* Floor 4 (tick.c, softirq.c, smp.c): the scheduler's share of an interrupt. Interrupts are off. */
void scheduler_tick(void);
void scheduler_ipi(void);

/* Floor 4 (softirq.c, by <linux/rcutree.h>): an idle CPU that a grace period waits for has no reader. */
void rcu_report_qs(void);

/* Floor 3 (page_alloc.c, slab.c) and 4: may this code sleep here? WARNs where it may not. */
void __might_sleep(const char *file, int line);
int __cond_resched(void);

/* Floor 3 (slab.c): no CPU comes or goes meanwhile. They sleep. */
void cpus_read_lock(void);
void cpus_read_unlock(void);

/* Floors 5 and 6 (mutex.c): a reference less; the last frees the struct. _rcu_user: it runs no more (core.c, after the
 * last switch), or it is known no more (exit.c); after both, and a grace period, its own reference goes. */
void put_task_struct(struct task_struct *p);
void put_task_struct_rcu_user(struct task_struct *p);

/* Floor 5 (core.c): a workqueue's worker (PF_WQ_WORKER) is about to sleep in the middle of its work; it is back. */
void wq_worker_sleeping(struct task_struct *p);
void wq_worker_running(struct task_struct *p);

/* Floor 5 (idle.c): this CPU is offline and has nothing left: it says so and halts. Interrupts are off. */
void __noreturn cpu_idle_dead(void);

/* Floor 5 (hotplug.c): does the thread belong to its CPU, whatever happens? */
bool kthread_is_per_cpu(struct task_struct *p);
/* Floor 5 (policy.c): p's priority has changed; who waits for what p waits for may have to change, too. */
void rt_mutex_adjust_pi(struct task_struct *p);

/* Floor 6 (wait.c): has the calling kthread been asked to stop or to park? */
bool kthread_should_stop_or_park(void);
