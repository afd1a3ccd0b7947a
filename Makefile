# SPDX-License-Identifier: MIT
#
# Bobbin's build. `make help` lists the targets and variables.
#
# Reading order: what is built (the floors) - how it is compiled - how it is
# linked - the ISO - the targets. Nothing here runs a program while make reads
# the file, except uname and nproc: on a fresh machine the compiler is not
# there yet, and tools/setup brings it before the first object is made.

DEBUG   ?=
KASAN   ?=
UBSAN   ?=
O       ?= build$(if $(DEBUG),-debug)$(if $(KASAN),-kasan)$(if $(UBSAN),-ubsan)
RR      ?=
SMP     ?= $(if $(RR),1,4)
MEM     ?= 256M
CMDLINE ?=
ICOUNT  ?=
V       ?=
NO_INSTALL ?=
CROSS_COMPILE ?= x86_64-linux-gnu-

# GRUB's PC modules are packaged on PCs only; other hosts boot directly.
has-grub := $(or $(filter x86_64,$(shell uname -m)),$(wildcard /usr/lib/grub/i386-pc))
# A run that shall be the same each time (SEED=n) boots directly: GRUB takes a different time each time.
run-seed := $(if $(filter command line environment,$(origin SEED)),$(SEED))
BOOT ?= $(if $(run-seed)$(RR),kernel,$(if $(has-grub),iso,kernel))

ifeq ($(abspath $(O)),$(CURDIR))
$(error O= must name another directory than that of the source)
endif

# ---------------------------------------------------------------- the floors
# A file includes and calls only its own floor and those below (tools/check
# reads the floors here). Within a floor the order is a good order to read in.
# The folder does not decide: a driver in arch/x86 that needs the console or the
# page allocator stands above them (docs/decisions.md).

floor0 := lib/string.o lib/ctype.o lib/vsprintf.o lib/vsprintf_pointer.o lib/sscanf.o lib/hexdump.o \
	lib/kstrtox.o lib/cmdline.o lib/errname.o lib/bitmap.o lib/find_bit.o lib/cpumask.o \
	lib/rbtree.o lib/llist.o lib/sort.o lib/prandom.o lib/module_image.o \
	lib/siphash.o lib/glob.o lib/crc32.o lib/interval_tree.o

floor1 := boot/boot.o boot/ap.o boot/boot_info.o boot/multiboot2.o boot/pvh.o \
	arch/x86/switch.o arch/x86/process.o arch/x86/entry.o arch/x86/idt.o \
	arch/x86/traps.o arch/x86/extable.o arch/x86/gdt.o arch/x86/cpu.o kernel/cpumask.o \
	arch/x86/stacktrace.o arch/x86/font.o \
	arch/x86/fixmap.o arch/x86/acpi.o arch/x86/apic.o arch/x86/ioapic.o arch/x86/smpboot.o \
	arch/x86/time.o

floor2 := kernel/init_task.o kernel/log.o kernel/printk.o kernel/console.o \
	arch/x86/serial.o kernel/panic.o arch/x86/power.o kernel/kallsyms.o \
	kernel/locking/spinlock.o kernel/smp.o kernel/irq_work.o

floor3 := kernel/mm/page_init.o kernel/mm/page_alloc.o kernel/fault-inject.o arch/x86/pgtable.o \
	arch/x86/set_memory.o kernel/mm/slab.o \
	kernel/mm/slab_report.o kernel/mm/slab_watch.o kernel/mm/kmalloc.o kernel/mm/low_water.o kernel/mm/shrinker.o \
	kernel/mm/stack.o kernel/mm/stack_gone.o kernel/mm/percpu.o kernel/mm/vmalloc.o kernel/mm/util.o \
	arch/x86/screen.o arch/x86/terminal.o

floor4 := kernel/irq.o kernel/softirq.o kernel/time/clock.o \
	kernel/time/jiffies.o kernel/time/timer.o kernel/time/timer_run.o kernel/time/timer_check.o \
	kernel/time/hrtimer.o kernel/time/hrtimer_run.o kernel/time/hrtimer_check.o kernel/time/tick.o

floor5 := kernel/sched/core.o kernel/sched/fair.o kernel/sched/timeline.o kernel/sched/rt.o kernel/sched/rt_limit.o \
	kernel/sched/stop.o kernel/sched/idle.o kernel/sched/balance.o \
	kernel/sched/hotplug.o kernel/sched/policy.o kernel/sched/facts.o kernel/sched/shake.o

floor6 := kernel/sched/wait.o kernel/sched/wait_gone.o kernel/sched/completion.o kernel/time/sleep.o \
	kernel/locking/mutex.o

floor7 := kernel/pid.o kernel/signal.o kernel/fork.o kernel/exit.o kernel/kthread.o kernel/kthread_stop.o \
	kernel/kthread_park.o kernel/kthread_worker.o kernel/kthread_work.o \
	kernel/smpboot.o kernel/stop_machine.o kernel/sched/affinity.o kernel/workqueue.o kernel/workqueue/worker.o \
	kernel/workqueue/pool.o kernel/workqueue/flush.o kernel/workqueue/cancel.o kernel/workqueue/rescuer.o \
	kernel/workqueue/queue.o kernel/workqueue/hotplug.o kernel/workqueue/report.o kernel/cpuhp.o kernel/cpu.o
floor7 += kernel/flusher.o kernel/workqueue/check.o
floor7 += kernel/old_names.o

floor7 += kernel/freezer.o kernel/power/process.o

floor8 := kernel/main.o kernel/init.o kernel/shell.o kernel/shell_job.o kernel/pipe.o kernel/shell_session.o \
	kernel/shell_edit.o kernel/shell_recall.o kernel/shell_basics.o kernel/shell_input.o kernel/shell_help.o \
	kernel/shell_filters.o kernel/shell_grep.o \
	kernel/shell_match.o kernel/shell_complete.o kernel/loadx.o kernel/shell_terminal.o \
	kernel/shell_system.o kernel/shell_threads.o kernel/shell_cpu.o kernel/ps.o \
	kernel/ps_options.o kernel/ps_columns.o kernel/demo.o \
	kernel/examples/examples.o kernel/examples/ramdisk.o kernel/examples/writeback.o kernel/examples/reclaim.o \
	kernel/examples/deferred.o kernel/examples/journal.o kernel/examples/journal_log.o kernel/examples/bank.o \
	kernel/workers.o \
	kernel/misuse.o kernel/misuse_worker.o
floor8 += kernel/misuse_workqueue.o kernel/misuse_freezer.o
floor8 += kernel/history.o

floor7 += kernel/tty.o arch/x86/serial_input.o arch/x86/keyboard.o arch/x86/serial2.o

floor8 += kernel/top.o kernel/top_sample.o kernel/top_screen.o kernel/uptime.o kernel/shell_sched.o \
	kernel/shell_find.o kernel/signal_names.o kernel/pstree.o kernel/vmstat.o kernel/sysrq.o
floor8 += kernel/error_text.o kernel/modinfo.o
floor8 += kernel/ps_select.o kernel/ps_format.o kernel/ps_time.o kernel/ps_tree.o

# /proc, and the load it shows.
floor5 += kernel/sched/loadavg.o kernel/sched/cputime.o
floor8 += kernel/proc/seq_file.o kernel/proc/tree.o kernel/proc/file.o kernel/proc/pid.o kernel/proc/pid_status.o \
	kernel/proc/system.o kernel/proc/stat.o kernel/proc/interrupts.o kernel/proc/symbols.o kernel/proc/timers.o \
	kernel/proc/sched.o kernel/proc/sysctl.o kernel/proc/cat.o

# Locks, in the order of their floors.
floor2 += kernel/locking/rwlock.o kernel/locking/lockdep.o kernel/locking/lockdep_graph.o \
	kernel/locking/lockdep_report.o
floor5 += kernel/locking/held.o
floor6 += kernel/locking/semaphore.o kernel/locking/rwsem.o kernel/locking/rtmutex.o
floor6 += kernel/locking/ww_mutex.o
floor7 += kernel/locking/percpu-rwsem.o kernel/hung_task.o
floor8 += kernel/misuse_stack.o kernel/misuse_locks.o kernel/misuse_lockdep.o kernel/inversion.o

# What watches over all of them.
floor1 += arch/x86/nmi.o
floor2 += kernel/nmi_backtrace.o
floor5 += kernel/watchdog.o
floor6 += kernel/sched/lost_wakeup.o
floor7 += kernel/watchdog_buddy.o
floor8 += kernel/misuse_cpu.o kernel/misuse_wait.o kernel/misuse_thread.o

# RCU stands on three of them: readers, what CPUs do, who waits.
floor2 += kernel/rcu/reader.o
floor5 += kernel/rcu/quiet.o kernel/rcu/callbacks.o
floor7 += kernel/rcu/grace.o kernel/rcu/stall.o kernel/rcu/srcu.o
floor8 += kernel/params.o kernel/module.o kernel/module_link.o kernel/module_check.o kernel/module_names.o \
	kernel/module_leftovers.o kernel/modtools.o kernel/bootfiles.o kernel/shell_source.o

# The trace: rings, lines, what is recorded; the points of each group on the floor of what they look into.
floor2 += kernel/trace/ring.o kernel/trace/output.o kernel/trace/text.o kernel/trace/lock.o kernel/trace/ipi.o
floor4 += kernel/trace/irq.o kernel/trace/timer.o
floor5 += kernel/trace/sched.o
floor7 += kernel/trace/kthread.o kernel/trace/workqueue.o kernel/trace/cpuhp.o kernel/trace/control.o
floor8 += kernel/trace/command.o kernel/trace/dump.o kernel/trace/scenarios.o

# Services and containers for modules, each on the floor of what it needs.
floor2 += kernel/random.o kernel/uuid.o
floor3 += kernel/resource.o lib/kfifo.o
floor6 += kernel/mm/mempool.o kernel/sched/swait.o
floor7 += kernel/cred.o lib/xarray_node.o lib/xarray.o lib/xarray_find.o lib/idr.o
floor7 += kernel/notifier.o kernel/reboot.o

# What only a watched kernel can be tested for.
tests  := $(patsubst %.c,%.o,$(filter-out $(if $(DEBUG),,tests/lockdep.c),$(sort $(wildcard tests/*.c))))

floors := 0 1 2 3 4 5 6 7 8
kernel := $(foreach n,$(floors),$(floor$(n))) \
	$(if $(KASAN),kernel/mm/kasan.o kernel/mm/kasan_slab.o kernel/mm/kasan_global.o kernel/mm/kasan_report.o) \
	$(if $(UBSAN),kernel/ubsan.o)

kernel-objs := $(kernel:%=$(O)/%)
test-objs   := $(tests:%=$(O)/%)

# ------------------------------------------------------------------ compiling

ifeq ($(origin CC),default)
CC := $(CROSS_COMPILE)gcc
endif
LD      := $(CROSS_COMPILE)ld
NM      := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
SIZE    := $(CROSS_COMPILE)size

# What both C and assembly get. The prefix map keeps the place of the source
# tree out of the debug information, so that two checkouts give the same bytes.
CPPFLAGS_K := -D__KERNEL__ -nostdinc -Iinclude -Iarch/x86/include \
	-ffile-prefix-map=$(CURDIR)=. -m64 -g

# The kernel model: no red zone (interrupts use the same stack), general
# registers only (no FPU state to switch), frame pointers (backtraces).
CFLAGS_K := -std=gnu11 -ffreestanding -O2 -mno-red-zone -mgeneral-regs-only \
	-mcmodel=kernel -fno-pic -fno-pie -fno-omit-frame-pointer \
	-fno-optimize-sibling-calls -fno-strict-aliasing -fno-stack-protector \
	-fcf-protection=none -fno-asynchronous-unwind-tables \
	-fno-delete-null-pointer-checks -fwrapv -fno-common \
	-Wall -Wextra -Wno-unused-parameter -Wno-sign-compare \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla

AFLAGS_K := -D__ASSEMBLY__

# DEBUG=1: the order of locks is watched (kernel/locking/lockdep.c).
ifneq ($(DEBUG),)
CPPFLAGS_K += -DCONFIG_LOCKDEP=1
endif

ifneq ($(findstring clang,$(CC)),)
CPPFLAGS_K += --target=x86_64-linux-gnu
CFLAGS_K   += -Wno-gnu-variable-sized-type-not-at-end -Wno-initializer-overrides
else
# A function in one piece: a backtrace says panic, not panic.cold.
CFLAGS_K   += -fno-reorder-blocks-and-partition
endif

# KASAN=1: a call in front of each access to memory, and room behind each variable;
# not in what boots, nor in the allocator that writes where nobody else may, nor in
# the checks themselves. Modules get what the kernel gets (tools/modules.mk).
unchecked := boot/% kernel/mm/kasan% kernel/mm/slab% kernel/mm/kmalloc.o lib/string.o arch/x86/stacktrace.o
comma := ,
asan-param = $(if $(findstring clang,$(CC)),-mllvm -asan-$(1),--param asan-$(1))
ifneq ($(KASAN),)
CPPFLAGS_K += -DCONFIG_KASAN=1
KASAN_CFLAGS := -fsanitize=kernel-address $(call asan-param,instrumentation-with-call-threshold=0) \
	$(call asan-param,globals=1) $(call asan-param,stack=0) \
	-Dmemcpy=__asan_memcpy -Dmemmove=__asan_memmove -Dmemset=__asan_memset
$(addprefix $(O)/,$(filter-out $(unchecked),$(kernel) $(tests))): CFLAGS_S += $(KASAN_CFLAGS)
endif
ifneq ($(UBSAN),)
CPPFLAGS_K += -DCONFIG_UBSAN=1
# Values of bool and enum by clang only: gcc 12 reads a volatile bool that it checks once, in front of the loop.
UBSAN_CFLAGS := -fsanitize=shift,integer-divide-by-zero,bounds,unreachable \
	$(if $(findstring clang,$(CC)),-fsanitize=bool$(comma)enum)
$(addprefix $(O)/,$(filter-out boot/%,$(kernel) $(tests))): CFLAGS_S += $(UBSAN_CFLAGS)
endif

SANITIZER_CFLAGS = $(KASAN_CFLAGS) $(UBSAN_CFLAGS)
compile.c = $(CC) $(CPPFLAGS_K) $(CFLAGS_K) $(CFLAGS_S) $(CFLAGS)
compile.S = $(CC) $(CPPFLAGS_K) $(AFLAGS_K)

# make -C here M=folder: somebody else's modules.
ifneq ($(M),)
include tools/modules.mk
else

# `make V=1` shows the commands, otherwise one short line each.
Q    := $(if $(V),,@)
say   = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)')

# All cores, unless the user chose (-j) or the host cannot tell.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || echo 1)
endif
MAKEFLAGS += --no-builtin-rules

all: $(O)/bobbin.elf $(O)/bobbin-test.elf $(O)/Module.symvers $(if $(has-grub),$(O)/bobbin.iso)

# Each object depends on the headers it read (.d, written by the compiler) and
# on the flags it was compiled with.
$(O)/%.o: %.c $(O)/flags | setup
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(compile.c) -DKBUILD_MODNAME='"$(subst -,_,$(notdir $*))"' -MMD -MP -c $< -o $@

$(O)/%.o: %.S $(O)/flags | setup
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(compile.S) -MMD -MP -c $< -o $@

# Files that remember a word list: written anew only when it changes.
define remember
	@mkdir -p $(@D)
	@echo $(1) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef

$(O)/flags: FORCE | setup
	$(call remember,'$(subst ','\'',$(compile.c) $(SANITIZER_CFLAGS) $(compile.S))' "$$($(CC) -dumpversion)")
$(O)/list: FORCE
	$(call remember,$(kernel) : $(tests))

-include $(patsubst %.o,%.d,$(kernel-objs) $(test-objs))

# -------------------------------------------------------------------- linking
# Twice: the first link fixes where each function is, tools/kallsyms makes the
# symbol table of that and tools/symvers the checksums of what modules may use,
# the second link adds both. All code lies in front of all data (linker.ld), so
# the table moves no function; the last line but one proves it.

CPPFLAGS_SYMS := $(filter-out -g,$(CPPFLAGS_K)) $(AFLAGS_K)

LDFLAGS_K := -m elf_x86_64 -nostdlib -static -z max-page-size=4096 \
	-z noexecstack --orphan-handling=error --build-id=none -T linker.ld

define link
	$(call say,LD,$@)
	$(Q)tools/kallsyms </dev/null >$@.0.S
	$(Q)$(CC) $(CPPFLAGS_SYMS) -c $@.0.S -o $@.0.o
	$(Q)$(LD) $(LDFLAGS_K) -o $@.1 $(objs) $@.0.o
	$(Q)$(NM) -n $@.1 | tools/kallsyms >$@.1.S
	$(Q)tools/symvers $@.1 >$@.crc
	$(Q)$(CC) $(CPPFLAGS_SYMS) -c $@.1.S -o $@.1.o
	$(Q)$(LD) $(LDFLAGS_K) -o $@.2 $(objs) $@.1.o $@.crc
	$(Q)$(NM) -n $@.2 | tools/kallsyms | cmp -s - $@.1.S || \
		{ echo "$@: the symbol table moved a function (linker.ld)"; exit 1; }
	$(Q)mv $@.2 $@ && rm -f $@.[01] $@.[01].[So]
endef

# What modules may use, in the form that modpost tools read.
$(O)/Module.symvers: $(O)/bobbin.elf
	$(Q)sed 's/__crc_\(.*\) = \(.*\);/\2\t\1\tvmlinux\tEXPORT_SYMBOL\t/' $<.crc >$@

$(O)/bobbin.elf: objs = $(kernel-objs)
$(O)/bobbin.elf: $(kernel-objs) linker.ld tools/kallsyms tools/symvers.py $(O)/list
	$(link)

$(O)/bobbin-test.elf: objs = $(kernel-objs) $(test-objs)
$(O)/bobbin-test.elf: $(kernel-objs) $(test-objs) linker.ld tools/kallsyms tools/symvers.py $(O)/list
	$(link)

$(O)/bobbin.iso: $(O)/bobbin.elf iso/grub.cfg iso/core.cfg tools/iso
	$(call say,ISO,$@)
	$(Q)OBJCOPY=$(OBJCOPY) tools/iso $@ $<

# -------------------------------------------------------------------- targets

export O SMP MEM CMDLINE BOOT ICOUNT RR MODULES NO_INSTALL CC CROSS_COMPILE DEBUG KASAN UBSAN

image = $(if $(filter kernel,$(BOOT)),$(O)/bobbin.elf,$(O)/bobbin.iso)
prove-files := $(sort $(wildcard tests/*.t tests/*/*.t))
include tests/tests.mk

objects: $(kernel-objs) $(test-objs)

setup:
	@tools/setup

run: $(image) $(O)/bobbin.elf
	$(Q)tools/qemu run

HOSTCC ?= gcc

# What lets virtual time repeat on a busy host and with breakpoints, where this host and its QEMU can have that. Who
# boots a kernel needs it, so it is made before any.
$(O)/bobbin.elf $(O)/bobbin-test.elf: | $(O)/steady.so
$(O)/steady.so: tools/steady.c | setup
	$(call say,HOSTCC,$@)
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) -O2 -Wall -shared -fPIC -o $@ $< || { echo "$@: this host cannot have it"; :>$@; }

debug: $(image) $(O)/bobbin.elf
	$(Q)tools/qemu debug

# What a panic has left, in GDB: tools/crash, docs/debugging.md.
postmortem:
	$(Q)tools/postmortem '$(DIR)'

test: all
	$(Q)prove --exec tests/keep-tap $(PROVEFLAGS) $(prove-files)

# In the build that users run, on one CPU; UPDATE=1 and COMPARE=rev: tools/bench.
bench: $(O)/bobbin.elf $(O)/Module.symvers
	$(Q)tools/bench

# A scenario's trace into $(O)/trace/, and pictures of it; without SCENARIO: their list (docs/tracing.md).
trace: $(O)/bobbin.elf
	$(Q)tools/trace-run $(SCENARIO)
	$(Q)[ -z '$(SCENARIO)' ] || [ ! -x tools/trace ] || tools/trace $(O)/trace/trace.ns

# Costs against the number of threads and CPUs, as tables and as curves: tools/scale. Minutes.
scale: $(O)/bobbin.elf $(O)/Module.symvers
	$(Q)tools/scale

# By the host's clock, CPUs as threads of the host; RUNS=5.
speedup: $(O)/bobbin.elf $(O)/Module.symvers
	$(Q)tools/speedup

# By the host's clock, from QEMU's start; RUNS=7 ROADS="kernel iso uefi".
boottime: $(O)/bobbin.iso
	$(Q)tools/boottime

# The same modules under Debian's Linux 6.1 and here: tests/conformance/, MODULE=name for one.
conformance: $(O)/bobbin.elf $(O)/Module.symvers
	$(Q)tools/conformance $(MODULE)

check: | setup
	$(Q)tools/check

size: $(O)/bobbin.elf $(O)/bobbin.iso
	@$(SIZE) $<
	@printf 'ISO image: %d bytes\n' "$$(wc -c <$(O)/bobbin.iso)"
	@$(foreach n,$(floors),printf 'floor %s: %6d lines\n' $(n) \
		"$$(cat $(wildcard $(floor$(n):.o=.[cS])) /dev/null | wc -l)";)

clean:
	rm -rf $(O)

help:
	@sed -n 's/^#: \{0,1\}//p' Makefile

#: make            kernel, test kernel and boot ISO, in build/
#: make run        boot it in QEMU, serial console on this terminal
#: make test       every test, by prove: on the host and in QEMU
#: make torture    everything at random for SECONDS=60 (docs/torture.md)
#: make conformance the modules of tests/conformance under Linux 6.1 and here,
#:                 compared (docs/conformance.md); MODULE=name for one
#: make debug      QEMU stopped, GDB attached, breakpoint at start_kernel
#: make postmortem DIR=build/crash/...   GDB on what a panic has left
#: make bench      what the primitives cost, beside Linux; COMPARE=rev, UPDATE=1
#: make trace SCENARIO=name  what the kernel does in it, in build/trace/: as text,
#:                 and as pictures; make trace alone lists the names
#: make scale      costs against threads and CPUs; draws docs/scale.svg; SMALL=1: less
#: make check      the rules of the house: floors, headers, ORDER names
#: make speedup    what a second CPU is worth, by the host's clock
#: make boottime   from QEMU's start to the list of threads: direct, ISO, UEFI
#: make size       bytes by section and of the ISO, lines by floor
#: make objects    compile everything, link nothing
#: make clean      remove build/
#: make M=folder   modules from another folder, as kbuild does: modules, clean,
#:                 modules_install
#:
#: Variables, with their defaults:
#:   SMP=4 MEM=256M         the machine
#:   BOOT=iso|uefi|kernel   GRUB ISO by BIOS, by UEFI, or QEMU's -kernel
#:   CMDLINE="..."          kernel command line, for example
#:                          make run CMDLINE='sh="ps -ef; poweroff"'
#:   MODULES="a.ko b.ko"    files that come with the boot, for insmod
#:   ICOUNT=1               virtual time: one instruction, one nanosecond;
#:                          the same run again is the same to the instruction
#:   DEBUG=1                watch the order of locks; builds in build-debug
#:   SEED=7                 make run, make debug: virtual time, and a schedule that is
#:                          disturbed from the seed: the same one each time
#:   RR=1                   make debug: a run on one CPU is recorded first, and then
#:                          gone through forwards and backwards (reverse-stepi)
#:   CC=clang  CROSS_COMPILE=x86_64-elf-
#:   KASAN=1  UBSAN=1       find wrong accesses to memory, and expressions without
#:                          a meaning (in build-kasan, build-ubsan), also in modules;
#:                          make test KASAN=1: all suites on 1, 4, 2, 8 and 4 CPUs
#:                          (icount, threads, shaken), all boots; costs are not judged
#:   O=dir  V=1             where to build; show the commands
#:   NO_INSTALL=1           install no missing package, only name it

.PHONY: all objects setup run debug postmortem test bench scale speedup boottime trace \
	conformance check size clean help FORCE
.DELETE_ON_ERROR:

endif
