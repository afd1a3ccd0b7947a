/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Asking another CPU something by NMI, which it answers whatever it does, interrupts off included. Nearly everything
 * is better asked by <linux/smp.h>; for backtraces there is <linux/nmi.h>.
 */
#include <linux/types.h>

struct pt_regs;

typedef void (*nmi_call_t)(struct pt_regs *regs);

/*
 * nmi_call: have cpu call fn(what it was doing) in an NMI; does not wait. fn may print, and take no lock.
 * Context: any but NMI; cpu is online. Return: false if it has not answered the last call yet; it is only reminded.
 * nmi_call_done: has it answered?
 */
bool nmi_call(int cpu, nmi_call_t fn);
bool nmi_call_done(int cpu);

/* From handle_nmi(). Return: was this NMI for a call? */
bool nmi_serve_call(struct pt_regs *regs);
