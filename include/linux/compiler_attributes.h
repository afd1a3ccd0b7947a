/* SPDX-License-Identifier: MIT */
/*
 * Short names for the attributes of GCC and Clang, and the marks that only a
 * checker reads (__user, __acquires, ...), which are empty here. A mark still
 * earns its place: it tells the reader which lock a function takes.
 */
#pragma once

#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __noinline		noinline
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __alias(symbol)		__attribute__((__alias__(#symbol)))
#define __attribute_const__	__attribute__((__const__))
#define __cold			__attribute__((__cold__))
#define __cleanup(func)		__attribute__((__cleanup__(func)))
#define __deprecated
#define __maybe_unused		__attribute__((__unused__))
/* An alias gets the attributes of what it stands for. */
#ifdef __clang__
#define __copy(symbol)
#else
#define __copy(symbol)		__attribute__((__copy__(symbol)))
#endif
#define __always_unused		__attribute__((__unused__))
#define __malloc		__attribute__((__malloc__))
#define __mode(x)		__attribute__((__mode__(x)))
#define __must_check		__attribute__((__warn_unused_result__))
#define __noreturn		__attribute__((__noreturn__))
#define __packed		__attribute__((__packed__))
#define __pure			__attribute__((__pure__))
#define __printf(fmt, args)	__attribute__((__format__(__printf__, fmt, args)))
#define __scanf(fmt, args)	__attribute__((__format__(__scanf__, fmt, args)))
#define __section(name)		__attribute__((__section__(name)))
#define __used			__attribute__((__used__))
#define __weak			__attribute__((__weak__))
#define __visible
#define __flatten		__attribute__((__flatten__))
#define fallthrough		__attribute__((__fallthrough__))

/* Rarely written data kept together, away from what every CPU dirties. */
#define __read_mostly		__section(".data..read_mostly")
#define __ro_after_init		__section(".data..ro_after_init")

/* Functions that a tracer must leave alone. */
#define notrace			__attribute__((__no_instrument_function__))
#define noinstr			noinline notrace
#define __no_sanitize_address
#define __no_kcsan
#define __nocast
#define __private
#define __latent_entropy
#define __randomize_layout

/* A warning of the compiler's left out on some lines. */
#define __diag_push()			_Pragma("GCC diagnostic push")
#define __diag_pop()			_Pragma("GCC diagnostic pop")
#define __diag_ignore_all(option, comment)	__diag_text(GCC diagnostic ignored option)
#define __diag_text(text)		_Pragma(#text)

/* Address spaces and lock contexts, for the reader and for sparse. */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __safe
#define __bitwise
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __cond_acquires(x)
#define __acquire(x)		((void)0)
#define __release(x)		((void)0)
