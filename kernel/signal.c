/* SPDX-License-Identifier: MIT */
/*
 * Signals for threads that have no user space.
 *
 * A signal is a bit in `pending`; it ends interruptible sleep (SIGKILL also killable sleep) and is otherwise there to
 * be looked at. What a thread ignores never becomes pending: kthreadd ignores all (ignore_signals()), its children
 * inherit that, and allow_signal() makes an exception. Init cannot be signalled.
 *
 * Locking: p->pi_lock would be natural, but waking takes it; so siglock, one for all, outside pi_lock.
 * Read next: exit.c.
 */
#include <linux/sched/signal.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>

static DEFINE_RAW_SPINLOCK(siglock);

static u64 bit_of(int sig)
{
	return 1ULL << (sig - 1);
}

static bool valid_signal_number(int sig)
{
	return sig >= 1 && sig <= _NSIG;
}

bool sig_is_ignored(struct task_struct *p, int sig)
{
	return valid_signal_number(sig) && (READ_ONCE(p->sig_ignored.sig) & bit_of(sig));
}

/* Signals whose default is to be ignored leave no trace; nor does anything sent to init. */
static bool dropped(struct task_struct *p, int sig)
{
	if (sig_is_ignored(p, sig) || p->pid == 1)
		return true;
	return sig == SIGCHLD || sig == SIGCONT || sig == SIGURG || sig == SIGWINCH;
}

static void recalc_sigpending(struct task_struct *p)
{
	lockdep_assert_held(&siglock);
	if (p->pending.sig & ~p->blocked.sig)
		set_tsk_thread_flag(p, TIF_SIGPENDING);
	else
		clear_tsk_thread_flag(p, TIF_SIGPENDING);
}

static void deliver(int sig, struct task_struct *p, bool force)
{
	unsigned long flags;
	bool wake = false;

	raw_spin_lock_irqsave(&siglock, flags);
	if (force || !dropped(p, sig)) {
		p->pending.sig |= bit_of(sig);
		recalc_sigpending(p);
		wake = true;
	}
	raw_spin_unlock_irqrestore(&siglock, flags);
	if (wake)
		wake_up_state(p, TASK_INTERRUPTIBLE | (sig == SIGKILL ? TASK_WAKEKILL : 0));
}

int send_sig(int sig, struct task_struct *p, int priv)
{
	if (!sig)
		return 0;
	if (!valid_signal_number(sig))
		return -EINVAL;
	deliver(sig, p, false);
	return 0;
}

void force_sig_task(int sig, struct task_struct *p)
{
	if (valid_signal_number(sig))
		deliver(sig, p, true);
}

static void set_ignored(struct task_struct *p, u64 bits, bool ignored)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&siglock, flags);
	if (ignored) {
		p->sig_ignored.sig |= bits;
		p->pending.sig &= ~bits;
	} else {
		p->sig_ignored.sig &= ~bits;
	}
	recalc_sigpending(p);
	raw_spin_unlock_irqrestore(&siglock, flags);
}

void allow_signal(int sig)
{
	if (valid_signal_number(sig))
		set_ignored(current, bit_of(sig), false);
}

void allow_kernel_signal(int sig)
{
	allow_signal(sig);
}

void disallow_signal(int sig)
{
	if (valid_signal_number(sig))
		set_ignored(current, bit_of(sig), true);
}

void ignore_signals(struct task_struct *p)
{
	set_ignored(p, ~0ULL, true);
}

void flush_signals(struct task_struct *p)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&siglock, flags);
	p->pending.sig = 0;
	recalc_sigpending(p);
	raw_spin_unlock_irqrestore(&siglock, flags);
}

int kernel_dequeue_signal(void)
{
	unsigned long flags;
	int sig = 0;
	u64 ready;

	raw_spin_lock_irqsave(&siglock, flags);
	ready = current->pending.sig & ~current->blocked.sig;
	if (ready) {
		sig = __builtin_ctzll(ready) + 1;
		current->pending.sig &= ~bit_of(sig);
		recalc_sigpending(current);
	}
	raw_spin_unlock_irqrestore(&siglock, flags);
	return sig;
}
