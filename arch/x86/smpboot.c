/* SPDX-License-Identifier: MIT */
/*
 * Bringing CPUs to life, poking them, stopping them.
 *
 * A CPU that was never started waits, deaf to all but two messages: INIT, which
 * resets it, and SIPI, which makes it run real-mode code at the page that the
 * message names. That code is boot/ap.S, copied to 0x8000. It climbs to long
 * mode and calls start_secondary() on the stack and with the per-CPU area that
 * three variables name. There is one set of them, so one CPU is started at a time.
 *
 *	the CPU that starts			the CPU that is started
 *	  cpu_prepare(), write variables
 *	  INIT, SIPI		-- interrupt -->	ap.S
 *	  waits						start_secondary(): sees its number
 *				<-- ORDER(ap-hello) --	  "hello": variables and 0x8000 are free
 *							cpu_init(), apic_init_cpu(), time_init_cpu()
 *	  returns; waits for online (cpu.c)		secondary_start_kernel()
 *
 * A CPU that does not say hello in time gets a last INIT. That takes it back to
 * deaf waiting wherever it is, so it can't wake up later on a stack that
 * meanwhile belongs to another.
 *
 * A CPU that is taken offline just halts, arch_cpu_idle_dead(), interrupts off and its timer with them. It is started
 * again like any other: INIT takes it out of its halt into deaf waiting.
 *
 * Stopping is for panic and power off, and must reach CPUs that have interrupts
 * off: by NMI. Only one CPU can be the one that survives; if several want to,
 * the first wins, ORDER(stop), and the others stop where they are.
 *
 * Next: boot/ap.S, and kernel/cpu.c for the half above.
 */
#include <asm/smp.h>
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/upcall.h>
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/barrier.h>
#include <asm/irq_vectors.h>
#include <asm/msr.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/tsc.h>

enum {
	TRAMPOLINE_PHYS	= 0x8000,	/* as in boot/ap.S */

	INIT_PAUSE_US	= 200,		/* from INIT to SIPI */
	SIPI_AGAIN_MS	= 20,		/* the first may get lost on old hardware */
	HELLO_LIMIT_MS	= 5000,		/* a virtual CPU may have to wait for a real one */
	STOP_LIMIT_MS	= 1000,
};

extern char ap_trampoline_start[], ap_trampoline_end[];
extern unsigned long ap_cr3, ap_stack, ap_gs_base;

/* The CPU that has come up last; written by itself. ORDER(ap-hello). */
static int ap_hello = -1;

/* The one CPU that stops the others; -1: none. ORDER(stop). */
static atomic_t stopper = ATOMIC_INIT(-1);

/* Those that have stopped; each sets its own bit. */
static struct cpumask stopped;

static u64 after_ms(unsigned int ms)
{
	return rdtsc() + (u64)tsc_khz * ms;
}

static bool is_past(u64 when)
{
	return (s64)(rdtsc() - when) > 0;
}

static bool wait_for_hello(int cpu, unsigned int ms)
{
	u64 limit = after_ms(ms);

	/* ORDER(ap-hello): from here on the variables may be written for the next CPU. */
	while (smp_load_acquire(&ap_hello) != cpu) {
		if (is_past(limit))
			return false;
		cpu_relax();
	}
	return true;
}

static void send_init(unsigned int apicid)
{
	apic_send_wait(apicid, APIC_DM_INIT | APIC_INT_LEVELTRIG | APIC_INT_ASSERT);
}

static bool wake_up_cpu(int cpu, unsigned int apicid)
{
	u32 sipi = APIC_DM_STARTUP | TRAMPOLINE_PHYS >> 12;

	send_init(apicid);
	tsc_delay(INIT_PAUSE_US);
	apic_send_wait(apicid, sipi);
	if (wait_for_hello(cpu, SIPI_AGAIN_MS))
		return true;
	apic_send_wait(apicid, sipi);		/* if it is running it takes no notice */
	if (wait_for_hello(cpu, HELLO_LIMIT_MS))
		return true;
	send_init(apicid);
	return false;
}

int arch_cpu_up(unsigned int cpu, void *stack_top)
{
	int err;

	if (cpu == 0 || cpu >= acpi_nr_cpus)
		return -EINVAL;
	err = cpu_prepare(cpu);
	if (err)
		return err;

	memcpy(__va(TRAMPOLINE_PHYS), ap_trampoline_start,
	       ap_trampoline_end - ap_trampoline_start);
	ap_cr3 = read_cr3();
	ap_stack = (unsigned long)stack_top;
	ap_gs_base = per_cpu_offset(cpu);
	WRITE_ONCE(ap_hello, -1);

	if (!wake_up_cpu(cpu, cpu_apicid[cpu])) {
		pr_err("smp: CPU %u (APIC id %u) does not answer: going on without it\n",
		       cpu, cpu_apicid[cpu]);
		return -EIO;
	}
	return 0;
}

void arch_cpu_kill(unsigned int cpu)
{
	send_init(cpu_apicid[cpu]);
}

void start_secondary(void)
{
	int cpu = raw_smp_processor_id();

	/* ORDER(ap-hello): this CPU has left ap.S and needs its variables no more. */
	smp_store_release(&ap_hello, cpu);
	cpu_init(cpu);
	apic_init_cpu();
	time_init_cpu();
	secondary_start_kernel();
}

void arch_cpu_idle_dead(void)
{
	apic_write(APIC_LVTT, APIC_LVT_MASKED | LOCAL_TIMER_VECTOR);
	halt_forever();
}

void arch_smp_send_reschedule(int cpu)
{
	apic_send(cpu_apicid[cpu], APIC_DM_FIXED | RESCHEDULE_VECTOR);
}

void arch_send_call_function_single_ipi(int cpu)
{
	apic_send(cpu_apicid[cpu], APIC_DM_FIXED | CALL_FUNCTION_VECTOR);
}

void arch_send_call_function_ipi_mask(const struct cpumask *mask)
{
	int cpu;

	for_each_cpu(cpu, mask)
		arch_send_call_function_single_ipi(cpu);
}

bool smp_nmi_stop_requested(void)
{
	int cpu = raw_smp_processor_id();
	/* ORDER(stop): whoever is told to stop knows who survives. */
	int survivor = atomic_read_acquire(&stopper);

	if (survivor < 0 || survivor == cpu)
		return false;
	cpumask_set_cpu(cpu, &stopped);
	return true;
}

/* All online CPUs but @me have stopped. */
static bool all_stopped(int me)
{
	int cpu;

	for_each_online_cpu(cpu) {
		if (cpu != me && !cpumask_test_cpu(cpu, &stopped))
			return false;
	}
	return true;
}

void smp_send_stop(void)
{
	int cpu, me = raw_smp_processor_id();
	/* ORDER(stop): a full barrier; the NMIs come after it. */
	int winner = atomic_cmpxchg(&stopper, -1, me);
	u64 limit;

	if (winner == me)
		return;				/* done already */
	if (winner != -1) {
		cpumask_set_cpu(me, &stopped);
		halt_forever();
	}
	for_each_online_cpu(cpu) {
		if (cpu != me)
			apic_send(cpu_apicid[cpu], APIC_DM_NMI);
	}
	limit = after_ms(STOP_LIMIT_MS);
	while (!all_stopped(me) && !is_past(limit))
		cpu_relax();
	for_each_online_cpu(cpu) {
		if (cpu != me && !cpumask_test_cpu(cpu, &stopped))
			pr_emerg("smp: CPU %d did not stop\n", cpu);
	}
}
