// attach OBJECT COMMAND...: the programs of the object are attached as long as this process lives, which is as long as the command does.
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what, const char *name)
{
	fprintf(stderr, "error: %s %s: %s.\n", name, what, strerror(errno));
	return 125;
}

int main(int count, char **arguments)
{
	struct bpf_object *object = bpf_object__open_file(arguments[1], NULL);
	if (!object || bpf_object__load(object))
		return fail("was not loaded", arguments[1]);

	struct bpf_program *program;
	bpf_object__for_each_program(program, object)
		if (!bpf_program__attach(program))
			return fail("was not attached", bpf_program__name(program));

	pid_t child = fork();
	if (child == 0) {
		execvp(arguments[2], arguments + 2);
		_exit(fail("was not started", arguments[2]));
	}

	int status;
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return fail("was not waited for", arguments[2]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
