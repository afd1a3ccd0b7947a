# SPDX-License-Identifier: MIT
"""Run by tools/symvers inside GDB: a checksum of the type of each exported symbol.

The type is spelled out from the debug information down to its basic types: structures with the offset, name and type
of each member, functions with their parameters, enumerations with their values. What changes none of that changes no
checksum, wherever it is declared. A structure that stands inside itself is spelled out once.
"""
import zlib

import gdb


def complete(t):
    """A structure that is only declared where it was met: its definition, if the program has one."""
    if t.tag and not t.fields():
        kind = "struct" if t.code == gdb.TYPE_CODE_STRUCT else "union"
        try:
            return gdb.lookup_type(f"{kind} {t.tag}")
        except gdb.error:
            pass
    return t


def spell_compound(t, seen):
    if t.tag in seen:
        return t.tag
    if t.tag:
        seen.add(t.tag)
    t = complete(t)
    members = ",".join(f"{f.name}@{f.bitpos}:{f.bitsize}:{spell(f.type, seen)}" for f in t.fields())
    return f"{t.tag}{{{members}}}"


def spell(t, seen):
    if t.code == gdb.TYPE_CODE_TYPEDEF:
        return spell(t.target(), seen)
    if t.code == gdb.TYPE_CODE_PTR:
        return "*" + spell(t.target(), seen)
    if t.code == gdb.TYPE_CODE_ARRAY:
        return f"[{t.range()}]" + spell(t.target(), seen)
    if t.code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return spell_compound(t.unqualified(), seen)
    if t.code == gdb.TYPE_CODE_ENUM:
        return ",".join(f"{f.name}={f.enumval}" for f in t.fields())
    if t.code == gdb.TYPE_CODE_FUNC:
        return f"{spell(t.target(), seen)}({','.join(spell(f.type, seen) for f in t.fields())})"
    return str(t)


def exported():
    """The names X of all rows __ksymtab_X."""
    rows = gdb.execute("info variables -q -n ^__ksymtab_", to_string=True)
    return sorted({word.split("__ksymtab_", 1)[1].rstrip(";") for word in rows.split() if "__ksymtab_" in word}
                  - {"start", "end"})


for name in exported():
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    crc = zlib.crc32(spell(symbol.type, set()).encode()) if symbol else 0
    print(f"__crc_{name} = {crc:#010x};")
