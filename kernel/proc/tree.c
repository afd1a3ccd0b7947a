/* SPDX-License-Identifier: MIT */
/*
 * The tree of /proc: who is there by name, and how one goes without being missed.
 *
 * A directory's entries are a red-black tree by name. The threads' directories are not in here: they are made up from
 * the threads themselves whenever somebody looks (file.c, pid.c).
 *
 * Removal is the part that matters: it is what a module's exit function relies on before its code goes. In this order:
 *
 *	1. out of the tree, `gone`			nobody can open it any more, or begin a call of its functions
 *	2. wait until `users` is 0			nobody is inside any more
 *	3. release() for each who has it open		what open() has allocated is freed while the code is still there
 *	4. drop the tree's reference			the last opener's proc_close() frees the entry
 *
 * Who removes a file from within the file's own functions would wait for himself in step 2: refused with a warning.
 *
 * Locking: proc_lock for tree and counts. It is never held while a file's functions run.
 * Rejected: RCU for the tree. Nobody looks up paths by the thousand here.
 * Read next: file.c, the reader's side.
 */
#include "proc.h"
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/instruction_pointer.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

DEFINE_MUTEX(proc_lock);
static DECLARE_WAIT_QUEUE_HEAD(users_gone);

struct proc_dir_entry proc_root = { .mode = S_IFDIR | 0555, .name = "/proc", .references = 1, .parent = &proc_root,
				    .openers = LIST_HEAD_INIT(proc_root.openers) };

/* ---- names ---- */

/* Like strcmp() of the name and the first len bytes of another. */
static int compare(const char *name, const char *other, size_t len)
{
	int order = strncmp(name, other, len);

	return order ?: (unsigned char)name[len];
}

struct proc_dir_entry *proc_child(struct proc_dir_entry *dir, const char *name, size_t len)
{
	struct rb_node *n = dir->children.rb_node;

	lockdep_assert_held(&proc_lock);
	while (n) {
		struct proc_dir_entry *de = rb_entry(n, struct proc_dir_entry, node);
		int order = compare(de->name, name, len);

		if (!order)
			return de;
		n = order > 0 ? n->rb_left : n->rb_right;
	}
	return NULL;
}

struct proc_dir_entry *proc_next_child(struct proc_dir_entry *dir, const char *name)
{
	struct rb_node *n = dir->children.rb_node;
	struct proc_dir_entry *next = NULL;

	lockdep_assert_held(&proc_lock);
	while (n) {
		struct proc_dir_entry *de = rb_entry(n, struct proc_dir_entry, node);

		if (strcmp(de->name, name) > 0) {
			next = de;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	return next;
}

static bool add_child(struct proc_dir_entry *dir, struct proc_dir_entry *de)
{
	struct rb_node **link = &dir->children.rb_node, *parent = NULL;

	lockdep_assert_held(&proc_lock);
	while (*link) {
		int order = strcmp(de->name, rb_entry(*link, struct proc_dir_entry, node)->name);

		if (!order)
			return false;
		parent = *link;
		link = order < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&de->node, parent, link);
	rb_insert_color(&de->node, &dir->children);
	de->parent = dir;
	return true;
}

/* The directory that "a/b/name" is in, from dir on; *name moves to behind the last slash. */
static struct proc_dir_entry *directory_of(struct proc_dir_entry *dir, const char **name)
{
	const char *slash;

	while (dir && (slash = strchr(*name, '/'))) {
		dir = proc_child(dir, *name, slash - *name);
		if (dir && !S_ISDIR(dir->mode))
			dir = NULL;
		*name = slash + 1;
	}
	return dir;
}

/* ---- making entries ---- */

static struct proc_dir_entry *new_entry(const char *name, umode_t mode, void *data)
{
	struct proc_dir_entry *de;

	if (WARN(!*name || strlen(name) >= PROC_NAME_MAX, "a name in /proc has 1 to %d characters, '%s' has not\n",
		 PROC_NAME_MAX - 1, name))
		return NULL;
	de = kzalloc(sizeof(*de), GFP_KERNEL);
	if (!de)
		return NULL;
	strscpy(de->name, name, sizeof(de->name));
	de->mode = mode;
	de->data = data;
	de->references = 1;
	INIT_LIST_HEAD(&de->openers);
	return de;
}

/* `like` says all but the name and whose code at `ip` makes it, which is to remove it. */
static struct proc_dir_entry *add_entry(const char *path, struct proc_dir_entry *parent,
					const struct proc_dir_entry *like, unsigned long ip)
{
	const char *name = strrchr(path, '/'), *rest = path;
	struct proc_dir_entry *de = new_entry(name ? name + 1 : path, like->mode, like->data), *dir;
	bool taken = false;

	if (!de)
		return NULL;
	de->ops = like->ops;
	de->show = like->show;
	de->seq_ops = like->seq_ops;
	de->state_size = like->state_size;
	rcu_read_lock();
	de->owner = __module_text_address(ip);
	rcu_read_unlock();
	mutex_lock(&proc_lock);
	dir = directory_of(parent ?: &proc_root, &rest);
	if (dir && dir->gone)
		dir = NULL;
	if (dir)
		taken = !add_child(dir, de);
	mutex_unlock(&proc_lock);
	if (dir && !taken)
		return de;
	WARN(!dir, "there is no directory for '%s' in /proc: proc_mkdir() makes one\n", path);
	WARN(taken, "proc_dir_entry '%s/%s' already registered\n", parent ? parent->name : "/proc", path);
	kfree(de);
	return NULL;
}

static umode_t file_mode(umode_t mode)
{
	return S_IFREG | (mode & 07777 ?: 0444);
}

static struct proc_dir_entry *make_file(const char *name, umode_t mode, struct proc_dir_entry *parent,
					const struct proc_ops *proc_ops, void *data, unsigned long ip)
{
	struct proc_dir_entry like = { .mode = file_mode(mode), .data = data, .ops = proc_ops };

	if (WARN(!proc_ops, "proc_create('%s') without a struct proc_ops\n", name))
		return NULL;
	return add_entry(name, parent, &like, ip);
}

struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					const struct proc_ops *proc_ops, void *data)
{
	return make_file(name, mode, parent, proc_ops, data, _RET_IP_);
}
EXPORT_SYMBOL(proc_create_data);

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct proc_ops *proc_ops)
{
	return make_file(name, mode, parent, proc_ops, NULL, _RET_IP_);
}
EXPORT_SYMBOL(proc_create);

/* ---- files that are a show function, or a list ---- */

static int open_single(struct inode *inode, struct file *file)
{
	return single_open(file, container_of(inode, struct proc_file, inode)->de->show, pde_data(inode));
}

static const struct proc_ops single_ops = {
	.proc_open = open_single, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = single_release,
};

static int open_seq(struct inode *inode, struct file *file)
{
	const struct proc_dir_entry *de = container_of(inode, struct proc_file, inode)->de;
	int err;

	if (de->state_size)
		return seq_open_private(file, de->seq_ops, de->state_size);
	err = seq_open(file, de->seq_ops);
	if (!err)
		((struct seq_file *)file->private_data)->private = de->data;
	return err;
}

static int release_seq(struct inode *inode, struct file *file)
{
	const struct proc_dir_entry *de = container_of(inode, struct proc_file, inode)->de;

	return de->state_size ? seq_release_private(inode, file) : seq_release(inode, file);
}

static const struct proc_ops seq_ops = {
	.proc_open = open_seq, .proc_read = seq_read, .proc_lseek = seq_lseek, .proc_release = release_seq,
};

struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       int (*show)(struct seq_file *m, void *v), void *data)
{
	struct proc_dir_entry like = { .mode = file_mode(mode), .data = data, .ops = &single_ops, .show = show };

	return add_entry(name, parent, &like, _RET_IP_);
}
EXPORT_SYMBOL(proc_create_single_data);

struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode, struct proc_dir_entry *parent,
					       const struct seq_operations *ops, unsigned int state_size, void *data)
{
	struct proc_dir_entry like = { .mode = file_mode(mode), .data = data, .ops = &seq_ops, .seq_ops = ops,
				       .state_size = state_size };

	return add_entry(name, parent, &like, _RET_IP_);
}
EXPORT_SYMBOL(proc_create_seq_private);

/* ---- directories ---- */

static struct proc_dir_entry *make_directory(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data,
					     unsigned long ip)
{
	struct proc_dir_entry like = { .mode = S_IFDIR | (mode & 07777 ?: 0555), .data = data };

	return add_entry(name, parent, &like, ip);
}

struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data)
{
	return make_directory(name, mode, parent, data, _RET_IP_);
}
EXPORT_SYMBOL_GPL(proc_mkdir_data);

struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode, struct proc_dir_entry *parent)
{
	return make_directory(name, mode, parent, NULL, _RET_IP_);
}
EXPORT_SYMBOL(proc_mkdir_mode);

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	return make_directory(name, 0, parent, NULL, _RET_IP_);
}
EXPORT_SYMBOL(proc_mkdir);

/* ---- removing them ---- */

void proc_put(struct proc_dir_entry *de)
{
	lockdep_assert_held(&proc_lock);
	if (--de->references == 0)
		kfree(de);
}

void proc_wake_remover(void)
{
	wake_up_all(&users_gone);
}

void proc_wait_closed(struct proc_file *f)
{
	/* ORDER(proc-closed): closed, then who is inside; and f may go when he has left. */
	wait_event(users_gone, smp_load_acquire(&f->closed) && !smp_load_acquire(&f->inside));
}

/* Is the caller inside the functions of the file, or of one below? */
static bool is_inside(struct proc_dir_entry *de)
{
	struct proc_file *f;
	struct rb_node *n;

	list_for_each_entry(f, &de->openers, opener)
		if (f->inside == current)
			return true;
	for (n = rb_first(&de->children); n; n = rb_next(n))
		if (is_inside(rb_entry(n, struct proc_dir_entry, node)))
			return true;
	return false;
}

/* Who has it open finds it closed. Lock: proc_lock, dropped in between. */
static void close_all(struct proc_dir_entry *de)
{
	while (!list_empty(&de->openers)) {
		struct proc_file *f = list_first_entry(&de->openers, struct proc_file, opener);

		list_del_init(&f->opener);
		f->inside = current;	/* its opener waits for us, should he close it */
		/* ORDER(proc-closed): who sees it closed sees us inside. */
		smp_store_release(&f->closed, true);
		mutex_unlock(&proc_lock);
		if (de->ops && de->ops->proc_release)
			de->ops->proc_release(&f->inode, &f->file);
		mutex_lock(&proc_lock);
		proc_put(de);
		/* ORDER(proc-closed): its opener may go on, and f with him. */
		smp_store_release(&f->inside, NULL);
		wake_up_all(&users_gone);
	}
}

/* Lock: proc_lock, dropped in between; nobody else finds de any more. */
static void remove_one(struct proc_dir_entry *de)
{
	rb_erase(&de->node, &de->parent->children);
	de->gone = true;
	mutex_unlock(&proc_lock);
	wait_event(users_gone, !READ_ONCE(de->users));
	mutex_lock(&proc_lock);
	close_all(de);
	proc_put(de);
}

/* An entry and all below it, the deepest first. A loop, as a module may have made any depth of them. */
static void remove_tree(struct proc_dir_entry *top)
{
	struct proc_dir_entry *de = top;

	for (;;) {
		struct proc_dir_entry *parent = de->parent;
		struct rb_node *n = rb_first(&de->children);

		if (n) {
			de = rb_entry(n, struct proc_dir_entry, node);
			continue;
		}
		remove_one(de);
		if (de == top)
			return;
		de = parent;
	}
}

/* Lock: proc_lock, dropped in between. */
static int remove_checked(struct proc_dir_entry *de)
{
	if (is_inside(de)) {
		mutex_unlock(&proc_lock);
		WARN(1, "/proc file '%s' is removed by one of its own functions, which would wait for itself: "
		     "refused\n", de->name);
		mutex_lock(&proc_lock);
		return -EDEADLK;
	}
	remove_tree(de);
	return 0;
}

void proc_remove(struct proc_dir_entry *de)
{
	if (!de)
		return;
	mutex_lock(&proc_lock);
	remove_checked(de);
	mutex_unlock(&proc_lock);
}
EXPORT_SYMBOL(proc_remove);

int remove_proc_subtree(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *dir, *de;
	const char *rest = name;
	int err = -ENOENT;

	mutex_lock(&proc_lock);
	dir = directory_of(parent ?: &proc_root, &rest);
	de = dir ? proc_child(dir, rest, strlen(rest)) : NULL;
	if (de)
		err = remove_checked(de);
	mutex_unlock(&proc_lock);
	WARN(!de, "/proc has no '%s' to be removed\n", name);
	return err;
}
EXPORT_SYMBOL(remove_proc_subtree);

void remove_proc_entry(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *dir, *de;
	const char *rest = name;
	bool full;

	mutex_lock(&proc_lock);
	dir = directory_of(parent ?: &proc_root, &rest);
	de = dir ? proc_child(dir, rest, strlen(rest)) : NULL;
	full = de && !RB_EMPTY_ROOT(&de->children);
	mutex_unlock(&proc_lock);
	WARN(full, "remove_proc_entry: removing non-empty directory '%s/%s', and what is in it\n",
	     parent ? parent->name : "/proc", name);
	remove_proc_subtree(name, parent);
}
EXPORT_SYMBOL(remove_proc_entry);

/* ---- a module that forgot ---- */

/* A file of the module's anywhere below dir. */
static struct proc_dir_entry *find_of_module(struct proc_dir_entry *dir, const struct module *mod)
{
	struct rb_node *n;

	for (n = rb_first(&dir->children); n; n = rb_next(n)) {
		struct proc_dir_entry *de = rb_entry(n, struct proc_dir_entry, node), *below;

		if (de->owner == mod)
			return de;
		below = find_of_module(de, mod);
		if (below)
			return below;
	}
	return NULL;
}

void proc_forget_module(const struct module *mod)
{
	struct proc_dir_entry *de;

	mutex_lock(&proc_lock);
	while ((de = find_of_module(&proc_root, mod))) {
		pr_warn("%s: left %s in %s behind; its exit function should have called proc_remove()\n",
			mod->name, de->name, de->parent == &proc_root ? "/proc" : de->parent->name);
		remove_tree(de);
	}
	mutex_unlock(&proc_lock);
}

/* ---- what is written into an entry ---- */

void proc_set_size(struct proc_dir_entry *de, loff_t size)
{
	de->size = size;
}
EXPORT_SYMBOL(proc_set_size);

void proc_set_user(struct proc_dir_entry *de, kuid_t uid, kgid_t gid)
{
	de->uid = uid;
	de->gid = gid;
}
EXPORT_SYMBOL(proc_set_user);

void *pde_data(const struct inode *inode)
{
	return container_of(inode, struct proc_file, inode)->de->data;
}
EXPORT_SYMBOL(pde_data);

void *proc_get_parent_data(const struct inode *inode)
{
	return container_of(inode, struct proc_file, inode)->de->parent->data;
}
EXPORT_SYMBOL_GPL(proc_get_parent_data);
