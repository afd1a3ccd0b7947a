/* SPDX-License-Identifier: MIT */
/*
 * Who holds what, who waits for what, and whether they wait in a circle.
 *
 * A thread that sleeps for a lock says so: p->blocked_on. A lock knows its owner. So from every sleeper there is a path
 *
 *	thread --waits for--> lock --is held by--> thread --waits for--> lock ...
 *
 * and a deadlock is a path that comes back to where it began. Only a thread that is going to sleep can close a circle,
 * so it looks just then, and nobody else ever has to.
 *
 * Walking the path while others run needs some care, for threads end and locks are freed:
 *
 *	a lock stays as long as somebody sleeps for it	his blocked_lock is held: he cannot stop sleeping for it
 *	an owner stays as long as somebody waits	the lock's wait_lock is held: the owner cannot give it back,
 *							for who gives back what is waited for must take the wait_lock;
 *							meanwhile we get a reference to him
 *
 * blocked_lock is taken inside wait_lock by the sleeper, so the walk, which goes the other way, only tries to take
 * wait_lock, and tries again for a while. The last one to close a circle finds all the others asleep.
 *
 * What a thread holds is a list through the locks themselves, innermost first, touched by the owner only. Of a lock
 * shared by readers, each of them counts only how many he has.
 *
 * Read next: mutex.c.
 */
#include "held.h"
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/upcall.h>
#include <asm/pgtable.h>
#include <linux/rcupdate.h>
#include <linux/stacktrace.h>

#define CIRCLE_MAX	64	/* threads in a circle that is found */
#define TRACE_MAX	24	/* lines of a backtrace */
#define LOCK_TEXT_MAX	160
#define BUSY_MAX	1000	/* looks at a lock that is busy */

static DEFINE_RAW_SPINLOCK(circle_lock);	/* one report at a time */

/* ---- held ---- */

bool held_unlink(struct owned_lock *l)
{
	for (struct owned_lock **link = &current->held_locks; *link; link = &(*link)->below) {
		if (*link == l) {
			*link = l->below;
			return true;
		}
	}
	return false;
}

void locks_init_task(struct task_struct *p)
{
	lockdep_init_task(p);
	p->held_locks = NULL;
	p->read_holds = 0;
	raw_spin_lock_init(&p->blocked_lock);
	p->blocked_on = NULL;
	p->pi_waiters = RB_ROOT_CACHED;
	p->pi_blocked_on = NULL;
	p->pi_top_task = NULL;
}

/* A lock in words, and where it was taken, if lockdep knows that. */
static const char *lock_text(char *buf, size_t size, const char *what, const struct lockdep_map *map)
{
	unsigned long ip = lockdep_taken_at(map);
	size_t len = scnprintf(buf, size, "%s \"%s\"", what, map->name);

	if (ip)
		scnprintf(buf + len, size - len, ", taken at %pS", (void *)ip);
	return buf;
}

void locks_give_back(struct task_struct *p, const char *who)
{
	char text[LOCK_TEXT_MAX];
	struct owned_lock *l;

	while ((l = p->held_locks)) {
		WARN(1, "%s ends, and still holds %s. It is unlocked now; unlock it on every way out of the function "
		     "that locks it\n", who, lock_text(text, sizeof(text), l->kind->what, &l->dep_map));
		l->kind->release(l);
		if (p->held_locks == l)
			p->held_locks = l->below;
	}
	WARN(p->read_holds, "%s ends, and still holds %u rw_semaphore(s) for reading: down_read() without up_read(). "
	     "No writer will get them any more\n", who, p->read_holds);
	p->read_holds = 0;
}

void locks_keep(void)
{
	struct task_struct *p = current;
	char text[LOCK_TEXT_MAX];

	if (!p->held_locks)
		return;
	for (struct owned_lock *l = p->held_locks; l; l = l->below)
		pr_warn("thread %s (%d) died holding %s: it stays locked, for what it protects may be half done\n",
			p->comm, p->pid, lock_text(text, sizeof(text), l->kind->what, &l->dep_map));
	p->held_locks = NULL;
	get_task_struct(p);	/* the locks go on pointing to it */
}

/* A depth may have been reached by a lock that is no more: believe nothing before it is known to be memory. */
static raw_spinlock_t *spin_innermost_held(void)
{
	for (unsigned int depth = preempt_count() & PREEMPT_MASK; depth; depth--) {
		raw_spinlock_t *lock = *per_cpu_ptr(&spin_taken[depth], raw_smp_processor_id());

		if (lock && kernel_addr_mapped((unsigned long)lock) &&
		    kernel_addr_mapped((unsigned long)(lock + 1) - 1) &&
		    raw_spin_is_held(lock) && raw_spin_is_locked(lock))
			return lock;
	}
	return NULL;
}

const char *spin_held_text(void)
{
	static DEFINE_PER_CPU(char[LOCK_TEXT_MAX], text);
	char *buf = *per_cpu_ptr(&text, raw_smp_processor_id());
	raw_spinlock_t *lock = spin_innermost_held();

	if (!lock && rcu_read_lock_held())
		return "rcu_read_lock(): an RCU reader must neither sleep nor end; SRCU readers may sleep";
	if (!lock)
		return "a spinlock, or preemption is disabled";
	return lock_text(buf, sizeof(text), "spinlock", &lock->dep_map);
}

void spin_give_back_held(void)
{
	raw_spinlock_t *lock;

	while ((lock = spin_innermost_held())) {
		lockdep_release(&lock->dep_map);
		lock->holder = 0;
		/* ORDER(spinlock): as any unlock; preempt_count is the caller's business. */
		smp_inc_release(&lock->serving);
	}
}

/* ---- blocked ---- */

void blocked_begin(struct owned_lock *l)
{
	raw_spin_lock(&current->blocked_lock);
	current->blocked_on = l;
	current->blocked_told = false;
	raw_spin_unlock(&current->blocked_lock);
}

void blocked_end(void)
{
	raw_spin_lock(&current->blocked_lock);
	current->blocked_on = NULL;
	raw_spin_unlock(&current->blocked_lock);
}

/* Return: -EBUSY if p's lock was busy just now. */
static int try_blocked_get(struct task_struct *p, const char **what, const char **name, struct task_struct **owner)
{
	struct owned_lock *l;
	unsigned long flags;

	*owner = NULL;
	raw_spin_lock_irqsave(&p->blocked_lock, flags);
	l = p->blocked_on;
	if (l) {
		*what = l->kind->what;
		*name = l->dep_map.name;
		if (l->kind->get_owner)
			*owner = l->kind->get_owner(l);
	}
	raw_spin_unlock_irqrestore(&p->blocked_lock, flags);
	if (!IS_ERR(*owner))
		return l ? 1 : 0;
	*owner = NULL;
	return -EBUSY;
}

/* A lock may be busy for a moment with somebody who just comes, or goes. For longer it is not in a circle. */
bool blocked_get(struct task_struct *p, const char **what, const char **name, struct task_struct **owner)
{
	int ret;

	for (int i = 0; i < BUSY_MAX; i++) {
		ret = try_blocked_get(p, what, name, owner);
		if (ret != -EBUSY)
			return ret;
		cpu_relax();
	}
	return true;
}

/* p's lock, its name and its owner in one line. Return: the owner, with a reference. */
static struct task_struct *explain_step(struct task_struct *p, const char *loglvl)
{
	struct task_struct *owner;
	const char *what, *name;

	if (!blocked_get(p, &what, &name, &owner))
		return NULL;
	if (owner)
		printk("%s  %s (%d) waits for %s \"%s\", which %s (%d) holds\n", loglvl, p->comm, p->pid, what, name,
		       owner->comm, owner->pid);
	else
		printk("%s  %s (%d) waits for %s \"%s\"\n", loglvl, p->comm, p->pid, what, name);
	return owner;
}

/* While pi_lock is held nobody can wake it, so its stack stays as it is. */
void show_sleeper(struct task_struct *p, const char *loglvl)
{
	unsigned long entries[TRACE_MAX], flags;
	unsigned int nr = 0;

	raw_spin_lock_irqsave(&p->pi_lock, flags);
	if (READ_ONCE(p->__state) && !READ_ONCE(p->on_rq) && !READ_ONCE(p->on_cpu) && p->stack)
		nr = stack_trace_save_frame(p->thread.sp, p->stack, entries, TRACE_MAX, 0);
	raw_spin_unlock_irqrestore(&p->pi_lock, flags);
	if (nr)
		printk("%s%s (%d) sleeps here:\n", loglvl, p->comm, p->pid);
	for (unsigned int i = 0; i < nr; i++)
		printk("%s  %pB\n", loglvl, (void *)entries[i]);
}

void blocked_explain(struct task_struct *p, const char *loglvl)
{
	struct task_struct *owner = explain_step(p, loglvl);

	if (!owner)
		return;
	if (READ_ONCE(owner->on_cpu))
		printk("%s%s (%d) runs on CPU %u\n", loglvl, owner->comm, owner->pid, task_cpu(owner));
	show_sleeper(owner, loglvl);
	put_task_struct(owner);
}

/* Follow the path from current. Return: the number of threads in the circle, 0 if it is none. A circle of one is a
 * lock that was given to current meanwhile: who locks what he holds does not come here. */
static int path_length(void)
{
	struct task_struct *p = get_task_struct(current), *owner;
	const char *what, *name;
	int n;

	for (n = 1; n <= CIRCLE_MAX; n++) {
		if (!blocked_get(p, &what, &name, &owner) || !owner)
			break;
		put_task_struct(p);
		p = owner;
		if (p == current)
			break;
	}
	n = owner == current && n > 1 && n <= CIRCLE_MAX ? n : 0;
	put_task_struct(p);
	return n;
}

static void report_circle(int n)
{
	struct task_struct *p, *owner;

	pr_warn("------------[ deadlock ]------------\n");
	for (p = get_task_struct(current); n--; p = owner) {
		owner = explain_step(p, KERN_WARNING);
		put_task_struct(p);
		if (!owner)
			return;
		owner->blocked_told = true;
		show_sleeper(owner, KERN_WARNING);
	}
	put_task_struct(p);
}

/* Two may close the circle at the same time; only the first may say so. */
void blocked_check(void)
{
	int n;

	if (likely(!path_length()))
		return;
	raw_spin_lock_irq(&circle_lock);
	n = current->blocked_told ? 0 : path_length();
	if (n)
		report_circle(n);
	raw_spin_unlock_irq(&circle_lock);
	WARN(n, "deadlock: %d threads wait for one another in a circle, none can go on. Take locks that are held "
	     "together in the same order everywhere. The circle is printed above; %s (%d) closed it here\n", n,
	     current->comm, current->pid);
}
