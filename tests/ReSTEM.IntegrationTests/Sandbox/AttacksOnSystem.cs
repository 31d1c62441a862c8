namespace ReSTEM.IntegrationTests;

/// <summary>Escapes: processes, signals, files, network, memory of others, the kernel's interfaces.</summary>
internal static class AttacksOnSystem
{
    private const string Calls = "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n";

    private static readonly (string Name, string Statement)[] SystemCalls =
    [
        ("unshare of a user namespace", "libc.unshare(0x10000000)"),
        ("setns", "libc.setns(0, 0)"),
        ("mount", "libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)"),
        ("umount", "libc.umount2(b'/tmp', 2)"),
        ("pivot_root", "libc.syscall(155, b'/tmp', b'/tmp')"),
        ("chroot", "libc.chroot(b'/tmp')"),
        ("ptrace of process 1", "libc.ptrace(16, 1, 0, 0)"),
        ("process_vm_readv", "libc.syscall(310, 1, 0, 0, 0, 0, 0)"),
        ("pidfd_getfd", "libc.syscall(438, libc.syscall(434, 1, 0), 0, 0)"),
        ("bpf", "libc.syscall(321, 0, 0, 0)"),
        ("io_uring", "libc.syscall(425, 8, 0)"),
        ("userfaultfd", "libc.syscall(323, 0)"),
        ("perf_event_open", "libc.syscall(298, 0, 0, -1, -1, 0)"),
        ("keyctl", "libc.syscall(250, 0, -3, 1)"),
        ("kexec and reboot", "libc.syscall(169, 0xfee1dead, 672274793, 0x1234567)"),
        ("module loading", "libc.syscall(175, b'', 0, b'')"),
        ("clone with a new namespace", "libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)"),
        ("clone3", "libc.syscall(435, b'\\0' * 88, 88)"),
        ("vfork", "libc.syscall(58)"),
        ("memfd with execution", "os.execve(os.memfd_create('x'), ['x'], {})"),
        ("x32 system call", "libc.syscall(0x40000000 + 39)"),
        ("ioctl that types into the terminal", "libc.ioctl(0, 0x5412, b'x')"),
        ("capset", "libc.syscall(126, (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xffffffff] * 6))"),
        ("setuid", "os.setuid(0); os.setgroups([0])"),
        ("a second seccomp filter", "libc.prctl(22, 2, None, 0, 0)"),
        ("dumpable again", "libc.prctl(4, 1, 0, 0, 0)"),
        ("higher limits", "import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))"),
        ("higher priority", "os.nice(-20)"),
    ];

    private static readonly (string Name, string Statements)[] Attempts =
    [
        ("fork", "import os\nif os.fork() == 0:\n    while True: pass"),
        ("fork bomb", "import os\nwhile True:\n    os.fork()"),
        ("daemon that outlives the run", "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        import time\n        time.sleep(1000)"),
        ("subprocess", "import subprocess\nsubprocess.run(['/bin/sh', '-c', 'touch CANARY'])"),
        ("os.system", "import os\nos.system('touch CANARY')"),
        ("multiprocessing", "import multiprocessing\nmultiprocessing.Process(target=print).start()"),
        ("kill the parent", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"),
        ("kill process 1", "import os, signal\nos.kill(1, signal.SIGKILL)"),
        ("kill everybody", "import os, signal\nos.kill(-1, signal.SIGKILL)"),
        ("stop its group", "import os, signal\nos.kill(0, signal.SIGSTOP)"),
        ("read /etc/passwd", "open('/etc/passwd').read()\nraise SystemError('it was possible')"),
        ("read memory and environment of process 1", "for name in ('environ', 'mem', 'maps', 'cmdline', 'root/etc/passwd'):\n    open('/proc/1/' + name, 'rb').read()"),
        ("list the homes", "import os\nos.listdir('/root') + os.listdir('/home')"),
        ("write the canary", "open('CANARY', 'w').write('owned')"),
        ("delete the canary", "import os\nos.unlink('CANARY')"),
        ("symlink out", "import os\nos.symlink('/', '/tmp/root')\nopen('/tmp/root/etc/passwd').read()"),
        ("hard link to a library", "import os\nos.link('/usr/lib/os-release', '/tmp/x')"),
        ("write into a library", "import os\nopen(os.__file__, 'a').write('x')"),
        ("device node", "import os\nos.mknod('/tmp/sda', 0o60666, os.makedev(8, 0))"),
        ("kernel settings", "open('/proc/sys/kernel/core_pattern', 'w').write('|/tmp/x')"),
        ("connect to the host", "import socket\nsocket.create_connection(('127.0.0.1', PORT), 1).send(b'x')"),
        ("unix socket", "import socket\nsocket.socket(socket.AF_UNIX).connect('/run/docker.sock')"),
        ("raw socket", "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW)"),
        ("listen", "import socket\nsocket.socket().listen()"),
        ("files left behind", "import os\nfor i in range(5000):\n    open('/tmp/left%d' % i, 'w').write('x' * 1000)"),
        ("hidden directory left behind", "import os\nos.makedirs('/tmp/' + 'd/' * 100)\nos.chmod('/tmp/d', 0)\nos.chmod('/tmp', 0)"),
        ("huge sparse file", "open('/tmp/big', 'wb').truncate(1 << 40)"),
        ("files until the disk is full", "i = 0\nwhile True:\n    open('/tmp/%d' % i, 'wb').write(b'x' * 900000)\n    i += 1"),
        ("core dump", "import resource\nresource.setrlimit(resource.RLIMIT_CORE, (-1, -1))"),
        ("descriptors until none is left", "import os\nwhile True: os.dup(1)"),
        ("terminal noise", "print('\\x1b]0;owned\\x07' * 1000)"),
        ("shared memory", "from multiprocessing import shared_memory\nshared_memory.SharedMemory('x', True, 1 << 20)"),
        ("signal handlers", "import signal\nfor s in range(1, 65):\n    try: signal.signal(s, lambda *a: None)\n    except (OSError, ValueError): pass"),
    ];

    /// <param name="canary">Path of a file of the host that must stay as it is.</param>
    /// <param name="port">A port where the host listens; nobody must call.</param>
    public static IEnumerable<Attack> All(string canary, int port)
    {
        string Fill(string text) => text.Replace("CANARY", canary, StringComparison.Ordinal)
            .Replace("PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        return SystemCalls.Select(call => Attack.Trying(call.Name, Calls + call.Statement) with { Survives = call.Name != "x32 system call" })
            .Concat(Attempts.Select(attempt => Attack.Trying(attempt.Name, Fill(attempt.Statements))));
    }
}
