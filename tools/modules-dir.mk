# SPDX-License-Identifier: MIT
#
# One folder of modules: obj=FOLDER, target __build, __link or __clean (tools/modules.mk says when).

__build:

src := $(obj)
MAKEFLAGS += --no-builtin-rules
makefile := $(firstword $(wildcard $(obj)/Kbuild $(obj)/Makefile))
include $(makefile)

folders := $(sort $(patsubst %/,%,$(filter %/,$(obj-m) $(obj-y)) $(subdir-m) $(subdir-y)))
modules := $(sort $(patsubst %.o,%,$(filter %.o,$(obj-m))))
parts    = $(sort $(filter %.o,$($1-objs) $($1-y) $($1-m)))
multi   := $(foreach m,$(modules),$(if $(call parts,$m),$m))
singles := $(filter-out $(multi),$(modules))
objects := $(sort $(singles:%=%.o) $(foreach m,$(multi),$(call parts,$m)))

# Which module an object belongs to, for KBUILD_MODNAME: the first that lists it.
owner = $(subst -,_,$(notdir $(firstword $(foreach m,$(multi),$(if $(filter $1.o,$(call parts,$m)),$m)) $1)))
own   = $(patsubst $(obj)/%,%,$1)
flags = $(ccflags-y) $(subdir-ccflags-y) $(EXTRA_CFLAGS) $(filter-out $(ccflags-remove-y),$(CFLAGS_$(notdir $@))) \
	-DKBUILD_MODNAME='"$(call owner,$(call own,$*))"' -DKBUILD_BASENAME='"$(subst -,_,$(notdir $*))"' \
	-D__KBUILD_MODNAME=kmod_$(call owner,$(call own,$*)) -DKBUILD_MODFILE='"$*"'
export subdir-ccflags-y

Q   := $(if $(filter 1,$(V)),,@)
say  = $(if $(filter 1,$(V)),,@printf '  %-7s %s\n' '$(1)' '$(2)')
hidden = $(dir $1).$(notdir $1)
errors = $(call hidden,$@).err
deps   = -MMD -MP -MF $(call hidden,$@).d

$(objects:%.o=$(obj)/%.o) : $(obj)/%.o :
	$(call say,CC [M],$@)
	$(Q)if [ -e $(obj)/$*.S ]; then \
		$(MODULE_ASSEMBLE) $(asflags-y) $(flags) $(deps) -c $(obj)/$*.S -o $@; \
	else \
		LC_ALL=C $(MODULE_COMPILE) $(flags) $(deps) -c $(obj)/$*.c -o $@ 2>$(errors); status=$$?; \
		cat $(errors) >&2; [ $$status = 0 ] || tools/hint $(errors) >&2; rm -f $(errors); exit $$status; \
	fi

# Compiled anew when the flags may have changed: its own Makefile's, or the kernel's.
$(objects:%.o=$(obj)/%.o): $(makefile) $(wildcard $(O)/flags)

define composite
$(obj)/$1.o: $$(addprefix $(obj)/,$$(call parts,$1))
	$$(call say,LD [M],$$@)
	$$(Q)$$(LD) -m elf_x86_64 -r -o $$@ $$(addprefix $(obj)/,$$($1-objs) $$($1-y) $$($1-m))
endef
$(foreach m,$(multi),$(eval $(call composite,$m)))

order := $(obj)/modules.order
__build: $(modules:%=$(obj)/%.o) $(folders:%=build-%)
	@{ $(foreach m,$(modules),echo $(obj)/$m.o;) \
	   $(foreach f,$(folders),cat $(obj)/$f/modules.order;) :; } >$(order)

# NAME.mod.c and NAME.crc are modpost's.
$(modules:%=$(obj)/%.ko) : %.ko : %.o %.mod.c %.crc
	$(call say,LD [M],$@)
	$(Q)$(MODULE_COMPILE) -DKBUILD_MODNAME='"$(subst -,_,$(notdir $*))"' -c $*.mod.c -o $*.mod.o
	$(Q)$(LD) -m elf_x86_64 -r -T tools/module.lds -o $@ $*.o $*.mod.o $*.crc
__link: $(modules:%=$(obj)/%.ko) $(folders:%=link-%)

__clean: $(folders:%=clean-%)
	@rm -f $(objects:%=$(obj)/%) $(foreach m,$(modules),$(addprefix $(obj)/$m,.o .ko .mod.c .mod.o .crc)) \
		$(foreach o,$(objects),$(call hidden,$(obj)/$o).d) $(clean-files:%=$(obj)/%) \
		$(obj)/modules.order $(obj)/Module.symvers

$(foreach f,$(folders),build-$f): build-%:
	@$(MAKE) --no-print-directory -f tools/modules-dir.mk obj=$(obj)/$* __build
$(foreach f,$(folders),link-$f): link-%:
	@$(MAKE) --no-print-directory -f tools/modules-dir.mk obj=$(obj)/$* __link
$(foreach f,$(folders),clean-$f): clean-%:
	@$(MAKE) --no-print-directory -f tools/modules-dir.mk obj=$(obj)/$* __clean

-include $(foreach o,$(objects),$(call hidden,$(obj)/$o).d)

.PHONY: __build __link __clean $(foreach f,$(folders),build-$f link-$f clean-$f)
.DELETE_ON_ERROR:
