"""A fixed piece of work, of which every machine has the same to do: how long it takes says how long a second of CPU time is here."""
import time

ROUNDS = 7


def probe():
    """Microseconds of the fastest round, which nothing else disturbed."""
    return min(timed() for _ in range(ROUNDS))


def timed():
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) // 1000


def work():
    total = 0
    table = {}
    for number in range(60_000):
        table[number & 255] = total
        total = (total * 31 + number) % 1_000_003
    digits = "".join(str(number) for number in range(20_000))
    return total + len(sorted(digits))
