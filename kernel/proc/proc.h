/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Private to the rooms: /proc from the reader's side. tree.c has the entries that are made by name, pid.c the files of
 * each thread, file.c opens either; the other files of this folder are what is shown.
 */
#include <linux/proc_fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>

struct module;
struct task_struct;

#define PROC_NAME_MAX	64
#define PROC_PATH_MAX	256

struct proc_dir_entry {
	/* Constant once it is in the tree. */
	struct proc_dir_entry		*parent;
	umode_t				mode;
	const struct proc_ops		*ops;
	const struct seq_operations	*seq_ops;	/* of a list */
	int				(*show)(struct seq_file *m, void *v);	/* of a single */
	unsigned int			state_size;
	void				*data;
	const struct module		*owner;		/* NULL: the kernel. Not a reference: it removes its files */
	char				name[PROC_NAME_MAX];
	/* proc_lock. */
	struct rb_node			node;		/* in parent->children, by name */
	struct rb_root			children;
	struct list_head		openers;	/* struct proc_file */
	unsigned int			users;		/* how many are in its functions; also read without, waiting */
	unsigned int			references;	/* the tree's, and one an opener */
	bool				gone;
	loff_t				size;
	kuid_t				uid;
	kgid_t				gid;
};

extern struct mutex proc_lock;
extern struct proc_dir_entry proc_root;

/* A file of each thread: /proc/<pid>/name. show() prints; write() may be NULL: 0 or an error. */
struct proc_pid_file {
	const char	*name;
	umode_t		mode;
	void		(*show)(struct seq_file *m, struct task_struct *p);
	int		(*write)(struct task_struct *p, const char *text);
};
extern const struct proc_pid_file proc_pid_files[];
extern const unsigned int nr_proc_pid_files;

/* A file that is open. Self only, but for what stands under proc_lock. */
struct proc_file {
	struct file			file;
	struct inode			inode;
	struct dentry			dentry;
	struct proc_dir_entry		*de;		/* or these two */
	struct task_struct		*task;
	const struct proc_pid_file	*pid_file;
	/* proc_lock. */
	struct list_head		opener;		/* in de->openers */
	struct task_struct		*inside;	/* who is in its functions */
	bool				closed;
};

/*
 * proc_open: f is filled in and stays where it is until proc_close(). flags: FMODE_READ, FMODE_WRITE.
 * proc_read, proc_write: as its functions do; -EIO when it was removed, or has no such function.
 * Return: 0 or bytes, or -ENOENT, -ESRCH (the thread is gone), -EISDIR, -ENOMEM, whatever its own functions say.
 */
int proc_open(struct proc_file *f, const char *path, fmode_t mode);
ssize_t proc_read(struct proc_file *f, char *buf, size_t size);
ssize_t proc_write(struct proc_file *f, const char *buf, size_t size);
void proc_close(struct proc_file *f);

/* "who: path: what err means", on the console. Return: err. */
int proc_complain(const char *who, const char *path, int err);

/* Write all of text to a file; what goes wrong is said by proc_complain(). Return: 0 or a negative errno. */
int proc_write_text(const char *who, const char *path, const char *text, size_t len);

/* What a path leads to: a directory or file of the tree, a thread, or a file of one. */
struct proc_place {
	struct proc_dir_entry		*de;		/* referred to */
	struct task_struct		*task;		/* referred to */
	const struct proc_pid_file	*pid_file;	/* NULL: the thread's directory */
};
int proc_find(const char *path, struct proc_place *place);
void proc_leave(struct proc_place *place);
static inline bool proc_place_is_dir(const struct proc_place *place)
{
	return place->task ? !place->pid_file : S_ISDIR(place->de->mode);
}

/* tree.c, for file.c and the listing; proc_lock held. proc_child: by name, len bytes. proc_next_child: the first one
 * behind name; "" is before all. proc_put: a reference less. */
struct proc_dir_entry *proc_child(struct proc_dir_entry *dir, const char *name, size_t len);
struct proc_dir_entry *proc_next_child(struct proc_dir_entry *dir, const char *name);
void proc_put(struct proc_dir_entry *de);
/* For those who wait in tree.c: a call of a file's functions is over. And the other way: whoever removes the entry has
 * closed f. They take proc_lock themselves. */
void proc_wake_remover(void);
void proc_wait_closed(struct proc_file *f);

/* mod has ended: remove what it has forgotten, with a warning each. Context: thread, may sleep. */
void proc_forget_module(const struct module *mod);
