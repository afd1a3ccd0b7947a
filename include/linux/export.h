/* SPDX-License-Identifier: MIT */
/*
 * Which symbols a loadable module may use. Until the loader exists the macros
 * check that the symbol is declared and leave nothing in the image; the table
 * `__ksymtab` will be made here and nowhere else.
 */
#pragma once

#include <linux/compiler.h>

#define EXPORT_SYMBOL(sym)	extern typeof(sym) sym
#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)
