/* Who is in a static list, from Marketo's side. */
#ifndef APP_MEMBERS_H
#define APP_MEMBERS_H

#include "app/app.h"
#include "base/error.h"
#include "base/vec.h"

#include <stdint.h>

typedef VEC(char *) address_list;
void address_list_done(address_list *list);

/* The e-mail addresses of all members, in Marketo's order, "" for a person without one. name: a destination or an account. */
enum status app_list_members(struct app *app, const char *name, int64_t list_id, address_list *out, struct error *err);

#endif
