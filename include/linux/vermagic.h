/* SPDX-License-Identifier: MIT */
#pragma once
/* What must agree between a kernel and its modules: release, and the options that change what structures look like. */
#include <generated/utsrelease.h>

#define VERMAGIC_STRING	UTS_RELEASE " SMP preempt mod_unload modversions "
