/* SPDX-License-Identifier: MIT */
#pragma once
/* Works on workqueues, from queue to end. */
#include <linux/tracepoint.h>
#include <linux/workqueue.h>

/* req_cpu: asked for; 64: any. cpu: of the pool it goes to; -1: unbound. */
TRACEPOINT(workqueue, workqueue_queue_work, (int req_cpu, int cpu, const char *workqueue, struct work_struct *work),
	   (req_cpu, cpu, workqueue, work), "work struct=%p function=%ps workqueue=%s req_cpu=%d cpu=%d",
	   _ptr(work), _ptr(work->func), _str(workqueue), _int(req_cpu), _int(cpu))

/* Behind at most max_active others: a worker may take it. */
TRACEPOINT(workqueue, workqueue_activate_work, (struct work_struct *work), (work), "work struct %p", _ptr(work))

/* By the worker. At the end the work may be no more. */
#define TRACE_WORK(_name)									\
	TRACEPOINT(workqueue, _name, (struct work_struct *work, work_func_t function),		\
		   (work, function), "work struct %p: function %ps", _ptr(work), _ptr(function))
TRACE_WORK(workqueue_execute_start)
TRACE_WORK(workqueue_execute_end)
