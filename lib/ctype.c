/* SPDX-License-Identifier: MIT */
/* The class of every character, one byte of marks each. */
#include <linux/ctype.h>
#include <linux/export.h>

const unsigned char _ctype[256] = {
	[0 ... 8] = _C,
	['\t' ... '\r'] = _C | _S,
	[14 ... 31] = _C,
	[' '] = _S | _SP,
	['!' ... '/'] = _P,
	['0' ... '9'] = _D,
	[':' ... '@'] = _P,
	['A' ... 'F'] = _U | _X,
	['G' ... 'Z'] = _U,
	['[' ... '`'] = _P,
	['a' ... 'f'] = _L | _X,
	['g' ... 'z'] = _L,
	['{' ... '~'] = _P,
	[127] = _C,
};
EXPORT_SYMBOL(_ctype);
