# SPDX-License-Identifier: MIT
"""Variables, per-CPU copies, lists, trees, and names for addresses: the words in which the other files speak."""

import functools
import struct

import gdb

ENDLESS = 1000000   # links of a list; more means that it is broken


@functools.lru_cache(maxsize=None)
def type_of(name):
    return gdb.lookup_type(name)


def var(name):
    """A variable of the kernel, by name; static ones, too."""
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    if symbol is None:
        raise gdb.GdbError(f"this kernel has no variable {name}: is it Bobbin, with its debug information?")
    return symbol.value()


def has(name):
    return (gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)) is not None


def address(value):
    """Where a variable lies, or where a pointer points."""
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        return int(value) & (1 << 64) - 1
    return int(value.address) & (1 << 64) - 1


def at(addr, type_name):
    """The object of that type at an address."""
    return gdb.Value(addr).cast(type_of(type_name).pointer()).dereference()


@functools.lru_cache(maxsize=None)
def offset(type_name, path):
    """Of a member, in bytes; `path` may have dots."""
    t, result = type_of(type_name), 0
    for part in path.split("."):
        t = t.strip_typedefs()
        while t.code == gdb.TYPE_CODE_ARRAY:
            t = t.target()
        field, more = find_field(t, part)
        result += more
        t = field.type
    return result


def find_field(t, name):
    """A field, those of unnamed structs and unions included, and its offset."""
    for field in t.fields():
        if field.name == name:
            return field, field.bitpos // 8
        if not field.name or field.is_base_class:
            try:
                inner, more = find_field(field.type.strip_typedefs(), name)
                return inner, field.bitpos // 8 + more
            except KeyError:
                pass
    raise KeyError(name)


def pointed(value):
    """What an expression is about: itself, or what it points to."""
    return value.dereference() if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR else value


def tag(value):
    """The name of a struct's type."""
    return value.type.strip_typedefs().tag


def container(addr, type_name, member):
    """The object whose member lies at an address."""
    return at(addr - offset(type_name, member), type_name)


def words(addr, count):
    """So many 64-bit words of memory."""
    raw = gdb.selected_inferior().read_memory(addr, 8 * count)
    return struct.unpack(f"<{count}Q", bytes(raw))


def word(addr):
    return words(addr, 1)[0]


def text(value, size=None):
    """A string of the kernel's: an array or a pointer."""
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR and int(value) == 0:
        return "(null)"
    return value.string(errors="replace") if size is None else value.string(errors="replace", length=size)


# ---- CPUs ----

def cpus(mask="__cpu_online_mask"):
    """The numbers in a CPU mask."""
    bits = var(mask)["bits"]
    low, high = bits.type.range()
    return [64 * i + n for i in range(low, high + 1) for n in range(64) if int(bits[i]) >> n & 1]


def mask_text(bits):
    """0-3,5 of a list of numbers."""
    parts, i = [], 0
    while i < len(bits):
        j = i
        while j + 1 < len(bits) and bits[j + 1] == bits[j] + 1:
            j += 1
        parts.append(str(bits[i]) if i == j else f"{bits[i]}-{bits[j]}")
        i = j + 1
    return ",".join(parts) or "none"


def percpu_base(cpu):
    return int(var("__per_cpu_offset")[cpu]) & (1 << 64) - 1


def per_cpu(name, cpu):
    """That CPU's copy of a per-CPU variable."""
    pattern = var(name)
    addr = (int(pattern.address) + percpu_base(cpu)) & (1 << 64) - 1
    return gdb.Value(addr).cast(pattern.type.pointer()).dereference()


def this_cpu():
    """The CPU that is selected in GDB (`thread`): its GS base is where its per-CPU copies begin."""
    base = int(gdb.parse_and_eval("$gs_base")) & (1 << 64) - 1
    for cpu in cpus("__cpu_possible_mask") or [0]:
        if percpu_base(cpu) == base:
            return cpu
    return gdb.selected_thread().num - 1


# ---- lists and trees ----

def list_nodes(head):
    """The addresses of the nodes of a struct list_head."""
    start = address(head)
    node = word(start)
    for _ in range(ENDLESS):
        if node in (start, 0):
            return
        yield node
        node = word(node)


def list_of(head, type_name, member):
    for node in list_nodes(head):
        yield container(node, type_name, member)


def hlist_of(head, type_name, member):
    node = int(head["first"])
    for _ in range(ENDLESS):
        if not node:
            return
        yield container(node, type_name, member)
        node = word(node)


def tree_nodes(root):
    """The addresses of the nodes of a struct rb_root(_cached), in order."""
    if any(f.name == "rb_root" for f in root.type.strip_typedefs().fields()):
        root = root["rb_root"]
    left, right = offset("struct rb_node", "rb_left"), offset("struct rb_node", "rb_right")
    stack, node = [], int(root["rb_node"])
    while stack or node:
        while node:
            stack.append(node)
            node = word(node + left)
        node = stack.pop()
        yield node
        node = word(node + right)


def tree_of(root, type_name, member):
    for node in tree_nodes(root):
        yield container(node, type_name, member)


# ---- names ----

def function_at(pc):
    """The function that an address lies in; of inlined ones the one that they became a part of. "" if in none."""
    name, block = None, None
    try:
        block = gdb.block_for_pc(pc)
    except RuntimeError:
        pass
    while block is not None and not block.is_static and not block.is_global:
        if block.function is not None:
            name = block.function.name
        block = block.superblock
    return name or symbol_at(pc).split("+")[0]


def symbol_at(addr):
    """name+offset by the symbol table, "" if there is none."""
    said = gdb.execute(f"info symbol {addr:#x}", to_string=True)
    if said.startswith("No symbol"):
        return ""
    name = said.split(" in section")[0].strip()
    return name.replace(" + ", "+")


def variable_at(addr):
    """How a C programmer would name an address within a variable: demo.full, workers[3].lock. "" if in none."""
    name = symbol_at(addr)
    if not name:
        return ""
    base, _, more = name.partition("+")
    symbol = gdb.lookup_global_symbol(base) or gdb.lookup_static_symbol(base)
    if symbol is None or not symbol.is_variable:
        return name
    return base + member_at(symbol.type, int(more or "0"))


def member_at(t, distance, stop=()):
    """The path to what lies so far into a type, down to a struct of `stop`, or as deep as there are members."""
    t = t.strip_typedefs()
    if t.code == gdb.TYPE_CODE_ARRAY:
        size = t.target().sizeof
        return f"[{distance // size}]" + member_at(t.target(), distance % size, stop) if size else ""
    if t.code != gdb.TYPE_CODE_STRUCT or t.tag in stop:
        return f"+{distance}" if distance else ""
    if t.tag in LEAVES and not distance:
        return ""
    for field in reversed([f for f in t.fields() if hasattr(f, "bitpos") and f.name]):
        first = field.bitpos // 8
        if first <= distance < first + max(field.type.sizeof, 1):
            return f".{field.name}" + member_at(field.type, distance - first, stop)
    return f"+{distance}" if distance else ""


# Whose first member nobody means who names it.
LEAVES = ("wait_queue_head", "completion", "list_head", "mutex", "semaphore", "rw_semaphore", "rt_mutex", "spinlock",
          "kthread_worker", "timer_list", "work_struct", "kthread_work", "hrtimer")
