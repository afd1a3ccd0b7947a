/* SPDX-License-Identifier: MIT */
/*
 * Do something the first time only. DO_ONCE_LITE() is what printk_once() and WARN_ONCE() are made of: no lock, so two
 * CPUs that arrive at the same moment may both do it.
 */
#pragma once

#include <linux/types.h>
#include <linux/compiler.h>

/* func(args) when condition holds for the first time. Value: condition. Context: any. */
#define DO_ONCE_LITE_IF(condition, func, ...)				\
	({								\
		static bool __already_done;				\
		bool __ret_do_once = !!(condition);			\
									\
		if (unlikely(__ret_do_once && !__already_done)) {	\
			__already_done = true;				\
			func(__VA_ARGS__);				\
		}							\
		unlikely(__ret_do_once);				\
	})

/* func(args), the first time this line is reached. Context: any. */
#define DO_ONCE_LITE(func, ...)	DO_ONCE_LITE_IF(true, func, ##__VA_ARGS__)
