// Every page fault waits MICROSECONDS before the kernel looks at it, in the time that the kernel counts as its own.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROUNDS (MICROSECONDS * 200) // a look at the clock takes more than 5 ns

struct wait {
	__u64 end;
};

static long is_over(__u32 round, struct wait *wait)
{
	return bpf_ktime_get_ns() >= wait->end;
}

static __always_inline int wait_a_while(void)
{
	struct wait wait = { bpf_ktime_get_ns() + MICROSECONDS * 1000 };
	bpf_loop(ROUNDS, is_over, &wait, 0);
	return 0;
}

SEC("tracepoint/exceptions/page_fault_user")
int of_user(void *context)
{
	return wait_a_while();
}

SEC("tracepoint/exceptions/page_fault_kernel")
int of_kernel(void *context)
{
	return wait_a_while();
}

char terms[] SEC("license") = "GPL"; // functions that the kernel gives to no other
