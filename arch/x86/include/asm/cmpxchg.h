/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * xchg, cmpxchg, try_cmpxchg and xadd on any integer or pointer of 1 to 8
 * bytes. The register operand's size picks the instruction's size. All of
 * them are full barriers on x86, so the _relaxed, _acquire and _release forms
 * are the same instruction; say the weakest one that is right all the same.
 * For a counter use atomic_t.
 */
#include <linux/types.h>
#include <linux/compiler.h>

/* Store v, give what was there. (xchg with memory locks by itself.) */
#define xchg(ptr, v)						\
({								\
	__typeof__(ptr) _xp = (ptr);				\
	__typeof__(*(ptr)) _xv = (__typeof__(*(ptr)))(v);	\
	asm volatile("xchg %0, %1"				\
		     : "+q" (_xv), "+m" (*_xp) : : "memory");	\
	_xv;							\
})

#define __cmpxchg(ptr, old, new, lock)				\
({								\
	__typeof__(ptr) _cp = (ptr);				\
	__typeof__(*(ptr)) _co = (__typeof__(*(ptr)))(old);	\
	__typeof__(*(ptr)) _cn = (__typeof__(*(ptr)))(new);	\
	asm volatile(lock "cmpxchg %2, %1"			\
		     : "+a" (_co), "+m" (*_cp)			\
		     : "q" (_cn) : "memory", "cc");		\
	_co;							\
})

#define __try_cmpxchg(ptr, oldp, new, lock)			\
({								\
	__typeof__(ptr) _tp = (ptr);				\
	__typeof__(ptr) _top = (__typeof__(ptr))(oldp);		\
	__typeof__(*(ptr)) _to = *_top;				\
	__typeof__(*(ptr)) _tn = (__typeof__(*(ptr)))(new);	\
	bool _ok;						\
	asm volatile(lock "cmpxchg %3, %1"			\
		     : "+a" (_to), "+m" (*_tp), "=@ccz" (_ok)	\
		     : "q" (_tn) : "memory");			\
	if (unlikely(!_ok))					\
		*_top = _to;					\
	likely(_ok);						\
})

#define __xadd(ptr, inc, lock)					\
({								\
	__typeof__(ptr) _ap = (ptr);				\
	__typeof__(*(ptr)) _av = (__typeof__(*(ptr)))(inc);	\
	asm volatile(lock "xadd %0, %1"				\
		     : "+q" (_av), "+m" (*_ap) : : "memory", "cc"); \
	_av;							\
})

/* If *ptr == old, store new. Gives what was there: equal to old means it was stored. */
#define cmpxchg(ptr, old, new)		__cmpxchg(ptr, old, new, "lock; ")
/* The same, true when stored; when not, *oldp becomes what was there. */
#define try_cmpxchg(ptr, oldp, new)	__try_cmpxchg(ptr, oldp, new, "lock; ")
/* Add inc, give what was there before. */
#define xadd(ptr, inc)			__xadd(ptr, inc, "lock; ")

/* Atomic against this CPU's own interrupts only. */
#define cmpxchg_local(ptr, old, new)	__cmpxchg(ptr, old, new, "")
#define try_cmpxchg_local(ptr, oldp, new) __try_cmpxchg(ptr, oldp, new, "")

#define xchg_relaxed		xchg
#define xchg_acquire		xchg
#define xchg_release		xchg
#define cmpxchg_relaxed		cmpxchg
#define cmpxchg_acquire		cmpxchg
#define cmpxchg_release		cmpxchg
#define try_cmpxchg_relaxed	try_cmpxchg
#define try_cmpxchg_acquire	try_cmpxchg
#define try_cmpxchg_release	try_cmpxchg

#define cmpxchg64		cmpxchg
#define cmpxchg64_relaxed	cmpxchg
#define cmpxchg64_acquire	cmpxchg
#define cmpxchg64_release	cmpxchg
#define cmpxchg64_local		cmpxchg_local
#define try_cmpxchg64		try_cmpxchg
