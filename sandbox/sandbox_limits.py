"""What a process may use, as the kernel counts it. CPU and wall-clock time are the zygote's to watch, output the relay's."""
import resource


def limit_worker():
    """For the zygote, and so for every child."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def limit_child(cpu_seconds, memory, stack, file_size, processes):
    """For one run."""
    limit = resource.setrlimit
    backstop = 4 * cpu_seconds + 2  # the zygote is the one that counts
    limit(resource.RLIMIT_CPU, (backstop, backstop))
    limit(resource.RLIMIT_FSIZE, (file_size, file_size))
    limit(resource.RLIMIT_STACK, (stack, stack))
    limit(resource.RLIMIT_NPROC, (processes, processes))
    limit(resource.RLIMIT_AS, (memory, memory))
