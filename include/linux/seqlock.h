/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sequence counters: readers that never wait. A writer makes the number odd, writes, makes it even again; a reader
 * reads the number, the data, the number, and starts anew if a writer was there. For small data without pointers
 * (a pointer may be followed to where a writer has just freed). Else <linux/rwlock.h> or <linux/rcupdate.h>.
 *
 *	do {					write_seqlock(&sl);
 *		seq = read_seqbegin(&sl);	x = ...; y = ...;
 *		a = x; b = y;			write_sequnlock(&sl);
 *	} while (read_seqretry(&sl, seq));
 *
 * seqlock_t has a spinlock for its writers, in the spinlock's forms. seqcount_t has none: its writers must be kept
 * apart by a lock of the user's, and must not be preempted nor interrupted by a reader on the same CPU, who would wait
 * for ever. seqcount_LOCKNAME_t knows that lock and asserts that it is held; with a lock that sleeps it also disables
 * preemption while writing.
 * Context of readers: any that a writer cannot be under on the same CPU. Of writers: as their lock's.
 * Semantics: Linux's Documentation/locking/seqlock.
 */
#include <linux/spinlock.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/ww_mutex.h>
#include <linux/kernel.h>
#include <asm/processor.h>

typedef struct seqcount {
	unsigned int sequence;
} seqcount_t;

#define SEQCNT_ZERO(name)	{ .sequence = 0 }

static inline void seqcount_init(seqcount_t *s)
{
	*s = (seqcount_t){ .sequence = 0 };
}

/* One that knows its writers' lock; the counter is its first member. */
#define SEQCOUNT_LOCKNAME(lockname, locktype) \
typedef struct seqcount_##lockname { \
	seqcount_t	seqcount; \
	locktype	*lock; \
} seqcount_##lockname##_t; \
static inline void seqcount_##lockname##_init(seqcount_##lockname##_t *s, locktype *lock) \
{ \
	*s = (seqcount_##lockname##_t){ .lock = lock }; \
} \
static inline void seqcount_##lockname##_check(const seqcount_##lockname##_t *s) \
{ \
	lockdep_assert_held(s->lock); \
}
SEQCOUNT_LOCKNAME(raw_spinlock, raw_spinlock_t)
SEQCOUNT_LOCKNAME(spinlock, spinlock_t)
SEQCOUNT_LOCKNAME(rwlock, rwlock_t)
SEQCOUNT_LOCKNAME(mutex, struct mutex)
SEQCOUNT_LOCKNAME(ww_mutex, struct ww_mutex)

#define SEQCNT_LOCKNAME_ZERO(name, l)		{ .seqcount = SEQCNT_ZERO(name), .lock = (l) }
#define SEQCNT_RAW_SPINLOCK_ZERO(name, lock)	SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_SPINLOCK_ZERO(name, lock)	SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_RWLOCK_ZERO(name, lock)		SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_MUTEX_ZERO(name, lock)		SEQCNT_LOCKNAME_ZERO(name, lock)
#define SEQCNT_WW_MUTEX_ZERO(name, lock)	SEQCNT_LOCKNAME_ZERO(name, lock)

/* The counter within any of them. */
#define seqprop_ptr(s) \
	((seqcount_t *)_Generic(*(s), \
		seqcount_t: (s), \
		seqcount_raw_spinlock_t: (s), \
		seqcount_spinlock_t: (s), \
		seqcount_rwlock_t: (s), \
		seqcount_mutex_t: (s), \
		seqcount_ww_mutex_t: (s)))

static inline void seqcount_no_check(const void *s)
{
}

#define seqprop_assert(s) \
	_Generic(*(s), \
		seqcount_t: seqcount_no_check, \
		seqcount_raw_spinlock_t: seqcount_raw_spinlock_check, \
		seqcount_spinlock_t: seqcount_spinlock_check, \
		seqcount_rwlock_t: seqcount_rwlock_check, \
		seqcount_mutex_t: seqcount_mutex_check, \
		seqcount_ww_mutex_t: seqcount_ww_mutex_check)(s)
#define seqprop_preemptible(s)	\
	_Generic(*(s), seqcount_mutex_t: true, seqcount_ww_mutex_t: true, default: false)

/* ---- the counter ---- */

static inline unsigned int do_read_seqcount_begin(const seqcount_t *s)
{
	unsigned int seq;

	/* ORDER(seqcount): reader: the number before the data. */
	while ((seq = smp_load_acquire(&s->sequence)) & 1)
		cpu_relax();
	return seq;
}

static inline int do_read_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	/* ORDER(seqcount): reader: the data before the number is looked at again. */
	smp_rmb();
	return unlikely(READ_ONCE(s->sequence) != start);
}

static inline void do_write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, s->sequence + 1);
	/* ORDER(seqcount): writer: odd before the data. */
	smp_wmb();
}

static inline void do_write_seqcount_end(seqcount_t *s)
{
	/* ORDER(seqcount): writer: the data before even. */
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 1);
}

static inline unsigned int do_raw_read_seqcount(const seqcount_t *s)
{
	/* ORDER(seqcount): reader: the number before the data. */
	return smp_load_acquire(&s->sequence);
}

static inline void do_write_seqcount_invalidate(seqcount_t *s)
{
	/* ORDER(seqcount): writer: what was written before makes all reads in progress invalid. */
	smp_wmb();
	WRITE_ONCE(s->sequence, s->sequence + 2);
}

/* Begin waits until no writer is there; retry: was there one since? raw_read_seqcount: as it is, perhaps odd. */
#define read_seqcount_begin(s)		do_read_seqcount_begin(seqprop_ptr(s))
#define raw_read_seqcount_begin(s)	do_read_seqcount_begin(seqprop_ptr(s))
#define __read_seqcount_begin(s)	do_read_seqcount_begin(seqprop_ptr(s))
#define read_seqcount_retry(s, start)	do_read_seqcount_retry(seqprop_ptr(s), start)
#define __read_seqcount_retry(s, start)	do_read_seqcount_retry(seqprop_ptr(s), start)
#define raw_read_seqcount(s)		do_raw_read_seqcount(seqprop_ptr(s))
/* raw_seqcount_begin: does not wait; retry will fail if a writer was there. */
#define raw_seqcount_begin(s)		(do_raw_read_seqcount(seqprop_ptr(s)) & ~1U)

#define write_seqcount_begin(s) \
	do { \
		seqprop_assert(s); \
		if (seqprop_preemptible(s)) \
			preempt_disable(); \
		do_write_seqcount_begin(seqprop_ptr(s)); \
	} while (0)
#define write_seqcount_end(s) \
	do { \
		do_write_seqcount_end(seqprop_ptr(s)); \
		if (seqprop_preemptible(s)) \
			preempt_enable(); \
	} while (0)
#define write_seqcount_begin_nested(s, subclass)	write_seqcount_begin(s)
#define raw_write_seqcount_begin(s)	do_write_seqcount_begin(seqprop_ptr(s))
#define raw_write_seqcount_end(s)	do_write_seqcount_end(seqprop_ptr(s))
/* Everything read so far, and being read, is out of date. */
#define write_seqcount_invalidate(s)	do_write_seqcount_invalidate(seqprop_ptr(s))

/* ---- two copies, so that a reader may interrupt the writer ---- */

typedef struct {
	seqcount_t seqcount;
} seqcount_latch_t;

#define SEQCNT_LATCH_ZERO(name)	{ .seqcount = SEQCNT_ZERO(name.seqcount) }

static inline void seqcount_latch_init(seqcount_latch_t *s)
{
	seqcount_init(&s->seqcount);
}

/* Readers take copy (seq & 1). */
static inline unsigned int raw_read_seqcount_latch(const seqcount_latch_t *s)
{
	return do_raw_read_seqcount(&s->seqcount);
}

static inline int read_seqcount_latch_retry(const seqcount_latch_t *s, unsigned int start)
{
	return do_read_seqcount_retry(&s->seqcount, start);
}

/* Sends the readers to the other copy: once before each of the two is written. */
static inline void raw_write_seqcount_latch(seqcount_latch_t *s)
{
	/* ORDER(seqcount): writer: what was written to the one copy before readers go there, */
	smp_wmb();
	WRITE_ONCE(s->seqcount.sequence, s->seqcount.sequence + 1);
	/* ORDER(seqcount): and they have gone before the other is written. */
	smp_wmb();
}

/* ---- with a spinlock for its writers ---- */

typedef struct {
	seqcount_spinlock_t	seqcount;
	spinlock_t		lock;
} seqlock_t;

#define __SEQLOCK_UNLOCKED(name) \
	{ .seqcount = SEQCNT_SPINLOCK_ZERO(name, &(name).lock), .lock = __SPIN_LOCK_UNLOCKED(name) }
#define DEFINE_SEQLOCK(sl)	seqlock_t sl = __SEQLOCK_UNLOCKED(sl)
#define seqlock_init(sl) \
	do { \
		spin_lock_init(&(sl)->lock); \
		seqcount_spinlock_init(&(sl)->seqcount, &(sl)->lock); \
	} while (0)

static inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return read_seqcount_begin(&sl->seqcount);
}

static inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return read_seqcount_retry(&sl->seqcount, start);
}

/* Writers; and readers that keep writers out (read_seqlock_excl): they take the lock and leave the number alone. */
#define SEQLOCK_FORMS(form) \
static inline void write_seqlock##form(seqlock_t *sl) \
{ \
	spin_lock##form(&sl->lock); \
	do_write_seqcount_begin(&sl->seqcount.seqcount); \
} \
static inline void write_sequnlock##form(seqlock_t *sl) \
{ \
	do_write_seqcount_end(&sl->seqcount.seqcount); \
	spin_unlock##form(&sl->lock); \
} \
static inline void read_seqlock_excl##form(seqlock_t *sl) \
{ \
	spin_lock##form(&sl->lock); \
} \
static inline void read_sequnlock_excl##form(seqlock_t *sl) \
{ \
	spin_unlock##form(&sl->lock); \
}
SEQLOCK_FORMS()
SEQLOCK_FORMS(_irq)
SEQLOCK_FORMS(_bh)

#define write_seqlock_irqsave(sl, flags) \
	do { \
		spin_lock_irqsave(&(sl)->lock, flags); \
		do_write_seqcount_begin(&(sl)->seqcount.seqcount); \
	} while (0)
static inline void write_sequnlock_irqrestore(seqlock_t *sl, unsigned long flags)
{
	do_write_seqcount_end(&sl->seqcount.seqcount);
	spin_unlock_irqrestore(&sl->lock, flags);
}
#define read_seqlock_excl_irqsave(sl, flags)	spin_lock_irqsave(&(sl)->lock, flags)
static inline void read_sequnlock_excl_irqrestore(seqlock_t *sl, unsigned long flags)
{
	spin_unlock_irqrestore(&sl->lock, flags);
}

/*
 * First without the lock, then with it: *seq is 0 the first time; if need_seqretry() says so, set it to 1 and go round
 * again. done_seqretry() drops the lock if it was taken.
 */
static inline void read_seqbegin_or_lock(seqlock_t *sl, int *seq)
{
	if (!(*seq & 1))
		*seq = read_seqbegin(sl);
	else
		read_seqlock_excl(sl);
}

static inline int need_seqretry(seqlock_t *sl, int seq)
{
	return !(seq & 1) && read_seqretry(sl, seq);
}

static inline void done_seqretry(seqlock_t *sl, int seq)
{
	if (seq & 1)
		read_sequnlock_excl(sl);
}

static inline unsigned long read_seqbegin_or_lock_irqsave(seqlock_t *sl, int *seq)
{
	unsigned long flags = 0;

	if (!(*seq & 1))
		*seq = read_seqbegin(sl);
	else
		read_seqlock_excl_irqsave(sl, flags);
	return flags;
}

static inline void done_seqretry_irqrestore(seqlock_t *sl, int seq, unsigned long flags)
{
	if (seq & 1)
		read_sequnlock_excl_irqrestore(sl, flags);
}
