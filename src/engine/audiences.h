/* Which audience of the dataflow a membership in a message speaks of: by id, or by the name under which the source knows it. */
#ifndef ENGINE_AUDIENCES_H
#define ENGINE_AUDIENCES_H

#include "base/error.h"
#include "model/destination.h"
#include "model/profile.h"

#include <stdbool.h>

struct audiences;

struct audiences *audiences_new(struct dataflow *dataflow);
void audiences_free(struct audiences *audiences);

/* *index: the dataflow's audience, or -1. What is learnt (id, name) is kept, and written to the dataflow's audience by audiences_learn. STATUS_USAGE: a name that fits two ids,
 * or an id that was passed over before the source gave it its name. */
enum status audiences_match(struct audiences *audiences, const struct membership *membership, int *index, struct error *err);
/* Writes ids and names that were learnt to the dataflow. True when something is new. */
bool audiences_learn(struct audiences *audiences);

#endif
