/* SPDX-License-Identifier: MIT */
/*
 * Loading and unloading modules.
 *
 *	load_module()				delete_module()
 *	  copy, check the file			  unused? has an exit function?
 *	  link: memory, symbols, addresses	  GOING; exit()
 *	  parameters				  do threads still run its code?
 *	  COMING; read-only, executable		  out of the list, a grace period
 *	  init()				  its memory goes
 *	  LIVE; init's memory goes
 *
 * A module's life is counted in refcnt: one for being loaded, one for each that uses it. Unloading takes the first away
 * if it is the last; from then on try_module_get() fails, so nobody new can come. ORDER of these two is that of the
 * atomic itself.
 *
 * Threads are not counted: in Linux a thread that outlives its module runs on in memory that has been freed. Here, when
 * exit() has returned, module_leftovers.c looks for threads in the module's code. If there is one the module stays,
 * unusable, and rmmod says who; a second rmmod looks again. In Linux a module whose init function has faulted stays for
 * ever, as if that were still running; here it is known who ran it, and rmmod takes away what a dead thread has left.
 *
 * Locking: module_mutex protects the list, the states and who uses whom. It is not held while init() and exit() run:
 * they may load other modules, and take long; the state tells others to keep away.
 * Read next: module_link.c, module_leftovers.c.
 */
#include "module.h"
#include "proc/proc.h"
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

DEFINE_MUTEX(module_mutex);
LIST_HEAD(modules);

/* ---- references ---- */

bool try_module_get(struct module *module)
{
	return !module || (module_is_live(module) && atomic_inc_not_zero(&module->refcnt));
}
EXPORT_SYMBOL(try_module_get);

void __module_get(struct module *module)
{
	if (module)
		atomic_inc(&module->refcnt);
}
EXPORT_SYMBOL(__module_get);

void module_put(struct module *module)
{
	if (module)
		WARN(atomic_dec_if_positive(&module->refcnt) < 0,
		     "module_put: %s was put more often than it was got", module->name);
}
EXPORT_SYMBOL(module_put);

int module_refcount(struct module *mod)
{
	return atomic_read(&mod->refcnt) - 1;
}
EXPORT_SYMBOL(module_refcount);

void __noreturn __module_put_and_kthread_exit(struct module *mod, long code)
{
	module_put(mod);
	kthread_exit(code);
}
EXPORT_SYMBOL(__module_put_and_kthread_exit);

struct module *find_module(const char *name)
{
	struct module *mod;

	list_for_each_entry_rcu(mod, &modules, list, lockdep_is_held(&module_mutex))
		if (parameq(mod->name, name))
			return mod;
	return NULL;
}

void *__symbol_get(const char *symbol)
{
	const struct kernel_symbol *s;
	struct module *owner;

	mutex_lock(&module_mutex);
	s = find_exported(symbol, &owner);
	if (s && !try_module_get(owner))
		s = NULL;
	mutex_unlock(&module_mutex);
	return s ? (void *)s->value : NULL;
}
EXPORT_SYMBOL(__symbol_get);

void __symbol_put(const char *symbol)
{
	struct module *owner;

	mutex_lock(&module_mutex);
	if (find_exported(symbol, &owner))
		module_put(owner);
	mutex_unlock(&module_mutex);
}
EXPORT_SYMBOL(__symbol_put);

/* ---- loading ---- */

int module_read_image(struct module_image *img, const void *file, size_t len)
{
	if (len > 2 * MODULE_MAX_SIZE) {
		pr_err("module: %zu bytes are more than a module may have\n", len);
		return -EFBIG;
	}
	*img = (struct module_image) { .data = vmalloc(max_t(size_t, len, 1)), .len = len };
	if (!img->data)
		return -ENOMEM;
	memcpy(img->data, file, len);
	if (module_image_check(img) && module_image_layout(img))
		return 0;
	pr_err("module: %s\n", img->why);
	vfree(img->data);
	return -ENOEXEC;
}

/* As in Linux since 3.11: a module is not refused for a parameter that another version of it has. */
static int ignore_unknown(char *param, char *val, const char *name)
{
	pr_warn("%s: unknown parameter '%s' ignored\n", name, param);
	return 0;
}

static int set_params(struct module *mod, const char *args)
{
	mod->args = kstrdup(args, GFP_KERNEL);
	if (!mod->args)
		return -ENOMEM;
	return parse_args(mod->name, mod->args, mod->kp, mod->num_kp, ignore_unknown);
}

/* From now on the caller is in init() or exit(); or he has come back from it. */
static void set_runner(struct module *mod, struct task_struct *p)
{
	struct task_struct *before = mod->runner;

	lockdep_assert_held(&module_mutex);
	mod->runner = p ? get_task_struct(p) : NULL;
	if (before)
		put_task_struct(before);
}

bool module_runner_died(struct module *mod)
{
	lockdep_assert_held(&module_mutex);
	return mod->runner && READ_ONCE(mod->runner->exit_state);
}

/* From a checked image to a module that is in the list, COMING, or to an error and nothing. */
static struct module *bring_in(struct module_image *img, const char *args)
{
	struct module *mod;
	const char *name;
	int err = module_check_info(img, &name);

	if (err)
		return ERR_PTR(err);
	mutex_lock(&module_mutex);
	mod = find_module(name) ? ERR_PTR(-EEXIST) : module_link(img, name);
	if (!IS_ERR(mod)) {
		err = module_protect(mod);
		if (!err) {
			module_run_ctors(mod);
			err = set_params(mod, args);	/* a parameter may have code of its own */
		}
		if (err) {
			destroy_params(mod->kp, mod->num_kp);
			module_unlink(mod);
			mod = ERR_PTR(err);
		} else {
			mod->state = MODULE_STATE_COMING;
			set_runner(mod, current);
			/* ORDER(module-list): complete, and only then found. */
			list_add_rcu(&mod->list, &modules);
		}
	}
	mutex_unlock(&module_mutex);
	return mod;
}

/* Out of the list; nobody sees it after this, and its memory is gone. */
static void take_out(struct module *mod)
{
	mutex_lock(&module_mutex);
	list_del_rcu(&mod->list);
	mutex_unlock(&module_mutex);
	synchronize_rcu();
	mutex_lock(&module_mutex);
	destroy_params(mod->kp, mod->num_kp);
	set_runner(mod, NULL);
	module_unlink(mod);
	mutex_unlock(&module_mutex);
}

/* A module's function has returned: with as many locks, and interrupts as they were when it was called? */
static void put_right(struct module *mod, const char *which, int count)
{
	bool unbalanced = preempt_count() != count, off = irqs_disabled();

	if (!unbalanced && !off)
		return;
	if (unbalanced)
		preempt_count_set(count);
	local_irq_enable();
	WARN(1, "the %s function of module %s returned with %s%s%s. That is put right, but not its locks\n",
	     which, mod->name, off ? "disabled interrupts" : "", unbalanced && off ? " and " : "", unbalanced ?
	     "preemption imbalance: spin_lock(), preempt_disable() or rcu_read_lock() without its other half" : "");
}

static int run_init_function(struct module *mod)
{
	int count = preempt_count(), err = mod->init ? mod->init() : 0;

	put_right(mod, "init", count);
	if (err > 0) {
		pr_warn("%s: its init function returned %d; it should be 0, or a negative error code. Loaded anyway.\n",
			mod->name, err);
		err = 0;
	}
	return err;
}

/* init() said no. What it started and did not end would run on in freed memory, so then the module stays. */
static void give_up(struct module *mod)
{
	char who[128];

	mutex_lock(&module_mutex);
	mod->state = MODULE_STATE_GOING;
	mod->exit_done = true;
	set_runner(mod, NULL);
	mutex_unlock(&module_mutex);
	proc_forget_module(mod);
	if (module_cut_loose(mod, who, sizeof(who)))
		take_out(mod);
	else
		pr_err("%s: init failed, but its threads still run (%s); the module stays until they end\n",
		       mod->name, who);
}

int load_module(const void *file, size_t len, const char *args)
{
	struct module_image img;
	struct module *mod;
	int err = module_read_image(&img, file, len);

	if (err)
		return err;
	mod = bring_in(&img, args);
	vfree(img.data);
	if (IS_ERR(mod))
		return PTR_ERR(mod);
	__module_get(mod);	/* nobody takes it away under its init function */
	err = run_init_function(mod);
	module_put(mod);
	if (err) {
		give_up(mod);
		return err;
	}
	mutex_lock(&module_mutex);
	mod->state = MODULE_STATE_LIVE;
	set_runner(mod, NULL);
	synchronize_rcu();	/* a backtrace may be looking at init's names */
	module_free_init(mod);
	mutex_unlock(&module_mutex);
	return 0;
}

/* ---- unloading ---- */

static __printf(4, 5) int refuse(int err, char *why, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(why, size, fmt, args);
	va_end(args);
	return err;
}

static int refuse_in_use(struct module *mod, char *why, size_t size)
{
	struct module_use *use;
	size_t at = scnprintf(why, size, "Module %s is in use", mod->name);

	if (!list_empty(&mod->users))
		at += scnprintf(why + at, size - at, " by:");
	list_for_each_entry(use, &mod->users, of_provider)
		at += scnprintf(why + at, size - at, " %s", use->user->name);
	return -EBUSY;
}

/* Lock: module_mutex. Who ran its init or exit function has died in there; what is left of it can be taken away. */
static int take_over(struct module *mod)
{
	pr_warn("%s: %s (pid %d) died in its %s function, so it is unloaded without calling any; Linux would keep it\n",
		mod->name, mod->runner->comm, mod->runner->pid, mod->state == MODULE_STATE_COMING ? "init" : "exit");
	mod->state = MODULE_STATE_GOING;
	mod->exit = NULL;
	return 0;
}

/* Lock: module_mutex. 0: it is GOING now, and its exit function is ours to call. */
static int start_going(struct module *mod, char *why, size_t size)
{
	if (mod->state == MODULE_STATE_GOING && mod->exit_done) {
		mod->exit_done = false;	/* one at a time */
		mod->exit = NULL;
		return 0;
	}
	if (module_runner_died(mod))
		return take_over(mod);
	if (mod->state != MODULE_STATE_LIVE)
		return refuse(-EBUSY, why, size, "Module %s is being loaded or unloaded", mod->name);
	if (!list_empty(&mod->users))
		return refuse_in_use(mod, why, size);
	if (!mod->exit && mod->init)
		return refuse(-EBUSY, why, size, "Module %s has no module_exit(), so it stays", mod->name);
	if (atomic_cmpxchg(&mod->refcnt, 1, 0) != 1)
		return refuse_in_use(mod, why, size);
	mod->state = MODULE_STATE_GOING;
	return 0;
}

static void run_exit_function(struct module *mod)
{
	int count = preempt_count();

	if (mod->exit)
		mod->exit();
	put_right(mod, "exit", count);
}

int delete_module(const char *name, char *why, size_t size)
{
	char who[128];
	struct module *mod;
	int err;

	mutex_lock(&module_mutex);
	mod = find_module(name);
	err = mod ? start_going(mod, why, size) : refuse(-ENOENT, why, size, "Module %s is not currently loaded", name);
	if (!err)
		set_runner(mod, current);
	mutex_unlock(&module_mutex);
	if (err)
		return err;
	run_exit_function(mod);
	proc_forget_module(mod);
	if (module_cut_loose(mod, who, sizeof(who))) {
		take_out(mod);
		return 0;
	}
	err = refuse(-EBUSY, why, size, "Module %s has ended, but %s still runs its code: rmmod again then", mod->name,
		     who);
	mutex_lock(&module_mutex);
	mod->exit_done = true;
	set_runner(mod, NULL);
	mutex_unlock(&module_mutex);
	return err;
}

static int __init module_init_names(void)
{
	module_names_init();
	return 0;
}
core_initcall(module_init_names);
