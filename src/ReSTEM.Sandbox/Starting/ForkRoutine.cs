using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace ReSTEM.Sandbox;

/// <summary>
/// Writes the machine code by which a worker forks a child that has its own copy of all memory it will write to. It cannot be Python:
/// while memory is copied and put in place, no object may change, and a zygote that goes on before its child has its copies would
/// lose its large pages.
/// </summary>
/// <remarks>
/// <c>int routine(plan)</c> in the C calling convention of Linux. The plan, in words of 64 bits: address of <c>fork</c> or 0, a pipe to
/// wait for, number of steps, steps of seven words. A step is a system call with its six arguments, or -1, target, source, words to copy.
/// Without <c>fork</c> the caller carries out the steps and gets 0. With it the child does and gets 0; the caller gets the process id, if
/// there are steps when the pipe has something to read or after two seconds. A failed fork gives -1.
/// </remarks>
internal static class ForkRoutine
{
    private const int WaitMilliseconds = 2000;
    private const int ReadCall = 0, PollCall = 7, PollIn = 1;
    private const int Word = sizeof(long), StackBytes = 16;
    private const int Fork = 0, Pipe = Word, Count = 2 * Word, Steps = 3 * Word, StepBytes = 7 * Word;

    /// <summary>The code; empty for a processor family that has none here.</summary>
    public static byte[] Build(Architecture architecture)
    {
        if (architecture != Architecture.X64)
        {
            return [];
        }

        var code = new Assembler(64);
        Label steps = code.CreateLabel(), parent = code.CreateLabel(), end = code.CreateLabel();
        code.push(rbx);
        code.push(rbp);
        code.push(r12);
        code.sub(rsp, StackBytes);
        code.mov(rbx, rdi);
        code.cmp(__qword_ptr[rbx + Fork], 0);
        code.je(steps);
        code.call(__qword_ptr[rbx + Fork]);
        code.test(eax, eax);
        code.js(end);
        code.jnz(parent);
        code.Label(ref steps);
        CarryOut(code);
        code.xor(eax, eax);
        code.jmp(end);
        code.Label(ref parent);
        WaitForChild(code);
        code.Label(ref end);
        code.add(rsp, StackBytes);
        code.pop(r12);
        code.pop(rbp);
        code.pop(rbx);
        code.ret();
        using var bytes = new MemoryStream();
        code.Assemble(new StreamCodeWriter(bytes), 0);
        return bytes.ToArray();
    }

    private static void CarryOut(Assembler code)
    {
        Label next = code.CreateLabel(), call = code.CreateLabel(), after = code.CreateLabel(), done = code.CreateLabel();
        code.mov(r12, __qword_ptr[rbx + Count]);
        code.lea(rbp, __qword_ptr[rbx + Steps]);
        code.cld();
        code.Label(ref next);
        code.sub(r12, 1);
        code.jc(done);
        code.mov(rax, __qword_ptr[rbp]);
        code.mov(rdi, __qword_ptr[rbp + Word]);
        code.mov(rsi, __qword_ptr[rbp + (2 * Word)]);
        code.mov(rdx, __qword_ptr[rbp + (3 * Word)]);
        code.test(rax, rax);
        code.jns(call);
        code.mov(rcx, rdx);
        code.rep.movsq();
        code.jmp(after);
        code.Label(ref call);
        code.mov(r10, __qword_ptr[rbp + (4 * Word)]);
        code.mov(r8, __qword_ptr[rbp + (5 * Word)]);
        code.mov(r9, __qword_ptr[rbp + (6 * Word)]);
        code.syscall();
        code.Label(ref after);
        code.add(rbp, StepBytes);
        code.jmp(next);
        code.Label(ref done);
        code.nop();
    }

    // The process id is in eax, and is so again at the end.
    private static void WaitForChild(Assembler code)
    {
        Label awake = code.CreateLabel();
        code.mov(ebp, eax);
        code.cmp(__qword_ptr[rbx + Count], 0);
        code.je(awake);
        code.mov(rax, __qword_ptr[rbx + Pipe]);
        code.mov(__dword_ptr[rsp], eax);
        code.mov(__dword_ptr[rsp + sizeof(int)], PollIn);
        code.mov(rdi, rsp);
        code.mov(esi, 1);
        code.mov(edx, WaitMilliseconds);
        code.mov(eax, PollCall);
        code.syscall();
        code.cmp(eax, 1);
        code.jne(awake);
        code.mov(rdi, __qword_ptr[rbx + Pipe]);
        code.mov(rsi, rsp);
        code.mov(edx, StackBytes);
        code.mov(eax, ReadCall);
        code.syscall();
        code.Label(ref awake);
        code.mov(eax, ebp);
    }
}
