/* SPDX-License-Identifier: MIT */
/*
 * Calls to other CPUs that nothing can hold up: a function pointer per CPU and an NMI.
 *
 *	who asks			the CPU
 *	NULL -> fn	-- NMI -->	fn(regs)
 *					fn -> NULL
 *
 * One call at a time for each CPU. The pointer is cleared when fn has returned, so whoever finds it cleared sees all
 * that fn has written, ORDER(nmi-call). A CPU that was reset in between has lost the NMI: the next who asks reminds it.
 */
#include <asm/nmi.h>
#include <asm/apic.h>
#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <asm/percpu.h>
#include <asm/smp.h>

static DEFINE_PER_CPU(nmi_call_t, nmi_called);

bool nmi_call(int cpu, nmi_call_t fn)
{
	/* ORDER(nmi-call): a full barrier: what fn looks at was written before. */
	bool free = !cmpxchg(per_cpu_ptr(&nmi_called, cpu), NULL, fn);

	apic_send(cpu_apicid[cpu], APIC_DM_NMI);
	return free;
}

bool nmi_call_done(int cpu)
{
	/* ORDER(nmi-call): and what fn has written is seen. */
	return !smp_load_acquire(per_cpu_ptr(&nmi_called, cpu));
}

bool nmi_serve_call(struct pt_regs *regs)
{
	nmi_call_t *called = this_cpu_ptr(&nmi_called), fn;

	/* ORDER(nmi-call): the CPU's end. */
	fn = smp_load_acquire(called);
	if (!fn)
		return false;
	fn(regs);
	smp_store_release(called, NULL);	/* ORDER(nmi-call) */
	return true;
}
