/* SPDX-License-Identifier: MIT */
/* Constants that C and assembly both read: the suffix vanishes for the assembler. */
#pragma once

#ifdef __ASSEMBLY__
#define _AC(x, suffix)	x
#define _AT(type, x)	x
#else
#define __AC(x, suffix)	(x##suffix)
#define _AC(x, suffix)	__AC(x, suffix)
#define _AT(type, x)	((type)(x))
#endif

#define UL(x)		(_AC(x, UL))
#define ULL(x)		(_AC(x, ULL))
#define _UL(x)		UL(x)
#define _ULL(x)		ULL(x)
#define _BITUL(x)	(UL(1) << (x))
#define _BITULL(x)	(ULL(1) << (x))
