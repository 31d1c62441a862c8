/* Stands between a process and the file system, for the files below one folder: counts its calls, and at one of them kills the process or
   lets the call fail. It also keeps what a power cut would leave: of each file what was last flushed, of each folder the names that were. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NONE, KILL, FULL, FAULT };
enum { MOST_FILES = 1 << 16 };

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX], shadow[PATH_MAX], counter[PATH_MAX];
static long at = -1, calls;
static int action, full;
static struct { ino_t inode; int id; } known[MOST_FILES];
static int known_count, last_id;
static __thread int inside;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void) {
    const char *value;
    if ((value = getenv("SHIM_ROOT"))) snprintf(root, sizeof root, "%s", value);
    if ((value = getenv("SHIM_SHADOW"))) snprintf(shadow, sizeof shadow, "%s", value);
    if ((value = getenv("SHIM_COUNTER"))) snprintf(counter, sizeof counter, "%s", value);
    if ((value = getenv("SHIM_AT"))) at = atol(value);
    if ((value = getenv("SHIM_ACTION")))
        action = !strcmp(value, "kill") ? KILL : !strcmp(value, "full") ? FULL : !strcmp(value, "fault") ? FAULT : NONE;
    unsetenv("LD_PRELOAD"); /* children are no part of it */
}

__attribute__((destructor)) static void end(void) {
    FILE *file;
    if (counter[0] && (file = fopen(counter, "w"))) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

static int ours(const char *path) {
    size_t length = strlen(root);
    return length && path && !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return ours(path);
}

static const char *absolute(const char *path, char *buffer) {
    if (!path || path[0] == '/') return path;
    char here[PATH_MAX];
    if (!getcwd(here, sizeof here)) return path;
    snprintf(buffer, PATH_MAX, "%.2000s/%.2000s", here, path);
    return buffer;
}

/* Whether the call is to fail; does not come back where the process is to die. */
static int strikes(int takes_space) {
    pthread_mutex_lock(&lock);
    int hit = calls++ == at, error = 0;
    if (hit && action == KILL) kill(getpid(), SIGKILL), pause();
    if (hit && action == FULL) full = 1;
    if (full && takes_space) error = ENOSPC;
    if (hit && action == FAULT) error = EIO;
    pthread_mutex_unlock(&lock);
    return error;
}

static int id_of(ino_t inode, int fresh) {
    for (int i = 0; i < known_count; i++)
        if (known[i].inode == inode) {
            if (fresh) known[i].id = ++last_id;
            return known[i].id;
        }
    if (known_count == MOST_FILES) abort();
    known[known_count].inode = inode;
    return known[known_count++].id = ++last_id;
}

static void keep_file(int fd) {
    struct stat status;
    char path[PATH_MAX], from[64], buffer[65536];
    if (fstat(fd, &status)) return;
    snprintf(path, sizeof path, "%.4000s/file-%d", shadow, id_of(status.st_ino, 0));
    snprintf(from, sizeof from, "/proc/self/fd/%d", fd);
    int source = REAL(open)(from, O_RDONLY), target = REAL(open)(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ssize_t count;
    while ((count = read(source, buffer, sizeof buffer)) > 0) REAL(write)(target, buffer, count);
    close(source);
    close(target);
}

static void keep_folder(const char *folder, ino_t inode) {
    char path[PATH_MAX + 64], entry[PATH_MAX + 300];
    snprintf(path, sizeof path, "%s/folder-%d", shadow, id_of(inode, 0));
    if (!strcmp(folder, root)) snprintf(path, sizeof path, "%s/root", shadow);
    FILE *list = fopen(path, "w");
    DIR *names = opendir(folder);
    struct dirent *name;
    struct stat status;
    while (names && (name = readdir(names))) {
        if (!strcmp(name->d_name, ".") || !strcmp(name->d_name, "..")) continue;
        snprintf(entry, sizeof entry, "%s/%s", folder, name->d_name);
        if (!lstat(entry, &status))
            fprintf(list, "%s-%d %s\n", S_ISDIR(status.st_mode) ? "folder" : "file", id_of(status.st_ino, 0), name->d_name);
    }
    if (names) closedir(names);
    fclose(list);
}

static void flushed(int fd) {
    struct stat status;
    char path[PATH_MAX];
    if (!shadow[0] || inside || !path_of(fd, path) || fstat(fd, &status)) return;
    inside = 1;
    pthread_mutex_lock(&lock);
    if (S_ISDIR(status.st_mode)) keep_folder(path, status.st_ino);
    else keep_file(fd);
    pthread_mutex_unlock(&lock);
    inside = 0;
}

static int opened(const char *path, int flags, mode_t mode, int (*real)(const char *, int, ...)) {
    char buffer[PATH_MAX];
    const char *full_path = absolute(path, buffer);
    struct stat status;
    int changes = !inside && ours(full_path) && (flags & (O_CREAT | O_TRUNC)), is_new = changes && lstat(full_path, &status), error;
    if (changes && (error = strikes(is_new))) return errno = error, -1;
    int fd = real(path, flags, mode);
    if (fd >= 0 && is_new && !fstat(fd, &status)) {
        pthread_mutex_lock(&lock);
        id_of(status.st_ino, 1);
        pthread_mutex_unlock(&lock);
    }
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return opened(path, flags, mode, REAL(name)); \
    }
OPEN(open)
OPEN(open64)

#define ON_FILE(type, name, parameters, arguments, takes_space, after) \
    type name parameters { \
        char path[PATH_MAX]; \
        int error; \
        if (!inside && path_of(fd, path) && (error = strikes(takes_space))) return errno = error, -1; \
        type result = REAL(name) arguments; \
        if (result >= 0) after; \
        return result; \
    }
ON_FILE(ssize_t, write, (int fd, const void *data, size_t count), (fd, data, count), 1, (void)0)
ON_FILE(ssize_t, pwrite, (int fd, const void *data, size_t count, off_t offset), (fd, data, count, offset), 1, (void)0)
ON_FILE(ssize_t, pwrite64, (int fd, const void *data, size_t count, off64_t offset), (fd, data, count, offset), 1, (void)0)
ON_FILE(int, fsync, (int fd), (fd), 0, flushed(fd))
ON_FILE(int, fdatasync, (int fd), (fd), 0, flushed(fd))
ON_FILE(int, ftruncate, (int fd, off_t length), (fd, length), 0, (void)0)
ON_FILE(int, ftruncate64, (int fd, off64_t length), (fd, length), 0, (void)0)

#define ON_PATH(name, parameters, arguments, place, takes_space, after) \
    int name parameters { \
        char buffer[PATH_MAX]; \
        const char *full_path = absolute(place, buffer); \
        int error; \
        if (!inside && ours(full_path) && (error = strikes(takes_space))) return errno = error, -1; \
        int result = REAL(name) arguments; \
        if (!result && !inside && ours(full_path)) after; \
        return result; \
    }
static void made(const char *path) {
    struct stat status;
    if (!lstat(path, &status)) {
        pthread_mutex_lock(&lock);
        id_of(status.st_ino, 1);
        pthread_mutex_unlock(&lock);
    }
}

/* What is looked up by name is to be found here too. */
void *dlsym(void *handle, const char *name) {
    static void *(*real)(void *, const char *);
    if (!real) real = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    if (handle != RTLD_NEXT && !strcmp(name, "open")) return (void *)open;
    if (handle != RTLD_NEXT && !strcmp(name, "fsync")) return (void *)fsync;
    return real(handle, name);
}

ON_PATH(rename, (const char *from, const char *to), (from, to), to, 0, (void)0)
ON_PATH(unlink, (const char *path), (path), path, 0, (void)0)
ON_PATH(rmdir, (const char *path), (path), path, 0, (void)0)
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode), path, 1, made(full_path))
