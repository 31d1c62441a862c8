"""
The machine code by which a zygote forks a child that has its own copy of all memory it will write to. It cannot be Python: while memory
is copied and put in place no object may change, and a zygote that goes on before its child has its copies would lose its large pages.

    int routine(plan)

in the C calling convention of Linux on x86-64. The plan, in words of 64 bits: address of fork() or 0, a pipe that does not block, number of steps,
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
000f  74 1c                         je 0x2d
0011  48 8b 7b 08                   mov rdi, [rbx+8]              ; read what a late child has left in the pipe, which does not block
0015  48 89 e6                      mov rsi, rsp
0018  ba 10 00 00 00                mov edx, 0x10
001d  31 c0                         xor eax, eax
001f  0f 05                         syscall
0021  ff 13                         call qword ptr [rbx]          ; fork()
0023  85 c0                         test eax, eax
0025  0f 88 84 00 00 00             js 0xaf                       ; it failed: -1
002b  75 44                         jne 0x71
002d  4c 8b 63 10                   mov r12, [rbx+0x10]           ; the number of steps
0031  48 8d 6b 18                   lea rbp, [rbx+0x18]           ; the first step
0035  fc                            cld
0036  49 83 ec 01                   sub r12, 1
003a  72 31                         jb 0x6d
003c  48 8b 45 00                   mov rax, [rbp]                ; a system call, or -1 for a copy
0040  48 8b 7d 08                   mov rdi, [rbp+8]
0044  48 8b 75 10                   mov rsi, [rbp+0x10]
0048  48 8b 55 18                   mov rdx, [rbp+0x18]
004c  48 85 c0                      test rax, rax
004f  79 08                         jns 0x59
0051  48 89 d1                      mov rcx, rdx
0054  f3 48 a5                      rep movsq [rdi], [rsi]        ; a copy
0057  eb 0e                         jmp 0x67
0059  4c 8b 55 20                   mov r10, [rbp+0x20]
005d  4c 8b 45 28                   mov r8, [rbp+0x28]
0061  4c 8b 4d 30                   mov r9, [rbp+0x30]
0065  0f 05                         syscall
0067  48 83 c5 38                   add rbp, 0x38
006b  eb c9                         jmp 0x36
006d  31 c0                         xor eax, eax
006f  eb 3e                         jmp 0xaf
0071  89 c5                         mov ebp, eax                  ; the process id of the child
0073  48 83 7b 10 00                cmp qword ptr [rbx+0x10], 0
0078  74 33                         je 0xad
007a  48 8b 43 08                   mov rax, [rbx+8]              ; poll the pipe
007e  89 04 24                      mov [rsp], eax
0081  c7 44 24 04 01 00 00 00       mov dword ptr [rsp+4], 1
0089  48 89 e7                      mov rdi, rsp
008c  be 01 00 00 00                mov esi, 1
0091  ba d0 07 00 00                mov edx, 0x7d0                ; two seconds at most
0096  b8 07 00 00 00                mov eax, 7
009b  0f 05                         syscall
009d  48 8b 7b 08                   mov rdi, [rbx+8]              ; read what is in it
00a1  48 89 e6                      mov rsi, rsp
00a4  ba 10 00 00 00                mov edx, 0x10
00a9  31 c0                         xor eax, eax
00ab  0f 05                         syscall
00ad  89 e8                         mov eax, ebp                  ; the process id
00af  48 83 c4 10                   add rsp, 0x10
00b3  41 5c                         pop r12
00b5  5d                            pop rbp
00b6  5b                            pop rbx
00b7  c3                            ret
"""
_BYTES = slice(6, 36)


def code():
    """The bytes; none where the processor is another."""
    if os.uname().machine != "x86_64":
        return b""
    return b"".join(bytes.fromhex(line[_BYTES]) for line in _LISTING.strip().splitlines())
