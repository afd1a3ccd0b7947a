/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The scheduler's events: who is woken, who gets which CPU, who begins and ends.
 * https://www.kernel.org/doc/html/v6.1/trace/events.html
 */
#include <linux/tracepoint.h>
#include <linux/sched.h>

/* Linux's number for an idle thread; ours is the worst there is. */
static __always_inline int trace_prio(const struct task_struct *p)
{
	return is_idle_task(p) ? DEFAULT_PRIO : p->prio;
}

/* Why a thread left its CPU: R+ preempted, R of its own will (yield), else how it sleeps, as ps shows it. */
const char *trace_switch_state(bool preempt, unsigned int prev_state, unsigned int exit_state);

/* Called with the run queue's lock, on the CPU where it happens, by prev. */
TRACEPOINT(sched, sched_switch,
	   (bool preempt, struct task_struct *prev, struct task_struct *next, unsigned int prev_state),
	   (preempt, prev, next, prev_state),
	   "prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s ==> next_comm=%s next_pid=%d next_prio=%d",
	   _comm(prev->comm), _pid(prev->pid), _int(trace_prio(prev)),
	   _str(trace_switch_state(preempt, prev_state, prev->exit_state)),
	   _comm(next->comm), _pid(next->pid), _int(trace_prio(next)))

/* waking: by the waker, who means p. wakeup: p is on a queue. wakeup_new: for the first time in its life. */
#define TRACE_WAKEUP(_name)									\
	TRACEPOINT(sched, _name, (struct task_struct *p), (p),					\
		   "comm=%s pid=%d prio=%d target_cpu=%03d",					\
		   _comm(p->comm), _pid(p->pid), _int(p->prio), _int(task_cpu(p)))
TRACE_WAKEUP(sched_waking)
TRACE_WAKEUP(sched_wakeup)
TRACE_WAKEUP(sched_wakeup_new)

/* Charged for the time that it has run. vruntime: 0 for real-time threads. Many: not among those on by default. */
TRACEPOINT(sched, sched_stat_runtime, (struct task_struct *p, u64 runtime, u64 vruntime), (p, runtime, vruntime),
	   "comm=%s pid=%d runtime=%llu [ns] vruntime=%llu [ns]",
	   _comm(p->comm), _pid(p->pid), _int(runtime), _int(vruntime))

TRACEPOINT(sched, sched_migrate_task, (struct task_struct *p, int dest_cpu), (p, dest_cpu),
	   "comm=%s pid=%d prio=%d orig_cpu=%d dest_cpu=%d",
	   _comm(p->comm), _pid(p->pid), _int(p->prio), _int(task_cpu(p)), _int(dest_cpu))

TRACEPOINT(sched, sched_process_fork, (struct task_struct *parent, struct task_struct *child), (parent, child),
	   "comm=%s pid=%d child_comm=%s child_pid=%d",
	   _comm(parent->comm), _pid(parent->pid), _comm(child->comm), _pid(child->pid))

/* exit: it ends. free: its struct goes. wait_task: somebody waits until it is off its CPU. wait: for a child. */
#define TRACE_PROCESS(_name)									\
	TRACEPOINT(sched, _name, (struct task_struct *p), (p), "comm=%s pid=%d prio=%d",	\
		   _comm(p->comm), _pid(p->pid), _int(p->prio))
TRACE_PROCESS(sched_process_exit)
TRACE_PROCESS(sched_process_free)
TRACE_PROCESS(sched_wait_task)

TRACEPOINT(sched, sched_process_wait, (pid_t pid), (pid), "comm=%s pid=%d prio=%d",
	   _comm(current->comm), _pid(pid), _int(current->prio))
