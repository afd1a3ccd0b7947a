/* SPDX-License-Identifier: MIT */
/*
 * The answers to Linux's configuration questions that portable code asks.
 * Bobbin has no configuration: these are facts. IS_ENABLED(CONFIG_X) is an
 * expression, 1 or 0, so that code stays out of #if.
 */
#pragma once

#define CONFIG_64BIT		1
#define CONFIG_X86		1
#define CONFIG_X86_64		1
#define CONFIG_SMP		1
#define CONFIG_PREEMPTION	1
#define CONFIG_PREEMPT		1
#define CONFIG_PRINTK		1
#define CONFIG_HZ		250

#define __ARG_PLACEHOLDER_1	0,
#define __take_second_arg(ignored, val, ...) val
#define __is_defined(x)			___is_defined(x)
#define ___is_defined(val)		____is_defined(__ARG_PLACEHOLDER_##val)
#define ____is_defined(arg1_or_junk)	__take_second_arg(arg1_or_junk 1, 0)

#define IS_BUILTIN(option)	__is_defined(option)
#define IS_MODULE(option)	0
#define IS_REACHABLE(option)	IS_BUILTIN(option)
#define IS_ENABLED(option)	IS_BUILTIN(option)
