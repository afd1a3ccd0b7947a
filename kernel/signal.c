/* SPDX-License-Identifier: MIT */
/*
 * Signals for threads that have no user space.
 *
 * A signal is a bit in `pending`; it ends interruptible sleep (SIGKILL also killable sleep) and is otherwise there to
 * be looked at. What becomes of one that is sent:
 *
 *	send_sig() --- SIG_IGN ------------------------------------------> nothing
 *	          |--- SIG_DFL, and by default ignored (SIGCHLD, ...) ---> nothing
 *	          |--- SIG_KTHREAD_KERNEL, and not the kernel sent it ---> nothing
 *	          `--- else: pending --- blocked ------------------------> stays there, wakes nobody
 *	                             `-- TIF_SIGPENDING, and a wake-up --> -ERESTARTSYS from the sleep
 *
 * kthreadd ignores all (ignore_signals()), its children inherit that, and allow_signal() makes an exception. So a
 * thread that never asked for signals never sees one. A blocked signal is kept even if it is ignored, because that may
 * have changed by the time it is unblocked. Init, which must not end, gets only what it has allowed.
 *
 * Locking: each thread's own lock, p->sighand->siglock, for its handlers, pending and blocked signals. It is not
 * pi_lock, because waking takes that: the wake-up comes after siglock is dropped. In between the thread may have seen
 * the signal by itself; then the wake-up is one too many, and every sleep is in a loop anyway.
 * ORDER(sleep-wake): TIF_SIGPENDING is set, then the thread is woken; it sets its state, then looks at the bit.
 *
 * Rejected: Linux's queue of siginfo and the signals shared by a process: here every thread is a process.
 * Read next: exit.c.
 */
#include <linux/sched/signal.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/pid.h>
#include <linux/sched/task.h>

#define KERNEL_ONLY	(sigmask(SIGKILL) | sigmask(SIGSTOP))
#define STOPS		(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define NOTHING		(sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
/* What a fault of the thread itself makes: to be dealt with first. */
#define SYNCHRONOUS	(sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGFPE) | \
			 sigmask(SIGSYS))

static bool is_signal(int sig)
{
	return sig >= 1 && sig <= _NSIG;
}

static __sighandler_t handler_of(struct task_struct *p, int sig)
{
	struct sighand_struct *h = p->sighand;

	if (sigismember(&h->ignored, sig))
		return SIG_IGN;
	if (sigismember(&h->kthread, sig))
		return SIG_KTHREAD;
	return sigismember(&h->kthread_kernel, sig) ? SIG_KTHREAD_KERNEL : SIG_DFL;
}

static void set_handler(struct task_struct *p, int sig, __sighandler_t action)
{
	struct sighand_struct *h = p->sighand;

	lockdep_assert_held(&h->siglock);
	sigdelset(&h->ignored, sig);
	sigdelset(&h->kthread, sig);
	sigdelset(&h->kthread_kernel, sig);
	if (action == SIG_IGN)
		sigaddset(&h->ignored, sig);
	else if (action == SIG_KTHREAD)
		sigaddset(&h->kthread, sig);
	else if (action == SIG_KTHREAD_KERNEL)
		sigaddset(&h->kthread_kernel, sig);
}

bool sig_is_ignored(struct task_struct *p, int sig)
{
	return is_signal(sig) && (READ_ONCE(p->sighand->ignored.sig[0]) & sigmask(sig));
}

/* ---- pending ---- */

static bool any_ready(struct task_struct *p)
{
	return p->pending.signal.sig[0] & ~p->blocked.sig[0];
}

static void recalc_sigpending_of(struct task_struct *p)
{
	lockdep_assert_held(&p->sighand->siglock);
	if (any_ready(p))
		set_tsk_thread_flag(p, TIF_SIGPENDING);
	else
		clear_tsk_thread_flag(p, TIF_SIGPENDING);
}

void recalc_sigpending(void)
{
	recalc_sigpending_of(current);
}
EXPORT_SYMBOL(recalc_sigpending);

/* Does sig leave no trace on p? */
static bool is_dropped(struct task_struct *p, int sig, bool by_kernel)
{
	__sighandler_t handler = handler_of(p, sig);
	bool is_init = p->pid == 1;

	if (sigismember(&p->blocked, sig))
		return false;
	if (is_init && (handler == SIG_DFL || (sigmask(sig) & KERNEL_ONLY)))
		return true;
	if (handler == SIG_KTHREAD_KERNEL && (p->flags & PF_KTHREAD) && !by_kernel)
		return true;
	return handler == SIG_IGN || (handler == SIG_DFL && (sigmask(sig) & NOTHING));
}

static bool is_deadly(struct task_struct *p, int sig)
{
	return handler_of(p, sig) == SIG_DFL && !(sigmask(sig) & (NOTHING | STOPS));
}

/* Return: the states of sleep that this ends, 0 if none. */
static unsigned int make_pending(struct task_struct *p, int sig)
{
	unsigned int ends = TASK_INTERRUPTIBLE;

	lockdep_assert_held(&p->sighand->siglock);
	/* Stopping and going on are opposites: the later one counts. */
	if (sigmask(sig) & STOPS)
		sigdelset(&p->pending.signal, SIGCONT);
	else if (sig == SIGCONT)
		sigdelsetmask(&p->pending.signal, STOPS);
	sigaddset(&p->pending.signal, sig);
	if (sigismember(&p->blocked, sig))
		return 0;
	if (is_deadly(p, sig))
		sigaddset(&p->pending.signal, SIGKILL);
	if (sigismember(&p->pending.signal, SIGKILL))
		ends |= TASK_WAKEKILL;
	recalc_sigpending_of(p);
	return ends;
}

/* ---- sending ---- */

int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *p)
{
	unsigned int ends = 0;
	unsigned long flags;

	if (!sig)
		return 0;
	if (!is_signal(sig))
		return -EINVAL;
	if (READ_ONCE(p->exit_state) == EXIT_DEAD)
		return -ESRCH;
	spin_lock_irqsave(&p->sighand->siglock, flags);
	if (!is_dropped(p, sig, info == SEND_SIG_PRIV))
		ends = make_pending(p, sig);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
	if (ends)
		wake_up_state(p, ends);
	return 0;
}
EXPORT_SYMBOL(send_sig_info);

int send_sig(int sig, struct task_struct *p, int priv)
{
	return send_sig_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, p);
}
EXPORT_SYMBOL(send_sig);

int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid)
{
	struct task_struct *p = get_pid_task(pid, PIDTYPE_PID);
	int err;

	if (!p)
		return -ESRCH;
	err = send_sig_info(sig, info, p);
	put_task_struct(p);
	return err;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, pid);
}
EXPORT_SYMBOL(kill_pid);

void force_sig(int sig)
{
	struct task_struct *p = current;

	if (WARN_ONCE(!is_signal(sig), "force_sig(%d): there is no such signal\n", sig))
		return;
	spin_lock_irq(&p->sighand->siglock);
	if (sigismember(&p->blocked, sig) || handler_of(p, sig) == SIG_IGN)
		set_handler(p, sig, SIG_DFL);
	sigdelset(&p->blocked, sig);
	make_pending(p, sig);
	spin_unlock_irq(&p->sighand->siglock);
}
EXPORT_SYMBOL(force_sig);

/* ---- what a thread wants ---- */

void kernel_sigaction(int sig, __sighandler_t action)
{
	struct task_struct *p = current;

	if (WARN_ONCE(!is_signal(sig), "thread %s (%d) allows or disallows signal %d, which does not exist\n",
		      p->comm, p->pid, sig))
		return;
	spin_lock_irq(&p->sighand->siglock);
	set_handler(p, sig, action);
	if (action == SIG_IGN) {
		sigdelset(&p->pending.signal, sig);
		recalc_sigpending();
	}
	spin_unlock_irq(&p->sighand->siglock);
}
EXPORT_SYMBOL(kernel_sigaction);

static void forget_pending(struct task_struct *p)
{
	sigemptyset(&p->pending.signal);
	recalc_sigpending_of(p);
}

void ignore_signals(struct task_struct *p)
{
	struct sighand_struct *h = p->sighand;
	unsigned long flags;

	spin_lock_irqsave(&h->siglock, flags);
	sigfillset(&h->ignored);
	sigemptyset(&h->kthread);
	sigemptyset(&h->kthread_kernel);
	forget_pending(p);
	spin_unlock_irqrestore(&h->siglock, flags);
}

void flush_signal_handlers(struct task_struct *p, int force_default)
{
	struct sighand_struct *h = p->sighand;
	unsigned long flags;

	spin_lock_irqsave(&h->siglock, flags);
	if (force_default)
		sigemptyset(&h->ignored);
	sigemptyset(&h->kthread);
	sigemptyset(&h->kthread_kernel);
	spin_unlock_irqrestore(&h->siglock, flags);
}

void flush_signals(struct task_struct *p)
{
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	forget_pending(p);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
}
EXPORT_SYMBOL(flush_signals);

int kernel_dequeue_signal(void)
{
	struct task_struct *p = current;
	unsigned long ready, faults;
	int sig = 0;

	spin_lock_irq(&p->sighand->siglock);
	ready = p->pending.signal.sig[0] & ~p->blocked.sig[0];
	faults = ready & SYNCHRONOUS;
	if (ready) {
		sig = __ffs(faults ? faults : ready) + 1;
		sigdelset(&p->pending.signal, sig);
		recalc_sigpending();
	}
	spin_unlock_irq(&p->sighand->siglock);
	return sig;
}
EXPORT_SYMBOL(kernel_dequeue_signal);

/* ---- blocked ---- */

void __set_current_blocked(const sigset_t *newset)
{
	struct task_struct *p = current;

	spin_lock_irq(&p->sighand->siglock);
	p->blocked = *newset;
	recalc_sigpending();
	spin_unlock_irq(&p->sighand->siglock);
}

void set_current_blocked(sigset_t *newset)
{
	sigdelsetmask(newset, KERNEL_ONLY);
	__set_current_blocked(newset);
}

int sigprocmask(int how, sigset_t *set, sigset_t *oldset)
{
	sigset_t newset, old = current->blocked;

	switch (how) {
	case SIG_BLOCK:
		sigorsets(&newset, &old, set);
		break;
	case SIG_UNBLOCK:
		sigandnsets(&newset, &old, set);
		break;
	case SIG_SETMASK:
		newset = *set;
		break;
	default:
		return -EINVAL;
	}
	if (oldset)
		*oldset = old;
	__set_current_blocked(&newset);
	return 0;
}
EXPORT_SYMBOL(sigprocmask);

void copy_signals(struct task_struct *p)
{
	p->sighand = &p->own_sighand;
	spin_lock_init(&p->sighand->siglock);
	sigemptyset(&p->pending.signal);
}
