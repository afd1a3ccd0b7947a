# SPDX-License-Identifier: MIT
"""Hands Bobbin boot data that no real boot loader would: a small loader of our own (forge.S) is what QEMU
starts; Bobbin's ELF is only put into memory beside it, and entered with a forged multiboot2 information."""

import os
import struct
import subprocess

import bobbin

MAGIC = 0x36D76289


def tag(kind, payload, size=None):
    data = struct.pack("<II", kind, 8 + len(payload) if size is None else size) + payload
    return data + b"\0" * (-len(data) % 8)


def memory_map(entries, entry_size=24):
    body = struct.pack("<II", entry_size, 0)
    for base, length, kind in entries:
        body += struct.pack("<QQII", base, length, kind, 0)
    return body


RAM = [(0, 0x9FC00, 1), (0x100000, 0x0FF00000, 1)]
CMDLINE = tag(1, b"panic=exit\0")
END = tag(0, b"")


def information(tags, total=None):
    return struct.pack("<II", 8 + len(tags) if total is None else total, 0) + tags


FORGERIES = {
    "good": (MAGIC, information(CMDLINE + tag(6, memory_map(RAM)) + END)),
    "magic": (0x12345678, information(CMDLINE + tag(6, memory_map(RAM)) + END)),
    # the total size ends in the middle of the memory map
    "truncated": (MAGIC, information(CMDLINE + tag(6, memory_map(RAM)), total=8 + len(CMDLINE) + 20)),
    "nomap": (MAGIC, information(CMDLINE + END)),
    # a tag of size 0 would keep a careless parser on the spot for ever
    "endless": (MAGIC, information(CMDLINE + tag(99, b"", size=0) + tag(6, memory_map(RAM)) + END)),
    "hugetag": (MAGIC, information(CMDLINE + tag(6, memory_map(RAM), size=0xFFFFFFF0) + END)),
}


def forged_boot(name, until, limit=60):
    magic, data = FORGERIES[name]
    folder = os.path.join(bobbin.BUILD, "t")
    os.makedirs(folder, exist_ok=True)
    info, elf = f"{folder}/forge-{name}.bin", f"{folder}/forge-{name}.elf"
    with open(info, "wb") as f:
        f.write(data)
    tool = os.environ.get("CROSS_COMPILE") or ("" if os.uname().machine == "x86_64" else "x86_64-linux-gnu-")
    entry = subprocess.check_output(["readelf", "-h", f"{bobbin.BUILD}/bobbin.elf"], text=True)
    entry = next(line.split()[-1] for line in entry.splitlines() if "Entry point" in line)
    entry = hex(int(entry, 16) - 0xFFFFFFFF80000000)    # where it lies now: as PA() in boot/boot.h
    subprocess.check_call([f"{tool}gcc", "-nostdlib", "-static", "-m32",
                           "-Wl,--build-id=none,-Ttext=0x8000000,-melf_i386",
                           f"-DMAGIC={magic:#x}", f"-DENTRY={entry}", f'-DINFO="{info}"',
                           "tests/expect/forge.S", "-o", elf])
    return bobbin.boot("", smp=1, env={"KERNEL": elf}, until=until, limit=limit, boot="kernel",
                       extra=("-device", f"loader,file={bobbin.BUILD}/bobbin.elf"))
