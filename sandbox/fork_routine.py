"""
The machine code by which a zygote forks a child that has its own copy of all memory it will write to. It cannot be Python: while memory
is copied and put in place no object may change, and a zygote that goes on before its child has its copies would lose its large pages.

    int routine(plan)

in the C calling convention of Linux on x86-64. The plan, in words of 64 bits: address of fork() or 0, a pipe to wait for, number of steps,
steps of seven words. A step is a system call with its six arguments, or -1, target, source, words to copy. Without fork() the caller
carries out the steps and gets 0. With it the child does and gets 0; the caller gets the process id, if there are steps when the pipe has
something to read or after two seconds. A fork that fails gives -1. A test of the host reads this listing with a disassembler.
"""
import os

_LISTING = """
0000  53                            push rbx
0001  55                            push rbp
0002  41 54                         push r12
0004  48 83 ec 10                   sub rsp, 0x10
0008  48 89 fb                      mov rbx, rdi
000b  48 83 3b 00                   cmp qword ptr [rbx], 0        ; without fork the caller carries out the steps itself
000f  74 0c                         je 0x1d
0011  ff 13                         call qword ptr [rbx]          ; fork()
0013  85 c0                         test eax, eax
0015  0f 88 8e 00 00 00             js 0xa9                       ; it failed: -1
001b  75 44                         jne 0x61
001d  4c 8b 63 10                   mov r12, [rbx+0x10]           ; the number of steps
0021  48 8d 6b 18                   lea rbp, [rbx+0x18]           ; the first step
0025  fc                            cld
0026  49 83 ec 01                   sub r12, 1
002a  72 31                         jb 0x5d
002c  48 8b 45 00                   mov rax, [rbp]                ; a system call, or -1 for a copy
0030  48 8b 7d 08                   mov rdi, [rbp+8]
0034  48 8b 75 10                   mov rsi, [rbp+0x10]
0038  48 8b 55 18                   mov rdx, [rbp+0x18]
003c  48 85 c0                      test rax, rax
003f  79 08                         jns 0x49
0041  48 89 d1                      mov rcx, rdx
0044  f3 48 a5                      rep movsq [rdi], [rsi]        ; a copy
0047  eb 0e                         jmp 0x57
0049  4c 8b 55 20                   mov r10, [rbp+0x20]
004d  4c 8b 45 28                   mov r8, [rbp+0x28]
0051  4c 8b 4d 30                   mov r9, [rbp+0x30]
0055  0f 05                         syscall
0057  48 83 c5 38                   add rbp, 0x38
005b  eb c9                         jmp 0x26
005d  31 c0                         xor eax, eax
005f  eb 48                         jmp 0xa9
0061  89 c5                         mov ebp, eax                  ; the process id of the child
0063  48 83 7b 10 00                cmp qword ptr [rbx+0x10], 0
0068  74 3d                         je 0xa7
006a  48 8b 43 08                   mov rax, [rbx+8]              ; poll the pipe
006e  89 04 24                      mov [rsp], eax
0071  c7 44 24 04 01 00 00 00       mov dword ptr [rsp+4], 1
0079  48 89 e7                      mov rdi, rsp
007c  be 01 00 00 00                mov esi, 1
0081  ba d0 07 00 00                mov edx, 0x7d0                ; two seconds at most
0086  b8 07 00 00 00                mov eax, 7
008b  0f 05                         syscall
008d  3d 01 00 00 00                cmp eax, 1
0092  75 13                         jne 0xa7
0094  48 8b 7b 08                   mov rdi, [rbx+8]              ; read what is in it
0098  48 89 e6                      mov rsi, rsp
009b  ba 10 00 00 00                mov edx, 0x10
00a0  b8 00 00 00 00                mov eax, 0
00a5  0f 05                         syscall
00a7  89 e8                         mov eax, ebp                  ; the process id
00a9  48 83 c4 10                   add rsp, 0x10
00ad  41 5c                         pop r12
00af  5d                            pop rbp
00b0  5b                            pop rbx
00b1  c3                            ret
"""
_BYTES = slice(6, 36)


def code():
    """The bytes; none where the processor is another."""
    if os.uname().machine != "x86_64":
        return b""
    return b"".join(bytes.fromhex(line[_BYTES]) for line in _LISTING.strip().splitlines())
