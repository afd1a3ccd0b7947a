# SPDX-License-Identifier: MIT
"""Modules' own symbols: a .ko knows its functions, lines and variables, the kernel knows where it has put them.

The kernel keeps a table of each module's symbols with their addresses (struct module, ksyms). One symbol of a section
that both the table and the file have tells where the section lies. The files are looked for among those that the
machine was started with (MODULES=), and where `lx-symbols` is told to look."""

import glob
import os
import struct

import gdb

from bobbin import Command
from bobbin import memory as m

places = os.environ.get("MODULES", "").split()
known = {}      # a module's base address -> its file
SHT_SYMTAB = 2


def files():
    """Module name -> file, of all places."""
    found = {}
    for place in places:
        for path in [place] if place.endswith(".ko") else glob.glob(f"{place}/**/*.ko", recursive=True):
            found.setdefault(os.path.basename(path)[:-len(".ko")].replace("-", "_"), path)
    return found


def symbols(path):
    """{(name, value within its section): name of the section} of a relocatable file."""
    with open(path, "rb") as f:
        raw = f.read()
    offset, = struct.unpack_from("<Q", raw, 40)
    size, count, names = struct.unpack_from("<HHH", raw, 58)
    heads = [struct.unpack_from("<IIQQQQIIQQ", raw, offset + size * i) for i in range(count)]

    def string(table, at):
        start = heads[table][4] + at
        return raw[start:raw.index(b"\0", start)].decode()

    found = {}
    for head in heads:
        if head[1] != SHT_SYMTAB:
            continue
        for at in range(head[4], head[4] + head[5], 24):
            name, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", raw, at)
            if name and 0 < section < count:
                found[string(head[6], name), value] = string(names, heads[section][0])
    return found


def sections(mod, path):
    """Name of the section -> address, as the symbols tell."""
    table = {m.text(mod["ksyms"][i]["name"]): int(mod["ksyms"][i]["addr"]) for i in range(int(mod["num_ksyms"]))}
    places_of = {}
    for (name, value), section in symbols(path).items():
        if name in table:
            places_of.setdefault(section, set()).add(table[name] - value)
    return {section: found.pop() for section, found in places_of.items() if len(found) == 1}


def loaded():
    return list(m.list_of(m.var("modules"), "struct module", "list")) if m.has("modules") else []


def update():
    """Make GDB know the symbols of the modules that are loaded, and forget the others'. What could not be found."""
    now, missing, found = {int(mod["core_layout"]["base"]): mod for mod in loaded()}, [], files()
    for base in [base for base in known if base not in now]:
        gdb.execute(f"remove-symbol-file {known.pop(base)}", to_string=True)
    for base, mod in now.items():
        path = found.get(m.text(mod["name"]))
        if base in known or path is None:
            missing += [m.text(mod["name"])] if path is None else []
            continue
        where = sections(mod, path)
        text = where.pop(".text", base)
        rest = " ".join(f"-s {section} {addr:#x}" for section, addr in where.items())
        gdb.execute(f"add-symbol-file {path} {text:#x} {rest}", to_string=True)
        known[base] = path
    return missing


def on_stop(event):
    try:
        if places and {int(mod["core_layout"]["base"]) for mod in loaded()} != set(known):
            update()
    except gdb.error:
        pass        # too early in the boot


class LxSymbols(Command):
    """Find the symbols of the modules that are loaded.

    lx-symbols [FOLDER or FILE.ko...]

    Those that `make debug MODULES=...` was given are found by themselves, at each stop."""

    name = "lx-symbols"

    def run(self, words):
        for word in words:
            if not os.path.exists(word):
                raise gdb.GdbError(f"there is no {word}")
        places.extend(words)
        missing = update()
        for base, path in sorted(known.items()):
            print(f"{base:#x} {path}")
        if missing:
            print(f"no .ko is known of {', '.join(missing)}: lx-symbols FOLDER says where to look")


gdb.events.stop.connect(on_stop)
LxSymbols()
