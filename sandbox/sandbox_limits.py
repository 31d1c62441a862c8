"""What a process may use, as the kernel counts it. CPU and wall-clock time are the zygote's to watch, output the relay's."""
import resource

_limit = resource.setrlimit
_CPU = resource.RLIMIT_CPU
_PROCESSES = resource.RLIMIT_NPROC
_inherited = None


def limit_worker():
    """For the zygote, and so for every child."""
    _limit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_NOFILE, (64, 64))


def limit_children(memory, stack, file_size):
    """For the zygote, before it forks: what every child inherits. One host gives all runs of a worker the same, as none can be raised again."""
    global _inherited
    if _inherited is None:
        _inherited = (memory, stack, file_size)
        _limit(resource.RLIMIT_FSIZE, (file_size, file_size))
        _limit(resource.RLIMIT_STACK, (stack, stack))
        _limit(resource.RLIMIT_AS, (memory, memory))
    elif _inherited != (memory, stack, file_size):
        raise SystemExit("limits are %s, expected %s as in the run before" % ((memory, stack, file_size), _inherited))


def limit_child(backstop, processes):
    """In the child. The zygote is the one that counts CPU time; this is behind it."""
    _limit(_CPU, (backstop, backstop))
    _limit(_PROCESSES, (processes, processes))
