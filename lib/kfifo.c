/* SPDX-License-Identifier: MIT */
/*
 * The functions behind the macros of <linux/kfifo.h>.
 *
 *	out           in			in and out count for ever, modulo 2^32; the place in the ring is the
 *	 v             v			count & mask. So full (in - out == size) and empty (in == out) differ
 *	[ . . a b c d e . . . . ]		without an element that is kept free.
 *
 * ORDER(kfifo): the producer writes elements, then `in` (release); the consumer reads `in` (acquire), then elements,
 * then writes `out` (release), which the producer reads (acquire) before it writes there again. That is all that one
 * of each needs.
 *
 * A record is its length, one or two bytes, and that many bytes.
 */
#include <linux/kfifo.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp)
{
	*fifo = (struct __kfifo){ .esize = esize };
	if (size < 2)
		return -EINVAL;
	size = roundup_pow_of_two(size);
	fifo->data = kmalloc_array(size, esize, gfp);
	if (!fifo->data)
		return -ENOMEM;
	fifo->mask = size - 1;
	return 0;
}
EXPORT_SYMBOL(__kfifo_alloc);

int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int bytes, size_t esize)
{
	unsigned int size = bytes / esize;

	*fifo = (struct __kfifo){ .esize = esize, .data = buffer };
	if (size < 2)
		return -EINVAL;
	fifo->mask = rounddown_pow_of_two(size) - 1;
	return 0;
}
EXPORT_SYMBOL(__kfifo_init);

void __kfifo_free(struct __kfifo *fifo)
{
	kfree(fifo->data);
	*fifo = (struct __kfifo){ };
}
EXPORT_SYMBOL(__kfifo_free);

/* n elements to or from the place of count `at`, in two pieces where the ring ends. */
static void copy(struct __kfifo *fifo, unsigned int at, void *to, const void *from, unsigned int n)
{
	size_t esize = fifo->esize, place = (at & fifo->mask) * esize, bytes = n * esize;
	size_t first = min(bytes, (fifo->mask + 1) * esize - place);

	if (from) {
		memcpy(fifo->data + place, from, first);
		memcpy(fifo->data, from + first, bytes - first);
	} else {
		memcpy(to, fifo->data + place, first);
		memcpy(to + first, fifo->data, bytes - first);
	}
}

static unsigned int room(struct __kfifo *fifo)
{
	/* ORDER(kfifo): the consumer has read what was there. */
	return fifo->mask + 1 - (fifo->in - smp_load_acquire(&fifo->out));
}

static unsigned int filled(struct __kfifo *fifo)
{
	/* ORDER(kfifo): what the producer has written there is complete. */
	return smp_load_acquire(&fifo->in) - fifo->out;
}

static unsigned int length_of_next(struct __kfifo *fifo, size_t recsize)
{
	u8 length[2] = { };

	copy(fifo, fifo->out, length, NULL, recsize);
	return length[0] | length[1] << 8;
}

unsigned int __kfifo_in(struct __kfifo *fifo, const void *from, unsigned int n, size_t recsize)
{
	unsigned int free = room(fifo);
	u8 length[2] = { n, n >> 8 };

	if (recsize) {
		if (n + recsize > free || n >> (8 * recsize))
			return 0;
		copy(fifo, fifo->in, NULL, length, recsize);
	} else {
		n = min(n, free);
	}
	copy(fifo, fifo->in + recsize, NULL, from, n);
	/* ORDER(kfifo): the elements before the count. */
	smp_store_release(&fifo->in, fifo->in + recsize + n);
	return n;
}
EXPORT_SYMBOL(__kfifo_in);

unsigned int __kfifo_out(struct __kfifo *fifo, void *to, unsigned int n, size_t recsize, bool remove)
{
	unsigned int there = filled(fifo), whole;

	if (!there)
		return 0;
	whole = recsize ? length_of_next(fifo, recsize) : min(n, there);
	n = min(n, whole);
	copy(fifo, fifo->out + recsize, to, NULL, n);
	/* ORDER(kfifo): read before the place is given back. The rest of a record that found no room is lost. */
	if (remove)
		smp_store_release(&fifo->out, fifo->out + recsize + whole);
	return n;
}
EXPORT_SYMBOL(__kfifo_out);

unsigned int __kfifo_avail(struct __kfifo *fifo, size_t recsize)
{
	unsigned int free = room(fifo);

	if (!recsize)
		return free;
	return free > recsize ? min(free - (unsigned int)recsize, (1u << (8 * recsize)) - 1) : 0;
}
EXPORT_SYMBOL(__kfifo_avail);

unsigned int __kfifo_peek_len(struct __kfifo *fifo, size_t recsize)
{
	if (!filled(fifo))
		return 0;
	return recsize ? length_of_next(fifo, recsize) : fifo->esize;
}
EXPORT_SYMBOL(__kfifo_peek_len);

void __kfifo_skip(struct __kfifo *fifo, size_t recsize)
{
	unsigned int n = recsize ? recsize + length_of_next(fifo, recsize) : 1;

	/* ORDER(kfifo): as in __kfifo_out(). */
	if (filled(fifo))
		smp_store_release(&fifo->out, fifo->out + n);
}
EXPORT_SYMBOL(__kfifo_skip);

void __kfifo_skip_count(struct __kfifo *fifo, unsigned int n)
{
	/* ORDER(kfifo): as in __kfifo_out(). */
	smp_store_release(&fifo->out, fifo->out + min(n, filled(fifo)));
}
EXPORT_SYMBOL(__kfifo_skip_count);
