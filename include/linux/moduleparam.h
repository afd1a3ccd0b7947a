/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Parameters of modules: variables that whoever loads the module may set.
 *
 *	static int count = 5;
 *	module_param(count, int, 0444);
 *	MODULE_PARM_DESC(count, "how many threads");
 *
 * `insmod m count=7` sets it before the module's init runs. Code built into the kernel has them, too, as m.count=7 on
 * the kernel's command line. Types: byte short ushort int uint long ulong ullong hexint charp bool invbool.
 * Differs from Linux: a module is refused if a parameter of one of these types has a variable outside of the module and
 * of those it uses, or one that cannot be written to.
 * Semantics: Linux's Documentation/core-api/kernel-api ("module parameters").
 */
#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/stringify.h>
#include <linux/types.h>

struct module;
struct kernel_param;

#define KERNEL_PARAM_OPS_FL_NOARG	1	/* the name alone is enough: val may be NULL */

/*
 * How a type is read and shown. set: 0, or a negative errno which refuses the module. get: writes at most a page, ends
 * it with a newline, returns its length. free: what set allocated, when the module goes; may be NULL.
 * Context: thread, may sleep.
 */
struct kernel_param_ops {
	unsigned int flags;
	int (*set)(const char *val, const struct kernel_param *kp);
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;	/* how many were given; may be NULL */
	const struct kernel_param_ops *ops;
	void *elem;
};

struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	const u16 perm;
	s8 level;
	u8 flags;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

/* Those of the kernel itself, collected by the linker. */
extern const struct kernel_param __start___param[], __stop___param[];

/*
 * parse_args: set the parameters that args names, "a=1 b=x,y 'c=two words'"; args is cut up in place.
 * `unknown` is called for others; without it they are refused. Up to a "--".
 * Context: thread, may sleep. Return: 0, or the first negative errno, after a line in the log that says which and why.
 */
int parse_args(const char *doing, char *args, const struct kernel_param *params, unsigned int num,
	       int (*unknown)(char *param, char *val, const char *doing));
/* destroy_params: free what setting them allocated. */
void destroy_params(const struct kernel_param *params, unsigned int num);

/* A type of the kernel's, and how many bytes its variable has; 0: it is described by a struct kparam_ of the type's. */
struct param_type {
	const struct kernel_param_ops	*ops;
	size_t				size;
};

/* param_type_of: these ops as a type of the kernel's. param_type_with: the one that has this `set` or this `free`, the
 * other one NULL. Context: any. Return: the type; NULL: it is none. */
const struct param_type *param_type_of(const struct kernel_param_ops *ops);
const struct param_type *param_type_with(int (*set)(const char *val, const struct kernel_param *kp),
					 void (*free)(void *arg));

/* One line "tag=info" of what modinfo prints. */
#ifdef MODULE
#define MODULE_PARAM_PREFIX	""
#define __MODULE_INFO(tag, name, info) \
	static const char __UNIQUE_ID(name)[] __used __section(".modinfo") __aligned(1) = __stringify(tag) "=" info
#else
#define MODULE_PARAM_PREFIX	KBUILD_MODNAME "."
#define __MODULE_INFO(tag, name, info)	_Static_assert(sizeof(info) > 0, "a text")
#endif

#define MODULE_PARM_DESC(_parm, desc)		__MODULE_INFO(parm, _parm, #_parm ":" desc)
#define __MODULE_PARM_TYPE(name, _type)		__MODULE_INFO(parmtype, name##type, #name ":" _type)

/* Rights as in chmod, and as there nobody may do what its owner may not; all the world must not write. */
#define VERIFY_OCTAL_PERMISSIONS(perms) \
	(BUILD_BUG_ON_ZERO((perms) < 0) + BUILD_BUG_ON_ZERO((perms) > 0777) + \
	 BUILD_BUG_ON_ZERO((((perms) >> 6) & 4) < (((perms) >> 3) & 4)) + \
	 BUILD_BUG_ON_ZERO((((perms) >> 3) & 4) < ((perms) & 4)) + \
	 BUILD_BUG_ON_ZERO((((perms) >> 6) & 2) < (((perms) >> 3) & 2)) + \
	 BUILD_BUG_ON_ZERO((perms) & 2) + (perms))

#define __module_param_call(prefix, _name, _ops, _arg, _perm, _level, _flags) \
	static const char __param_str_##_name[] = prefix #_name; \
	static struct kernel_param const __param_##_name __used __section("__param") \
		__aligned(__alignof__(struct kernel_param)) = { \
		.name = __param_str_##_name, .mod = THIS_MODULE, .ops = _ops, \
		.perm = VERIFY_OCTAL_PERMISSIONS(_perm), .level = _level, .flags = _flags, .arg = _arg }

/* module_param: the variable is the parameter. module_param_named: they have two names. perm: who may see it in sysfs,
 * of which there is none. module_param_cb: with ops of your own. Outside functions. */
#define module_param(name, type, perm)	module_param_named(name, name, type, perm)
#define module_param_named(name, value, type, perm) \
	param_check_##type(name, &(value)); \
	module_param_cb(name, &param_ops_##type, &value, perm); \
	__MODULE_PARM_TYPE(name, #type)
#define module_param_unsafe(name, type, perm)			module_param(name, type, perm)
#define module_param_named_unsafe(name, value, type, perm)	module_param_named(name, value, type, perm)
#define module_param_cb(name, ops, arg, perm) \
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, 0)
#define core_param(name, var, type, perm) \
	param_check_##type(name, &(var)); \
	__module_param_call("", name, &param_ops_##type, &var, perm, -1, 0)

/* The old form: functions instead of ops. */
#define module_param_call(name, _set, _get, arg, perm) \
	static const struct kernel_param_ops __param_ops_##name = { .set = _set, .get = _get }; \
	__module_param_call(MODULE_PARAM_PREFIX, name, &__param_ops_##name, arg, perm, -1, 0)

/* module_param_string: a char array. len includes the ending zero. -ENOSPC: it does not fit. */
#define module_param_string(name, string, len, perm) \
	static const struct kparam_string __param_string_##name = { len, string }; \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_ops_string, (void *)&__param_string_##name, \
			    perm, -1, 0); \
	__MODULE_PARM_TYPE(name, "string")

/* module_param_array: commas between; nump (may be NULL) gets how many were given. */
#define module_param_array(name, type, nump, perm)	module_param_array_named(name, name, type, nump, perm)
#define module_param_array_named(name, array, type, nump, perm) \
	param_check_##type(name, &(array)[0]); \
	static const struct kparam_array __param_arr_##name = { \
		.max = ARRAY_SIZE(array), .num = nump, .ops = &param_ops_##type, \
		.elemsize = sizeof(array[0]), .elem = array }; \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_array_ops, (void *)&__param_arr_##name, perm, -1, 0); \
	__MODULE_PARM_TYPE(name, "array of " #type)

/* The variable must be of the parameter's type. */
#define __param_check(name, p, type) \
	static inline type __always_unused *__check_##name(void) { return (p); }

#define __DECLARE_PARAM(type) \
	extern const struct kernel_param_ops param_ops_##type; \
	int param_set_##type(const char *val, const struct kernel_param *kp); \
	int param_get_##type(char *buffer, const struct kernel_param *kp)

__DECLARE_PARAM(byte);
__DECLARE_PARAM(short);
__DECLARE_PARAM(ushort);
__DECLARE_PARAM(int);
__DECLARE_PARAM(uint);
__DECLARE_PARAM(long);
__DECLARE_PARAM(ulong);
__DECLARE_PARAM(ullong);
__DECLARE_PARAM(hexint);
__DECLARE_PARAM(charp);
__DECLARE_PARAM(bool);
__DECLARE_PARAM(invbool);
void param_free_charp(void *arg);
int param_set_copystring(const char *val, const struct kernel_param *kp);
int param_get_string(char *buffer, const struct kernel_param *kp);
/* param_set_uint_minmax: for a set function of your own. -EINVAL outside of [min, max]. */
int param_set_uint_minmax(const char *val, const struct kernel_param *kp, unsigned int min, unsigned int max);
extern const struct kernel_param_ops param_ops_string;
extern const struct kernel_param_ops param_array_ops;

#define param_check_byte(name, p)	__param_check(name, p, unsigned char)
#define param_check_short(name, p)	__param_check(name, p, short)
#define param_check_ushort(name, p)	__param_check(name, p, unsigned short)
#define param_check_int(name, p)	__param_check(name, p, int)
#define param_check_uint(name, p)	__param_check(name, p, unsigned int)
#define param_check_long(name, p)	__param_check(name, p, long)
#define param_check_ulong(name, p)	__param_check(name, p, unsigned long)
#define param_check_ullong(name, p)	__param_check(name, p, unsigned long long)
#define param_check_hexint(name, p)	__param_check(name, p, unsigned int)
#define param_check_charp(name, p)	__param_check(name, p, char *)
#define param_check_bool(name, p)	__param_check(name, p, bool)
#define param_check_invbool(name, p)	__param_check(name, p, bool)
