# SPDX-License-Identifier: MIT
#
# The kernel's suites as files that prove can run: each number of CPUs, each mode (tests/kernel-run).
#
#   make test                   everything
#   make test-kernel            only these
#   make test-one TEST=wait SMP=2 [SHAKE=1] [SEED=7] [ICOUNT=1]
#                               one suite or one claim, as the line of a failed test says

TEST ?= all
SEED ?= 1
SHAKE ?=

test-modes := threads icount shaken
test-cpus  := 1 2 4 8
test-runs  := $(foreach n,$(test-cpus),$(addsuffix -$(n),$(test-modes)))

# A sanitizer finds what is wrong where it happens, not when it turns out badly: each mode once or twice is enough of
# that slow code. What is about building (build.t) is the same for every build.
ifneq ($(KASAN)$(UBSAN),)
test-runs  := icount-1 icount-4 threads-2 threads-8 shaken-4
prove-files := $(filter-out tests/expect/build.t tests/host/%,$(prove-files))
endif
kernel-runs := $(test-runs:%=$(O)/t/kernel-%.t)

# build/t/kernel-shaken-4.t -> shaken 4
run-words = $(wordlist 2,3,$(subst -, ,$(basename $(notdir $@))))

$(kernel-runs): tests/tests.mk | setup
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec tests/kernel-run %s "$$TEST" "$$SEED"\n' '$(run-words)' >$@
	@chmod +x $@

# And once more with the order of locks watched, by a kernel of its own, in build-debug.
ifeq ($(DEBUG)$(KASAN)$(UBSAN),)
debug-run := $(O)/t/kernel-debug-4.t
$(debug-run): tests/tests.mk debug-kernel | setup
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nO=$(O)-debug exec tests/kernel-run icount 4 "$$TEST" "$$SEED"\n' >$@
	@chmod +x $@

debug-kernel: | setup
	$(Q)$(MAKE) --no-print-directory DEBUG=1 O=$(O)-debug $(O)-debug/bobbin-test.elf

.PHONY: debug-kernel
endif
kernel-runs := $(debug-run) $(kernel-runs)

test test-kernel: $(kernel-runs)

test-kernel: $(O)/bobbin-test.elf
	$(Q)SEED=$(SEED) TEST=$(TEST) prove --exec tests/keep-tap $(PROVEFLAGS) $(kernel-runs)

one-mode = $(if $(filter 1,$(SHAKE)),shaken,$(if $(filter 1,$(ICOUNT)),icount,threads))

test-one: $(O)/bobbin-test.elf
	$(Q)tests/kernel-run $(one-mode) $(SMP) '$(TEST)' '$(SEED)'

.PHONY: test-kernel test-one

# tests/old_*.c are modules as they were written for Linux 2.6 to 4.x. The first flag is the switch that gives them
# their names (include/linux/old_names.h); the others tell their init_module()s apart: old_daemon_init().
$(O)/tests/old_%.o: CFLAGS += -include linux/old_names.h -Dinit_module=$(notdir $*)_init \
	-Dcleanup_module=$(notdir $*)_exit

# The long ones first, so that two workers end together.
prove-files := $(kernel-runs) $(filter-out $(kernel-runs),$(prove-files))
PROVEFLAGS ?= -j$(shell nproc 2>/dev/null || echo 2)

# tools/check looks into the objects and compiles headers as the build does.
check: objects
check: export CHECK_COMPILE = $(compile.c)
check: export NM := $(NM)

# Many threads that do everything to one another at random, for SECONDS, with what must hold checked all the time
# (tests/torture.c). Without ICOUNT=1 the time is the host's; with it the same SEED gives the same run.
SECONDS ?= 60
torture-seed = $(if $(filter command line environment,$(origin SEED)),$(SEED),$(shell date +%s))

torture: $(O)/bobbin-test.elf
	$(Q)SEED=$(torture-seed) tests/torture-run $(SECONDS) $(SMP)

.PHONY: torture
