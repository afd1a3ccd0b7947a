/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * struct pid: a process number that stays valid as an object while the number itself may be used again.
 * A reference to it keeps neither the thread nor its task_struct: get_pid_task() does, if the thread still is.
 * Differs from Linux: one namespace; only PIDTYPE_PID and, as every thread leads itself, TGID mean anything.
 */
#include <linux/types.h>
#include <linux/refcount.h>
#include <linux/list.h>

struct task_struct;

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID, PIDTYPE_MAX };

struct pid {
	refcount_t		count;
	pid_t			nr;
	struct task_struct	*task;	/* to write, tasklist_lock; to read, RCU. NULL once it is reaped */
	struct hlist_node	hash;	/* the same */
};

extern struct pid init_struct_pid;

/*
 * Context: any, but alloc_pid (may sleep). alloc_pid: ERR_PTR(-EAGAIN): all numbers in use; -ENOMEM.
 * find_vpid, pid_task: between rcu_read_lock() and rcu_read_unlock(), where what they return stays; to keep it longer,
 * get_pid(), get_task_struct(), or the forms with "get" in their names.
 */
struct pid *alloc_pid(void);
void attach_pid(struct pid *pid, struct task_struct *p);
void detach_pid(struct pid *pid);
struct pid *get_pid(struct pid *pid);
void put_pid(struct pid *pid);
struct pid *get_task_pid(struct task_struct *p, enum pid_type type);
struct pid *find_get_pid(pid_t nr);
struct pid *find_vpid(pid_t nr);
void pid_init(void);
struct task_struct *pid_task(struct pid *pid, enum pid_type type);
struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);
struct pid *task_pid(struct task_struct *p);

struct pid_namespace;
/* One namespace: the number is the same in each. */
#define __task_pid_nr_ns(p, type, ns)	((void)(type), (void)(ns), task_pid_nr(p))
#define task_pid_nr_ns(p, ns)		((void)(ns), task_pid_nr(p))
#define task_tgid_nr_ns(p, ns)		((void)(ns), task_tgid_nr(p))
#define pid_nr_ns(pid, ns)		((void)(ns), pid_nr(pid))
#define task_active_pid_ns(p)		((void)(p), (struct pid_namespace *)NULL)

static inline pid_t pid_nr(struct pid *pid)
{
	return pid ? pid->nr : 0;
}

static inline pid_t pid_vnr(struct pid *pid)
{
	return pid_nr(pid);
}
