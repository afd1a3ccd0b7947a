/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Loadable modules.
 *
 *	module_init(fn);  module_exit(fn);  MODULE_LICENSE("GPL");
 *
 * fn of module_init() runs when the module is loaded; another value than 0 refuses it. fn of module_exit() runs when it
 * is unloaded, and must have ended whatever would still use the module's code or data: threads, timers, works. Without
 * a module_exit() the module stays for ever. Built into the kernel, the same source starts with the devices.
 * Differs from Linux: what is left of a module whose init or exit function has faulted can be unloaded; threads that
 * still run its code keep it loaded; timers, works and other callbacks left behind are told of and taken off.
 * Semantics: Linux's Documentation/kbuild/modules and kernel-hacking ("module_init()").
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/stringify.h>
#include <linux/time64.h>
#include <linux/wait.h>
#include <linux/workqueue.h>	/* timers and jiffies with it, as on Linux */

#define MODULE_NAME_LEN	56

/* What modinfo shows. A licence that is not compatible with the GPL may not use EXPORT_SYMBOL_GPL() symbols. */
#define MODULE_INFO(tag, info)		__MODULE_INFO(tag, tag, info)
#define MODULE_LICENSE(_license)	MODULE_INFO(license, _license)
#define MODULE_AUTHOR(_author)		MODULE_INFO(author, _author)
#define MODULE_DESCRIPTION(_description) MODULE_INFO(description, _description)
#define MODULE_VERSION(_version)	MODULE_INFO(version, _version)
#define MODULE_ALIAS(_alias)		MODULE_INFO(alias, _alias)
#define MODULE_SOFTDEP(_softdep)	MODULE_INFO(softdep, _softdep)
#define MODULE_FIRMWARE(_firmware)	MODULE_INFO(firmware, _firmware)
#define MODULE_IMPORT_NS(ns)		MODULE_INFO(import_ns, __stringify(ns))
#define MODULE_DEVICE_TABLE(type, name)	_Static_assert(sizeof(name) > 0, "a table")

#ifdef MODULE
/* The loader looks for these two names. */
#define module_init(initfn)							\
	static inline initcall_t __maybe_unused __inittest(void) { return initfn; } \
	int init_module(void) __copy(initfn) __attribute__((alias(#initfn)));
#define module_exit(exitfn)							\
	static inline exitcall_t __maybe_unused __exittest(void) { return exitfn; } \
	void cleanup_module(void) __copy(exitfn) __attribute__((alias(#exitfn)));
#undef early_initcall
#undef core_initcall
#undef subsys_initcall
#undef fs_initcall
#undef device_initcall
#undef late_initcall
#define early_initcall(fn)	module_init(fn)
#define core_initcall(fn)	module_init(fn)
#define subsys_initcall(fn)	module_init(fn)
#define fs_initcall(fn)		module_init(fn)
#define device_initcall(fn)	module_init(fn)
#define late_initcall(fn)	module_init(fn)
#endif

enum module_state {
	MODULE_STATE_LIVE,	/* its init function returned 0 */
	MODULE_STATE_COMING,	/* it runs */
	MODULE_STATE_GOING,	/* the exit function runs, or threads still use the code */
	MODULE_STATE_UNFORMED,	/* being linked */
};

/* text, then what is read only, then what is written, each on pages of its own. */
struct module_layout {
	void		*base;
	unsigned int	size;
	unsigned int	text_size;
	unsigned int	ro_size;	/* text included */
};

/* A checksum that the module was compiled with: section __versions. */
struct modversion_info {
	unsigned long	crc;
	char		name[64 - sizeof(unsigned long)];
};

struct module_ksym {
	unsigned long	addr;
	const char	*name;
};

struct module {
	enum module_state	state;		/* module_mutex */
	struct list_head	list;		/* module_mutex to write; readers by ORDER(module-list) */
	char			name[MODULE_NAME_LEN];

	/* Constant once it is loaded. */
	const struct kernel_symbol *syms;	/* exported, by name */
	unsigned int		num_syms;
	struct kernel_param	*kp;
	unsigned int		num_kp;
	bool			gpl_compatible;
	int			(*init)(void);
	void			(*exit)(void);
	void			(**ctors)(void);	/* in init_layout; none once they have run */
	unsigned int		num_ctors;
	struct module_layout	core_layout;
	struct module_layout	init_layout;	/* given back after init */
	void __percpu		*percpu;
	unsigned int		percpu_size;
	char			*args;
	char			*info;		/* its .modinfo */
	unsigned int		info_size;
	struct module_ksym	*ksyms;		/* functions and variables, by address */
	unsigned int		num_ksyms;
	char			*strings;	/* their names */

	struct list_head	users;		/* module_mutex: struct module_use of those that use our symbols */
	struct list_head	uses;		/* module_mutex: of those that we use */
	atomic_t		refcnt;		/* 1 for being loaded, and one a user */
	bool			exit_done;	/* module_mutex: only threads keep it */
	struct task_struct	*runner;	/* module_mutex: who is in init() or exit(), a reference; or NULL */
};

/*
 * try_module_get: keep the module loaded until module_put(). False: it is being unloaded. NULL, the kernel: true.
 * __module_get: when it is known to be held already. Context: any.
 */
bool try_module_get(struct module *module);
void __module_get(struct module *module);
void module_put(struct module *module);
int module_refcount(struct module *mod);
static inline bool module_is_live(struct module *mod)
{
	return mod->state != MODULE_STATE_GOING;
}
static inline const char *module_name(const struct module *mod)
{
	return mod ? mod->name : "kernel";
}

/* End the calling kthread, a module's, and let go of the module: code that is in the kernel, not in the module. */
void __noreturn __module_put_and_kthread_exit(struct module *mod, long code);
#define module_put_and_kthread_exit(code) __module_put_and_kthread_exit(THIS_MODULE, code)

/* __module_address: whose code or data is at addr? __module_text_address: code only. Context: any; the answer lasts as
 * long as the module. NULL: no module's. */
struct module *__module_address(unsigned long addr);
struct module *__module_text_address(unsigned long addr);
bool is_module_address(unsigned long addr);

/* find_module: by name. Context: module_mutex held, or the answer is only about now. */
struct module *find_module(const char *name);

/* A module that needs another one is served by modprobe; there is no such helper to be called here. */
#define request_module(mod...)		(-ENOSYS)
#define request_module_nowait(mod...)	(-ENOSYS)
#define symbol_get(x)			((typeof(&x))__symbol_get(__stringify(x)))
#define symbol_put(x)			__symbol_put(__stringify(x))
void *__symbol_get(const char *symbol);
void __symbol_put(const char *symbol);
