/* SPDX-License-Identifier: MIT */
/* Atomics: which operation answers the old value, which the new one, which yes or no. */
#include "promise.h"
#include <linux/atomic.h>

static atomic_t a = ATOMIC_INIT(5);
static atomic64_t l = ATOMIC64_INIT(-1);
static atomic_long_t al = ATOMIC_LONG_INIT(3);

static void run(void)
{
	int old = 5;

	ask(atomic_add_return(3, &a));
	ask(atomic_sub_return(1, &a));
	ask(atomic_fetch_add(2, &a));
	ask(atomic_fetch_sub(2, &a));
	ask(atomic_inc_return(&a));
	ask(atomic_dec_return(&a));
	ask(atomic_xchg(&a, 5));
	ask(atomic_cmpxchg(&a, 4, 9));
	ask(atomic_cmpxchg(&a, 5, 1));
	ask(atomic_try_cmpxchg(&a, &old, 7));
	ask(old);
	ask(atomic_dec_and_test(&a));
	ask(atomic_inc_and_test(&a));
	ask(atomic_sub_and_test(1, &a));
	ask(atomic_add_negative(-1, &a));
	ask(atomic_add_unless(&a, 5, -1));
	ask(atomic_inc_not_zero(&a));
	ask(atomic_fetch_add_unless(&a, 1, 100));
	ask(atomic_dec_if_positive(&a));
	ask(atomic_inc_unless_negative(&a));
	ask(atomic_dec_unless_positive(&a));
	ask(atomic_fetch_or(6, &a));
	ask(atomic_fetch_and(3, &a));
	ask(atomic_fetch_xor(1, &a));
	ask(atomic_fetch_andnot(1, &a));
	ask(atomic_read(&a));
	ask(atomic64_inc_return(&l));
	ask(atomic64_add_return(1LL << 40, &l));
	ask(atomic64_dec_if_positive(&l));
	ask(atomic64_xchg(&l, 0));
	ask(atomic_long_add_return(4, &al));
	ask(atomic_long_dec_and_test(&al));
	ask(atomic_read_acquire(&a));
	atomic_set_release(&a, 11);
	ask(xchg(&old, 3));
	ask(cmpxchg(&old, 3, 4));
	ask(old);
}
promise(run);
