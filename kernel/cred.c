/* SPDX-License-Identifier: MIT */
/*
 * Credentials, as far as modules look at them. A thread inherits its parent's: it shares the struct, which is counted.
 * A struct is constant once it is somebody's; so a change is a new one, and others who look at a thread's do so as
 * RCU readers (<linux/cred.h>). ORDER(rcu-publish).
 *
 * Also the two other things that say who and what the system is: its names, and its one user namespace.
 */
#include <linux/cred.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/utsname.h>
#include <generated/utsrelease.h>

struct user_namespace init_user_ns;
EXPORT_SYMBOL(init_user_ns);

struct cred init_cred = {
	.usage = REFCOUNT_INIT(2),
	.user_ns = &init_user_ns,
};

struct new_utsname init_uts_name = {
	.sysname = "Bobbin",
	.nodename = "bobbin",
	.release = UTS_RELEASE,
	.version = "#1 SMP PREEMPT",
	.machine = "x86_64",
	.domainname = "(none)",
};
EXPORT_SYMBOL(init_uts_name);

struct cred *cred_alloc_blank(void)
{
	struct cred *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (new) {
		refcount_set(&new->usage, 1);
		new->user_ns = &init_user_ns;
	}
	return new;
}
EXPORT_SYMBOL(cred_alloc_blank);

struct cred *prepare_creds(void)
{
	struct cred *new = cred_alloc_blank();

	if (new) {
		*new = *current_cred();
		refcount_set(&new->usage, 1);
	}
	return new;
}
EXPORT_SYMBOL(prepare_creds);

static void free_cred(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct cred, rcu));
}

void __put_cred(struct cred *cred)
{
	if (WARN(cred == &init_cred, "put_cred() of the first thread's credentials: one put too many\n"))
		return;
	call_rcu(&cred->rcu, free_cred);
}
EXPORT_SYMBOL(__put_cred);

int commit_creds(struct cred *new)
{
	const struct cred *old = current->cred;

	rcu_assign_pointer(current->cred, new);	/* ORDER(rcu-publish) */
	put_cred(old);
	return 0;
}
EXPORT_SYMBOL(commit_creds);

void abort_creds(struct cred *new)
{
	put_cred(new);
}
EXPORT_SYMBOL(abort_creds);

const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	get_cred(new);
	rcu_assign_pointer(current->cred, new);	/* ORDER(rcu-publish) */
	return old;
}
EXPORT_SYMBOL(override_creds);

void revert_creds(const struct cred *old)
{
	const struct cred *override = current->cred;

	rcu_assign_pointer(current->cred, old);	/* ORDER(rcu-publish) */
	put_cred(override);
}
EXPORT_SYMBOL(revert_creds);
