/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Credentials: who a thread is. Every thread is root, and may call itself somebody else; nothing asks.
 *
 * They are not changed in place: prepare_creds() copies the caller's, the caller changes the copy, and commit_creds()
 * makes it his, or abort_creds() drops it. override_creds() is for a while: it returns what revert_creds() puts back.
 * Context: prepare_creds() and cred_alloc_blank() may sleep, the others any; a thread changes only its own.
 * Semantics: Linux's Documentation/security/credentials. Differs from Linux: no capabilities, keys, groups, namespaces.
 */
#include <linux/refcount.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/uidgid.h>

struct cred {
	refcount_t	usage;
	kuid_t		uid, suid, euid, fsuid;
	kgid_t		gid, sgid, egid, fsgid;
	struct user_namespace *user_ns;
	struct rcu_head	rcu;
};

extern struct cred init_cred;

struct cred *prepare_creds(void);
struct cred *cred_alloc_blank(void);
int commit_creds(struct cred *new);
void abort_creds(struct cred *new);
const struct cred *override_creds(const struct cred *new);
void revert_creds(const struct cred *old);
void __put_cred(struct cred *cred);

static inline const struct cred *get_cred(const struct cred *cred)
{
	if (cred)
		refcount_inc(&((struct cred *)cred)->usage);
	return cred;
}

static inline void put_cred(const struct cred *_cred)
{
	struct cred *cred = (struct cred *)_cred;

	if (cred && refcount_dec_and_test(&cred->usage))
		__put_cred(cred);
}

/* The caller's own; another thread's under rcu_read_lock(). */
#define current_cred()		(current->cred)
#define __task_cred(p)		rcu_dereference((p)->cred)
#define get_current_cred()	(get_cred(current_cred()))
#define current_uid()		(current_cred()->uid)
#define current_gid()		(current_cred()->gid)
#define current_euid()		(current_cred()->euid)
#define current_egid()		(current_cred()->egid)
#define current_suid()		(current_cred()->suid)
#define current_sgid()		(current_cred()->sgid)
#define current_fsuid()		(current_cred()->fsuid)
#define current_fsgid()		(current_cred()->fsgid)
#define current_user_ns()	(current_cred()->user_ns)
#define task_uid(p)		({ kuid_t __u; rcu_read_lock(); __u = __task_cred(p)->uid; rcu_read_unlock(); __u; })
#define task_euid(p)		({ kuid_t __u; rcu_read_lock(); __u = __task_cred(p)->euid; rcu_read_unlock(); __u; })
