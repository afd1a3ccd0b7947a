/* SPDX-License-Identifier: MIT */
#pragma once
/* kthreads: who is told to stop, and what their workers do. These are among the scheduler's events, as in Linux. */
#include <linux/tracepoint.h>
#include <linux/kthread.h>

/* By who wants p to end; _ret: it has, with that answer. */
TRACEPOINT(sched, sched_kthread_stop, (struct task_struct *p), (p), "comm=%s pid=%d", _comm(p->comm), _pid(p->pid))
TRACEPOINT(sched, sched_kthread_stop_ret, (int ret), (ret), "ret=%d", _int(ret))

TRACEPOINT(sched, sched_kthread_work_queue_work, (struct kthread_worker *worker, struct kthread_work *work),
	   (worker, work), "work struct=%p function=%ps worker=%p", _ptr(work), _ptr(work->func), _ptr(worker))

/* By the worker. At the end the work may be no more. */
#define TRACE_KTHREAD_WORK(_name)								\
	TRACEPOINT(sched, _name, (struct kthread_work *work, kthread_work_func_t function),	\
		   (work, function), "work struct %p: function %ps", _ptr(work), _ptr(function))
TRACE_KTHREAD_WORK(sched_kthread_work_execute_start)
TRACE_KTHREAD_WORK(sched_kthread_work_execute_end)
