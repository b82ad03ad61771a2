/*
 * Where the book of an instance stands, so that all processes of the user on this machine write into one: a small file in the runtime folder, named after the Munchkin ID.
 * It is taken under a lock for the moment of reading and writing; nobody holds it while a call is on its way, and a process that is killed takes nothing with it.
 */
#ifndef NET_SHELF_H
#define NET_SHELF_H

#include "base/error.h"
#include "net/book.h"

#include <stdbool.h>

struct shelf;

/* name: letters, digits, - and . make the file's name, all else becomes _. NULL with err: there is no place for it, or the clock in use is nobody else's. */
struct shelf *shelf_open(const char *name, struct error *err);
void shelf_close(struct shelf *shelf);

/* Takes the book out; what cannot be read begins anew. Waits for who has it, a second at most: from somebody who was stopped meanwhile it is taken away.
 * False with err: the folder is gone, the disk is broken; nothing is held. */
bool shelf_take(struct shelf *shelf, struct book *book, struct error *err);
/* Puts it back, written if it has changed. False: it was taken away meanwhile, or cannot be written (then err says so, and is clear otherwise); the change did not happen. */
bool shelf_put(struct shelf *shelf, const struct book *book, bool changed, struct error *err);

/* Reads without taking: false when there is none. Nothing is made and nothing changed. */
bool shelf_read(const char *name, struct book *book);

#endif
