/* SPDX-License-Identifier: MIT */
/*
 * Process numbers: handing them out, and finding a thread by its number.
 *
 * Numbers in use are bits in a tree of words, 64 to the third: a bit of an upper word is set when the whole word below
 * it is full. So the next free number after the last one given is found in a few steps, however many are in use.
 * Numbers go up and start again at RESERVED_PIDS when they reach pid_max, so a dead thread's number stays unused for
 * as long as possible.
 *
 * Threads are found by number in a hash table. A struct pid outlives its thread for as long as somebody refers to it.
 * The thread's own reference to it, and the one that keeps the thread's task_struct, are dropped a grace period after
 * both have left the table; so who finds one as an RCU reader may take a reference, and needs no lock.
 *
 * Locking: tasklist_lock to change the table and pid->task; pidmap_lock, inside it, for the numbers.
 * Read next: fork.c.
 */
#include <linux/pid.h>
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/threads.h>

#define RESERVED_PIDS	300
#define HASH_BITS	12

int pid_max = PID_MAX_DEFAULT;

static DEFINE_RAW_SPINLOCK(pidmap_lock);
static unsigned long used[PID_MAX_LIMIT / 64] = { [0] = 1 };	/* 0 is the idle threads' */
static unsigned long full_words[64];
static unsigned long full_upper;
static int last_pid;

static struct hlist_head pid_hash[1 << HASH_BITS];
static struct kmem_cache *pid_cachep;

struct pid init_struct_pid = { .count = REFCOUNT_INIT(1), .nr = 0, .task = &init_task };

/* The first clear bit at or after `from` in one word; 64 if there is none. */
static int next_clear(unsigned long word, int from)
{
	word = ~word & (from < 64 ? ~0UL << from : 0);
	return word ? __ffs(word) : 64;
}

/* The lowest free number >= from, or PID_MAX_LIMIT. */
static int find_free_from(int from)
{
	int w = from / 64, u = w / 64, bit = next_clear(used[w], from % 64);

	if (bit < 64)
		return w * 64 + bit;
	bit = next_clear(full_words[u], w % 64 + 1);
	if (bit == 64) {
		u = next_clear(full_upper, u + 1);
		if (u == 64)
			return PID_MAX_LIMIT;
		bit = next_clear(full_words[u], 0);
	}
	w = u * 64 + bit;
	return w * 64 + next_clear(used[w], 0);
}

static int take_number(void)
{
	int nr;

	lockdep_assert_held(&pidmap_lock);
	nr = find_free_from(last_pid + 1 < pid_max ? last_pid + 1 : min(RESERVED_PIDS, pid_max - 1));
	if (nr >= pid_max)
		nr = find_free_from(min(RESERVED_PIDS, pid_max - 1));
	if (nr >= pid_max)
		return -EAGAIN;
	last_pid = nr;
	used[nr / 64] |= 1UL << nr % 64;
	if (used[nr / 64] == ~0UL) {
		full_words[nr / 4096] |= 1UL << nr / 64 % 64;
		if (full_words[nr / 4096] == ~0UL)
			full_upper |= 1UL << nr / 4096;
	}
	return nr;
}

static void give_number(int nr)
{
	lockdep_assert_irqs_disabled();
	raw_spin_lock(&pidmap_lock);
	if (unlikely(used[nr / 64] == ~0UL)) {
		full_words[nr / 4096] &= ~(1UL << nr / 64 % 64);
		full_upper &= ~(1UL << nr / 4096);
	}
	used[nr / 64] &= ~(1UL << nr % 64);
	raw_spin_unlock(&pidmap_lock);
}

struct pid *alloc_pid(void)
{
	struct pid *pid = kmem_cache_alloc(pid_cachep, GFP_KERNEL);
	unsigned long flags;
	int nr;

	if (!pid)
		return ERR_PTR(-ENOMEM);
	raw_spin_lock_irqsave(&pidmap_lock, flags);
	nr = take_number();
	raw_spin_unlock_irqrestore(&pidmap_lock, flags);
	if (nr < 0) {
		kmem_cache_free(pid_cachep, pid);
		return ERR_PTR(nr);
	}
	refcount_set(&pid->count, 1);
	pid->nr = nr;
	pid->task = NULL;
	INIT_HLIST_NODE(&pid->hash);
	return pid;
}

void attach_pid(struct pid *pid, struct task_struct *p)
{
	lockdep_assert_held(&tasklist_lock);
	WRITE_ONCE(pid->task, p);
	hlist_add_head_rcu(&pid->hash, &pid_hash[hash_32(pid->nr, HASH_BITS)]);
}

/* The thread is reaped, or never came to be: the number is free again, the object lives while it is referred to. */
void detach_pid(struct pid *pid)
{
	WRITE_ONCE(pid->task, NULL);
	hlist_del_init_rcu(&pid->hash);
	give_number(pid->nr);
}

struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}
EXPORT_SYMBOL(get_pid);

void put_pid(struct pid *pid)
{
	if (pid && refcount_dec_and_test(&pid->count))
		kmem_cache_free(pid_cachep, pid);
}
EXPORT_SYMBOL(put_pid);

struct pid *task_pid(struct task_struct *p)
{
	return p->thread_pid;
}
EXPORT_SYMBOL(task_pid);

struct pid *get_task_pid(struct task_struct *p, enum pid_type type)
{
	return get_pid(p->thread_pid);
}
EXPORT_SYMBOL_GPL(get_task_pid);

struct pid *find_vpid(pid_t nr)
{
	struct pid *pid;

	hlist_for_each_entry_rcu_notrace(pid, &pid_hash[hash_32(nr, HASH_BITS)], hash)
		if (pid->nr == nr)
			return pid;
	return NULL;
}
EXPORT_SYMBOL_GPL(find_vpid);

struct pid *find_get_pid(pid_t nr)
{
	struct pid *pid;

	rcu_read_lock();
	pid = get_pid(find_vpid(nr));
	rcu_read_unlock();
	return pid;
}
EXPORT_SYMBOL_GPL(find_get_pid);

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	return pid ? READ_ONCE(pid->task) : NULL;
}
EXPORT_SYMBOL(pid_task);

struct task_struct *get_pid_task(struct pid *pid, enum pid_type type)
{
	struct task_struct *p;

	rcu_read_lock();
	p = pid_task(pid, type);
	if (p)
		get_task_struct(p);
	rcu_read_unlock();
	return p;
}
EXPORT_SYMBOL_GPL(get_pid_task);

struct task_struct *find_task_by_vpid(pid_t nr)
{
	return pid_task(find_vpid(nr), PIDTYPE_PID);
}

struct task_struct *find_get_task_by_vpid(pid_t nr)
{
	struct task_struct *p;

	rcu_read_lock();
	p = find_task_by_vpid(nr);
	if (p)
		get_task_struct(p);
	rcu_read_unlock();
	return p;
}

/* The lowest number in use at or after nr; pid_max if there is none. A hint: it may be gone the next moment. */
static int next_used(int nr)
{
	while (nr < pid_max) {
		unsigned long word = READ_ONCE(used[nr / 64]) & (~0UL << nr % 64);

		if (word)
			return nr / 64 * 64 + __ffs(word);
		nr = (nr / 64 + 1) * 64;
	}
	return pid_max;
}

struct task_struct *find_ge_task_get(pid_t from)
{
	struct task_struct *p = NULL;

	for (int nr = next_used(max(from, 1)); nr < pid_max && !p; nr = next_used(nr + 1))
		p = find_get_task_by_vpid(nr);
	return p;
}

struct task_struct *next_task_get(struct task_struct *prev)
{
	struct task_struct *p = find_ge_task_get(prev ? prev->pid + 1 : 1);

	if (prev)
		put_task_struct(prev);
	return p;
}

pid_t task_pid_nr(struct task_struct *p)
{
	return p->pid;
}
EXPORT_SYMBOL(task_pid_nr);

pid_t task_pid_vnr(struct task_struct *p)
{
	return p->pid;
}
EXPORT_SYMBOL(task_pid_vnr);

pid_t task_tgid_nr(struct task_struct *p)
{
	return p->tgid;
}
EXPORT_SYMBOL(task_tgid_nr);

pid_t task_ppid_nr(struct task_struct *p)
{
	unsigned long flags;
	pid_t nr;

	raw_spin_lock_irqsave(&tasklist_lock, flags);
	nr = p->real_parent ? p->real_parent->pid : 0;
	raw_spin_unlock_irqrestore(&tasklist_lock, flags);
	return nr;
}
EXPORT_SYMBOL(task_ppid_nr);

pid_t last_pid_given(void)
{
	return READ_ONCE(last_pid);
}

unsigned int pids_in_use(void)
{
	unsigned int n = 0;

	for (int i = 0; i < ARRAY_SIZE(used); i++)
		n += hweight64(READ_ONCE(used[i]));
	return n;
}

void __init pid_init(void)
{
	pid_cachep = kmem_cache_create("pid", sizeof(struct pid), 0, SLAB_PANIC, NULL);
	init_task.thread_pid = &init_struct_pid;
	pid_max = clamp(max(pid_max, (int)num_possible_cpus() * 1024), RESERVED_PIDS + 1, PID_MAX_LIMIT);
}
