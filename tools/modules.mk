# SPDX-License-Identifier: MIT
#
# make -C BOBBIN M=folder [modules|clean|modules_install]: somebody else's modules, by kbuild's rules.
#
# Two steps, as in kbuild. tools/modules-dir.mk, once a folder: reads the folder's Makefile (or Kbuild) and compiles
# what its obj-m lists. Then, for all of them together: tools/modpost looks whether each symbol exists, and writes a
# small NAME.mod.c (struct module, checksums, information), which is linked to NAME.ko.
#
# Included by the Makefile, behind the compiler's flags, when M is given.

M := $(patsubst %/,%,$(abspath $(M)))
ifeq ($(wildcard $(M)/Kbuild $(M)/Makefile),)
$(error M=$(M): there is no Makefile in it that says obj-m := name.o)
endif

KERNELRELEASE := $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' include/generated/utsrelease.h)
VERSION := 6
PATCHLEVEL := 1
ARCH ?= x86
SRCARCH := x86
srctree := $(CURDIR)
objtree := $(CURDIR)
KBUILD_EXTMOD := $(M)
# A kernel with its own checks; a module gets those warnings that Linux turns on.
MODULE_CFLAGS := $(filter-out -W%,$(CFLAGS_K)) -Wall -Wno-sign-compare -Wno-pointer-sign -Wvla \
	-Werror=implicit-function-declaration -Werror=implicit-int -Werror=return-type -DMODULE \
	$(SANITIZER_CFLAGS)
# gcc 12 takes the word that a bit operation is done on for all of it; so Linux turns that off.
ifeq ($(findstring clang,$(CC)),)
MODULE_CFLAGS += -Wno-array-bounds
endif
export KERNELRELEASE VERSION PATCHLEVEL ARCH SRCARCH srctree objtree KBUILD_EXTMOD V
export CC LD NM O
export MODULE_COMPILE = $(CC) $(CPPFLAGS_K) -ffile-prefix-map=$(M)=. $(MODULE_CFLAGS)
export MODULE_ASSEMBLE = $(CC) $(CPPFLAGS_K) $(AFLAGS_K) -DMODULE

INSTALL_MOD_DIR ?= updates
MODLIB := $(INSTALL_MOD_PATH)/lib/modules/$(KERNELRELEASE)

dir-make = $(MAKE) --no-print-directory -f tools/modules-dir.mk obj=$(M)

modules: $(O)/Module.symvers
	@+$(dir-make) __build
	@tools/modpost $(O)/Module.symvers $(M) $(KBUILD_EXTRA_SYMBOLS)
	@+$(dir-make) __link

# A kernel that was never built is built first.
$(O)/Module.symvers:
	@$(MAKE) --no-print-directory M= $@

modules_install: modules
	@mkdir -p '$(MODLIB)/$(INSTALL_MOD_DIR)'
	@sed 's/\.o$$/.ko/' '$(M)/modules.order' | while read -r ko; do \
		echo "  INSTALL $(MODLIB)/$(INSTALL_MOD_DIR)/$${ko##*/}"; \
		cp "$$ko" '$(MODLIB)/$(INSTALL_MOD_DIR)/' || exit 1; done

clean:
	@+$(dir-make) __clean

help:
	@echo 'make -C BOBBIN M=$$PWD modules | clean | modules_install [INSTALL_MOD_PATH=dir]'
	@echo '  obj-m := a.o [folder/]   a-objs := x.o y.o   ccflags-y   CFLAGS_x.o   KBUILD_EXTRA_SYMBOLS'

.PHONY: modules modules_install clean help
.NOTPARALLEL:
