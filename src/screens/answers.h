/* The JSON answers of commands (cli.md) as structs that screens work with. */
#ifndef SCREENS_ANSWERS_H
#define SCREENS_ANSWERS_H

#include "app/drafts.h"
#include "app/lists.h"
#include "app/sources.h"
#include "base/json.h"
#include "model/preview.h"
#include "screens/popups.h"

#include <stdint.h>

/* key: "folders", "lists" or "partitions". */
void answer_places(const struct json *answer, const char *key, place_list *out);
void answer_source(const struct json *answer, struct source_report *out);
void answer_survey(const struct json *answer, struct survey *out);
/* A whole answer, as lines: its keys, and what they hold. name: of the value, NULL: none. */
void answer_show(struct lines *lines, const char *name, const struct json *value);
void answer_preview(const struct json *answer, struct preview *out);
int64_t answer_number(const struct json *object, const char *key); /* -1: absent or null */

#endif
