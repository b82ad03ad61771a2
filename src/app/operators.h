/*
 * Operators of a store that belongs to somebody else: the daemon that owns it starts this program for them, and tells it in one word of JSON before all others (OPERATOR_WORD) who
 * they are by the kernel's word. What they may do stands in a file that only root, or whom the store belongs to, can have written. Said by somebody to a program of their own that
 * word takes rights away and gives none.
 */
#ifndef APP_OPERATORS_H
#define APP_OPERATORS_H

#include "app/app.h"
#include "base/error.h"
#include "base/vec.h"
#include "model/operator.h"

#include <stdbool.h>
#include <stdint.h>

#define OPERATOR_WORD "--operator" /* is the first word, followed by the telling */
#define OPERATORS_FILE "/etc/penstock/permissions"
#define OPERATORS_SOCKET "/run/penstock/penstock.sock"

enum { OPERATOR_GROUPS = 1024, OPERATOR_FILES = 16 };

/* The file of grants, which has to belong to root or to this process' user, and not to be writable by anybody else. STATUS_REFUSED or STATUS_USAGE, code "permissions". */
enum status operators_load(const char *path, struct grants *out, struct error *err);

/* Somebody at the daemon's door. */
struct caller {
	int64_t uid;
	VEC(int64_t) groups;
	const char *const *files; /* what the descriptors from 3 on are, as the words that follow name them */
	size_t file_count;
};
/* What is told of them to a process: free with mem_free. */
char *operator_tell(const struct caller *caller, const char *keeper, const char *db);
/* What the daemon's own runs are told: all is allowed, and sources that operators may name stay within the folders listed. */
char *operator_tell_owner(const struct grants *grants, const char *keeper);

/* What was told. */
struct telling {
	struct operator operator;
	char *db;             /* NULL: not told */
	bool remote;          /* this process' words are the operator's own */
	VEC(char *) files;    /* descriptor 3 and on */
};
void telling_done(struct telling *telling);
/* Reads it, and the file of grants it names; from here on audit rows are the operator's. The telling has to live as long as the process works. */
enum status telling_read(struct telling *telling, const char *text, struct error *err);

/* For a value that is used with the rights of whom the store belongs to, a program to be run for example: STATUS_REFUSED, code "owner", for anybody else. option: without dashes. */
enum status operator_is_owner(const struct app *app, const char *option, struct error *err);
/* The part of a source's specification that says where it is, without the format that it may begin with. */
const char *source_place(const char *spec);
/* The operator's own file, which he has opened himself: this source, and no other. Both stay the caller's. */
void operator_hand_over(const char *place, int fd);
/* May the operator name this source? STATUS_REFUSED, code "source". */
enum status operator_may_read(const struct app *app, const char *spec, struct error *err);
/* `whoami`: who asks, with what is granted; `out` is to be done with. */
enum status app_whoami(struct app *app, struct operator *out, struct error *err);

#endif
