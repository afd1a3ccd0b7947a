/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Queues of elements of one type in a ring whose size is a power of two. One producer and one consumer need no lock;
 * more of a kind lock among themselves, or use the _spinlocked forms.
 *
 *	DEFINE_KFIFO(f, int, 16);	kfifo_put(&f, 5);	if (kfifo_get(&f, &i)) ...
 *	struct kfifo f;			kfifo_alloc(&f, 4096, GFP_KERNEL);	(of bytes, memory made at run time)
 *
 * Records (STRUCT_KFIFO_REC_1, _2, struct kfifo_rec_ptr_1, _2): a byte queue that keeps what was put in one kfifo_in()
 * together. Context: any; kfifo_alloc(), kfifo_free() as kmalloc(), kfree(). Semantics: Linux's kfifo.
 */
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <asm/barrier.h>

/* in and out run freely and wrap; in - out is how many there are. ORDER(kfifo). */
struct __kfifo {
	unsigned int	in;	/* the producer's */
	unsigned int	out;	/* the consumer's */
	unsigned int	mask;	/* size - 1; constant */
	unsigned int	esize;	/* bytes an element; constant */
	void		*data;
};

/* The two empty arrays carry types only: of an element, and the length of a record's length. */
#define __STRUCT_KFIFO(_type, _rec, _buf) \
	struct { struct __kfifo kfifo; _type *element[0]; char record[0][(_rec) + 1]; _buf }
#define STRUCT_KFIFO(type, size) \
	__STRUCT_KFIFO(type, 0, type buf[((size) < 2 || ((size) & ((size) - 1))) ? -1 : (size)];)
#define STRUCT_KFIFO_PTR(type)		__STRUCT_KFIFO(type, 0, type buf[0];)
#define STRUCT_KFIFO_REC_1(size)	__STRUCT_KFIFO(unsigned char, 1, unsigned char buf[size];)
#define STRUCT_KFIFO_REC_2(size)	__STRUCT_KFIFO(unsigned char, 2, unsigned char buf[size];)
struct kfifo		{ struct __kfifo kfifo; unsigned char *element[0]; char record[0][1]; unsigned char buf[0]; };
struct kfifo_rec_ptr_1	{ struct __kfifo kfifo; unsigned char *element[0]; char record[0][2]; unsigned char buf[0]; };
struct kfifo_rec_ptr_2	{ struct __kfifo kfifo; unsigned char *element[0]; char record[0][3]; unsigned char buf[0]; };

#define __kfifo_type(fifo)	typeof(*(fifo)->element[0])
#define kfifo_recsize(fifo)	(sizeof((fifo)->record[0]) - 1)
#define kfifo_esize(fifo)	((fifo)->kfifo.esize)

/* DECLARE_KFIFO: a member or variable, to be made ready by INIT_KFIFO(). DEFINE_KFIFO: ready. _PTR: kfifo_alloc(). */
#define DECLARE_KFIFO(fifo, type, size)	STRUCT_KFIFO(type, size) fifo
#define DECLARE_KFIFO_PTR(fifo, type)	STRUCT_KFIFO_PTR(type) fifo
#define DEFINE_KFIFO(fifo, type, size) \
	DECLARE_KFIFO(fifo, type, size) = { .kfifo = { \
		.mask = (size) - 1, .esize = sizeof(type), .data = (fifo).buf } }
#define INIT_KFIFO(fifo) \
	((fifo).kfifo = (struct __kfifo){ \
		.mask = sizeof((fifo).buf) ? sizeof((fifo).buf) / sizeof(*(fifo).buf) - 1 : 0, \
		.esize = sizeof(*(fifo).buf), .data = sizeof((fifo).buf) ? (fifo).buf : NULL })

/* kfifo_alloc: room for size elements, rounded up to a power of two; 0, -ENOMEM or -EINVAL (fewer than 2).
 * kfifo_init: in memory of the caller's, size bytes, rounded down. kfifo_free: gives kfifo_alloc()'s memory back. */
#define kfifo_alloc(fifo, size, gfp)	__kfifo_alloc(&(fifo)->kfifo, size, sizeof(__kfifo_type(fifo)), gfp)
#define kfifo_init(fifo, buffer, size)	__kfifo_init(&(fifo)->kfifo, buffer, size, sizeof(__kfifo_type(fifo)))
#define kfifo_free(fifo)		__kfifo_free(&(fifo)->kfifo)

#define kfifo_initialized(fifo)	((fifo)->kfifo.mask != 0)
#define kfifo_size(fifo)	((fifo)->kfifo.mask + 1)
#define kfifo_len(fifo)		(READ_ONCE((fifo)->kfifo.in) - READ_ONCE((fifo)->kfifo.out))
#define kfifo_is_empty(fifo)	(kfifo_len(fifo) == 0)
#define kfifo_is_full(fifo)	(kfifo_len(fifo) > (fifo)->kfifo.mask)
/* Free elements; with records, the longest that fits. */
#define kfifo_avail(fifo)	__kfifo_avail(&(fifo)->kfifo, kfifo_recsize(fifo))
#define kfifo_is_empty_spinlocked(fifo, lock)	__kfifo_locked(lock, kfifo_is_empty(fifo))
#define kfifo_is_empty_spinlocked_noirqsave(fifo, lock)	\
	({ bool __empty; spin_lock(lock); __empty = kfifo_is_empty(fifo); spin_unlock(lock); __empty; })

/* kfifo_reset: empty; neither side may be active. kfifo_reset_out: empty, by the consumer. */
#define kfifo_reset(fifo)	((void)((fifo)->kfifo.in = (fifo)->kfifo.out = 0))
#define kfifo_reset_out(fifo)	((void)((fifo)->kfifo.out = READ_ONCE((fifo)->kfifo.in)))
/* kfifo_skip: drop the first element, or record. kfifo_peek_len: how long the next record is, in bytes. */
#define kfifo_skip(fifo)	__kfifo_skip(&(fifo)->kfifo, kfifo_recsize(fifo))
#define kfifo_skip_count(fifo, count)	__kfifo_skip_count(&(fifo)->kfifo, count)
#define kfifo_peek_len(fifo)	__kfifo_peek_len(&(fifo)->kfifo, kfifo_recsize(fifo))

/* One element. Return: 1, or 0: full (put), empty (get, peek). */
#define kfifo_put(fifo, val) \
({ \
	__kfifo_type(fifo) __val = (val); \
	__kfifo_in(&(fifo)->kfifo, &__val, 1, kfifo_recsize(fifo)); \
})
#define kfifo_get(fifo, val) \
({ \
	__kfifo_type(fifo) *__val = (val); \
	__kfifo_out(&(fifo)->kfifo, __val, 1, kfifo_recsize(fifo), true); \
})
#define kfifo_peek(fifo, val) \
({ \
	__kfifo_type(fifo) *__val = (val); \
	__kfifo_out(&(fifo)->kfifo, __val, 1, kfifo_recsize(fifo), false); \
})

/* Up to n elements, or one record of n bytes. Return: how many. */
#define kfifo_in(fifo, buffer, n) \
({ \
	const __kfifo_type(fifo) *__from = (const void *)(buffer); \
	__kfifo_in(&(fifo)->kfifo, __from, n, kfifo_recsize(fifo)); \
})
#define kfifo_out(fifo, buffer, n) \
({ \
	__kfifo_type(fifo) *__to = (void *)(buffer); \
	__kfifo_out(&(fifo)->kfifo, __to, n, kfifo_recsize(fifo), true); \
})
#define kfifo_out_peek(fifo, buffer, n) \
({ \
	__kfifo_type(fifo) *__to = (void *)(buffer); \
	__kfifo_out(&(fifo)->kfifo, __to, n, kfifo_recsize(fifo), false); \
})

/* Several producers, or several consumers: under their lock, interrupts off. */
#define __kfifo_locked(lock, expr) \
({ \
	unsigned long __flags; \
	unsigned int __n; \
	spin_lock_irqsave(lock, __flags); \
	__n = (expr); \
	spin_unlock_irqrestore(lock, __flags); \
	__n; \
})
#define kfifo_in_spinlocked(fifo, buf, n, lock)		__kfifo_locked(lock, kfifo_in(fifo, buf, n))
#define kfifo_out_spinlocked(fifo, buf, n, lock)	__kfifo_locked(lock, kfifo_out(fifo, buf, n))
#define kfifo_in_locked(fifo, buf, n, lock)		kfifo_in_spinlocked(fifo, buf, n, lock)
#define kfifo_out_locked(fifo, buf, n, lock)		kfifo_out_spinlocked(fifo, buf, n, lock)

int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp);
int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int bytes, size_t esize);
void __kfifo_free(struct __kfifo *fifo);
unsigned int __kfifo_in(struct __kfifo *fifo, const void *from, unsigned int n, size_t recsize);
unsigned int __kfifo_out(struct __kfifo *fifo, void *to, unsigned int n, size_t recsize, bool remove);
unsigned int __kfifo_avail(struct __kfifo *fifo, size_t recsize);
unsigned int __kfifo_peek_len(struct __kfifo *fifo, size_t recsize);
void __kfifo_skip(struct __kfifo *fifo, size_t recsize);
void __kfifo_skip_count(struct __kfifo *fifo, unsigned int n);
