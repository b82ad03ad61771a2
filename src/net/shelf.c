/*
 * The file holds two pages, written in turns; each has a serial number and a check sum over what is in use of the book, and the newest that is whole counts. So a process
 * killed in the middle of writing leaves the page before, and what it was about to allow was never allowed.
 *
 * The lock is flock's, which goes with the process. Only a process that is stopped (SIGSTOP, a debugger) in that very moment could keep it: then, after a second, the others
 * write a new file and put it in the place of the old. Whoever has the lock finds out, before anything that he has written counts, that his file is not the one of that name
 * any more, and begins again.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* O_DIRECTORY */
#endif
#include "net/shelf.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000, NAME_MOST = 100, PARTS = 7 };

struct head {
	uint64_t magic, sum; /* sum: over all that follows */
	int64_t serial;
	uint64_t boot;
};

struct page {
	struct head head;
	struct book book;
};

struct shelf {
	char *folder, *path;
	int fd;            /* -1: not open */
	uint64_t boot;     /* of this machine, since its start */
	int64_t serial;    /* of the page read last */
	int place;         /* which is this one; -1: none */
	struct page *page; /* for reading and writing */
};

/* Tells this layout from any other, also of another machine word. */
static const uint64_t magic = UINT64_C(0x70656e67617465) << 8 ^ sizeof(struct page);

static uint64_t mix(uint64_t sum, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	/* FNV-1a: it finds what was torn or cut; nobody else can write here. */
	for (size_t i = 0; i < length; i++)
		sum = (sum ^ at[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static uint64_t boot_number(void)
{
	char text[64];
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);

	if (fd >= 0)
		close(fd);
	return mix(UINT64_C(0xcbf29ce484222325), text, length > 0 ? (size_t)length : 0);
}

/* Of the page, what is in use: its beginning, slots, flights, permits, ends, the pulse. */
static size_t parts_of(struct page *page, struct iovec out[PARTS])
{
	struct book *book = &page->book;
	size_t length = 0;

	out[0] = (struct iovec){ page, offsetof(struct page, book) + offsetof(struct book, slot) };
	out[1] = (struct iovec){ book->slot, (size_t)book->slot_count * sizeof *book->slot };
	out[2] = (struct iovec){ book->flight, (size_t)book->flight_count * sizeof *book->flight };
	out[3] = (struct iovec){ &book->permits, offsetof(struct book_times, row) + (size_t)book->permits.rows * sizeof(struct book_row) };
	out[4] = (struct iovec){ &book->ended, offsetof(struct book_times, row) + (size_t)book->ended.rows * sizeof(struct book_row) };
	out[5] = (struct iovec){ &book->pulse, offsetof(struct pulse, trouble) + (size_t)book->pulse.trouble_count * sizeof(struct pulse_trouble) };
	out[6] = (struct iovec){ book->pulse.call, (size_t)book->pulse.call_count * sizeof(struct pulse_call) };
	for (int i = 0; i < PARTS; i++)
		length += out[i].iov_len;
	return length;
}

static uint64_t sum_of(struct page *page)
{
	struct iovec parts[PARTS];
	const size_t skipped = offsetof(struct head, serial);
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	parts_of(page, parts);
	sum = mix(sum, (char *)parts[0].iov_base + skipped, parts[0].iov_len - skipped);
	for (int i = 1; i < PARTS; i++)
		sum = mix(sum, parts[i].iov_base, parts[i].iov_len);
	return sum;
}

static bool pull(int fd, void *to, size_t length, off_t *at)
{
	ssize_t got = length ? pread(fd, to, length, *at) : 0;

	*at += (off_t)length;
	return got == (ssize_t)length;
}

static bool pull_pulse(int fd, struct pulse *pulse, off_t *at)
{
	return pull(fd, pulse, offsetof(struct pulse, trouble), at) && pulse->trouble_count >= 0 && pulse->trouble_count <= PULSE_TROUBLES &&
		pull(fd, pulse->trouble, (size_t)pulse->trouble_count * sizeof *pulse->trouble, at) && pulse->call_count >= 0 && pulse->call_count <= PULSE_CALLS &&
		pull(fd, pulse->call, (size_t)pulse->call_count * sizeof *pulse->call, at);
}

/* The page at `place`, if it is whole and makes sense. */
static bool read_page(int fd, int place, struct page *page)
{
	off_t at = (off_t)place * (off_t)sizeof *page;
	struct book *book = &page->book;

	if (!pull(fd, page, offsetof(struct page, book) + offsetof(struct book, slot), &at) || page->head.magic != magic)
		return false;
	if (book->slot_count < 0 || book->slot_count > BOOK_SLOTS || book->flight_count < 0 || book->flight_count > BOOK_FLIGHTS)
		return false;
	if (!pull(fd, book->slot, (size_t)book->slot_count * sizeof *book->slot, &at) || !pull(fd, book->flight, (size_t)book->flight_count * sizeof *book->flight, &at))
		return false;
	for (int i = 0; i < 2; i++) {
		struct book_times *times = i ? &book->ended : &book->permits;

		if (!pull(fd, times, offsetof(struct book_times, row), &at) || times->rows < 0 || times->rows > BOOK_TIMES ||
			!pull(fd, times->row, (size_t)times->rows * sizeof *times->row, &at))
			return false;
	}
	return pull_pulse(fd, &book->pulse, &at) && page->head.sum == sum_of(page);
}

static bool write_page(int fd, int place, struct page *page)
{
	struct iovec parts[PARTS];
	size_t length = parts_of(page, parts);

	page->head.sum = sum_of(page);
	return pwritev(fd, parts, PARTS, (off_t)place * (off_t)sizeof *page) == (ssize_t)length;
}

/* The newest page into *book; its place, -1: there is none, and the book begins. */
static int load(const struct shelf *shelf, int fd, struct book *book, int64_t *serial)
{
	struct page *page = shelf->page;
	int found = -1;

	for (int place = 0; place < 2; place++) {
		if (!read_page(fd, place, page) || (found >= 0 && page->head.serial <= *serial))
			continue;
		found = place;
		*serial = page->head.serial;
		*book = page->book;
		if (page->head.boot != shelf->boot)
			book_begin_clock(book);
	}
	if (found < 0 || !book_is_sound(book, clock_mono_ms())) {
		book_begin(book, clock_wall_ms());
		*serial = found < 0 ? 0 : *serial;
	}
	return found;
}

/* Free with mem_free; NULL: no other process has this clock. */
static char *file_name(const char *name)
{
	const char *clock = clock_name();
	char *file = clock ? mem_printf("gate-%.*s%s%s", NAME_MOST, name, *clock ? "-" : "", clock) : NULL;

	for (char *at = file; at && *at; at++)
		if (!((*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') || *at == '-' || *at == '.'))
			*at = '_';
	return file;
}

struct shelf *shelf_open(const char *name, struct error *err)
{
	char *file = file_name(name), *folder;
	struct shelf *shelf;

	if (!file) {
		error_set(err, STATUS_FAILED, "runtime", _("the clock is this process's own"));
		return NULL;
	}
	folder = runtime_folder(err);
	if (!folder) {
		mem_free(file);
		return NULL;
	}
	shelf = mem_alloc(sizeof *shelf);
	*shelf = (struct shelf){ .folder = folder, .path = mem_printf("%s/%s", folder, file), .fd = -1, .boot = boot_number(), .place = -1 };
	shelf->page = mem_alloc(sizeof *shelf->page);
	mem_free(file);
	return shelf;
}

static void let_go(struct shelf *shelf)
{
	if (shelf->fd >= 0)
		close(shelf->fd);
	shelf->fd = -1;
}

void shelf_close(struct shelf *shelf)
{
	if (!shelf)
		return;
	let_go(shelf);
	mem_free(shelf->page);
	mem_free(shelf->folder);
	mem_free(shelf->path);
	mem_free(shelf);
}

static bool trouble(const struct shelf *shelf, const char *why, struct error *err)
{
	error_set(err, STATUS_FAILED, "runtime", _("cannot use %s: %s"), shelf->path, why);
	return false;
}

static bool open_file(struct shelf *shelf, struct error *err)
{
	struct stat is;

	if (shelf->fd >= 0)
		return true;
	shelf->fd = open(shelf->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (shelf->fd < 0)
		return trouble(shelf, strerror(errno), err);
	if (fstat(shelf->fd, &is) == 0 && S_ISREG(is.st_mode) && is.st_uid == geteuid() && is.st_nlink <= 1)
		return true;
	let_go(shelf);
	return trouble(shelf, _("it is not a file of this user alone"), err);
}

/* Is the file that is open still the one of that name? */
static bool is_current(const struct shelf *shelf)
{
	struct stat mine, now;

	return fstat(shelf->fd, &mine) == 0 && lstat(shelf->path, &now) == 0 && mine.st_ino == now.st_ino && mine.st_dev == now.st_dev;
}

static bool write_copy(struct shelf *shelf, const char *path)
{
	struct book *book = mem_alloc(sizeof *book);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int64_t serial = 0;
	bool done = fd >= 0;

	if (done) {
		load(shelf, shelf->fd, book, &serial);
		shelf->page->head = (struct head){ .magic = magic, .serial = serial + 1, .boot = shelf->boot };
		shelf->page->book = *book;
		done = write_page(fd, 0, shelf->page);
		close(fd);
	}
	mem_free(book);
	return done;
}

/* Takes the file away from who keeps its lock. One does so at a time: the folder's lock says who; whoever finds it taken leaves it to the other. */
static void take_away(struct shelf *shelf)
{
	char *path = mem_printf("%s.%ld", shelf->path, (long)getpid());
	int folder = open(shelf->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) == 0 && is_current(shelf)) {
		unlink(path);
		if (!write_copy(shelf, path) || rename(path, shelf->path) != 0)
			unlink(path);
	}
	if (folder >= 0)
		close(folder);
	mem_free(path);
	let_go(shelf);
}

/* Real milliseconds: a scaled clock does not make others faster. */
static int64_t real_ms(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool shelf_take(struct shelf *shelf, struct book *book, struct error *err)
{
	int64_t since = real_ms();

	for (;;) {
		if (!open_file(shelf, err))
			return false;
		if (flock(shelf->fd, LOCK_EX | LOCK_NB) == 0) {
			if (is_current(shelf))
				break;
			let_go(shelf);
		} else if (errno != EWOULDBLOCK && errno != EINTR) {
			return trouble(shelf, strerror(errno), err);
		} else if (real_ms() - since > PATIENCE_MS) {
			take_away(shelf);
			since = real_ms();
		} else {
			poll(NULL, 0, 1);
		}
	}
	shelf->place = load(shelf, shelf->fd, book, &shelf->serial);
	return true;
}

bool shelf_put(struct shelf *shelf, const struct book *book, bool changed, struct error *err)
{
	bool written = true, current;

	if (changed) {
		shelf->page->head = (struct head){ .magic = magic, .serial = shelf->serial + 1, .boot = shelf->boot };
		shelf->page->book = *book;
		written = write_page(shelf->fd, shelf->place == 0 ? 1 : 0, shelf->page);
	}
	if (!written)
		trouble(shelf, strerror(errno), err);
	else
		error_clear(err);
	current = is_current(shelf);
	if (current)
		flock(shelf->fd, LOCK_UN);
	else
		let_go(shelf);
	return written && (current || !changed);
}

bool shelf_read(const char *name, struct book *book)
{
	struct shelf *shelf = shelf_open(name, NULL);
	int fd = shelf ? open(shelf->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
	bool found = fd >= 0 && load(shelf, fd, book, &shelf->serial) >= 0;

	if (fd >= 0)
		close(fd);
	shelf_close(shelf);
	return found;
}
