/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Signal numbers, Linux's on x86, and sets of them. What a thread does with them: <linux/sched/signal.h>.
 * A set is a word; bit N-1 is signal N. Numbers outside of 1.._NSIG are the caller's fault, as in Linux.
 */
#include <linux/types.h>

#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 32
#define SIGRTMAX _NSIG
#define _NSIG 64
#define _NSIG_BPW 64
#define _NSIG_WORDS (_NSIG / _NSIG_BPW)

typedef struct {
	unsigned long sig[_NSIG_WORDS];
} sigset_t;

/* What sigprocmask() does with its set. */
#define SIG_BLOCK	0
#define SIG_UNBLOCK	1
#define SIG_SETMASK	2

/*
 * What a thread wants of a signal. SIG_KTHREAD: it looks at it itself (allow_signal()). SIG_KTHREAD_KERNEL: the same,
 * but only if the kernel sent it (allow_kernel_signal()).
 */
typedef void (*__sighandler_t)(int);
#define SIG_DFL			((__sighandler_t)0)
#define SIG_IGN			((__sighandler_t)1)
#define SIG_KTHREAD		((__sighandler_t)2)
#define SIG_KTHREAD_KERNEL	((__sighandler_t)3)

/* Who sent it, for send_sig_info(): SEND_SIG_PRIV is the kernel, SEND_SIG_NOINFO somebody. Of a real struct, nothing
 * but that it is neither of the two is used. */
typedef struct kernel_siginfo {
	int si_signo, si_errno, si_code;
	int si_pid, si_uid, si_int;
	void *si_addr;
} kernel_siginfo_t;
#define SEND_SIG_NOINFO	((struct kernel_siginfo *)0)
#define SEND_SIG_PRIV	((struct kernel_siginfo *)1)
#define SI_USER		0
#define SI_KERNEL	0x80
#define SI_QUEUE	(-1)

#define sigmask(sig)	(1UL << ((sig) - 1))

/* Is it a number that can be sent? 0 is: it sends nothing, and only asks whether there is somebody. */
static inline int valid_signal(unsigned long sig)
{
	return sig <= _NSIG;
}

static inline void sigemptyset(sigset_t *set) { set->sig[0] = 0; }
static inline void sigfillset(sigset_t *set) { set->sig[0] = ~0UL; }
static inline int sigisemptyset(sigset_t *set) { return !set->sig[0]; }
static inline int sigequalsets(const sigset_t *a, const sigset_t *b) { return a->sig[0] == b->sig[0]; }

static inline void sigaddset(sigset_t *set, int sig) { set->sig[0] |= sigmask(sig); }
static inline void sigdelset(sigset_t *set, int sig) { set->sig[0] &= ~sigmask(sig); }
static inline int sigismember(sigset_t *set, int sig) { return !!(set->sig[0] & sigmask(sig)); }

/* The _mask forms and siginitset take a word made of sigmask()s, for the signals up to 64. */
static inline void sigaddsetmask(sigset_t *set, unsigned long mask) { set->sig[0] |= mask; }
static inline void sigdelsetmask(sigset_t *set, unsigned long mask) { set->sig[0] &= ~mask; }
static inline int sigtestsetmask(sigset_t *set, unsigned long mask) { return !!(set->sig[0] & mask); }
static inline void siginitset(sigset_t *set, unsigned long mask) { set->sig[0] = mask; }
static inline void siginitsetinv(sigset_t *set, unsigned long mask) { set->sig[0] = ~mask; }

static inline void sigorsets(sigset_t *r, const sigset_t *a, const sigset_t *b) { r->sig[0] = a->sig[0] | b->sig[0]; }
static inline void sigandsets(sigset_t *r, const sigset_t *a, const sigset_t *b) { r->sig[0] = a->sig[0] & b->sig[0]; }
static inline void sigandnsets(sigset_t *r, const sigset_t *a, const sigset_t *b)
{
	r->sig[0] = a->sig[0] & ~b->sig[0];
}
static inline void signotset(sigset_t *set) { set->sig[0] = ~set->sig[0]; }
