/* mapping preview | draft preview: rows of the tables of mapping.c and draft.c. */
#ifndef COMMAND_PREVIEW_H
#define COMMAND_PREVIEW_H

#include "command/command.h"

extern const struct option_row preview_rows[], preview_source_rows[];
enum status mapping_preview(struct session *session, const struct args *args, struct error *err);
enum status draft_preview(struct session *session, const struct args *args, struct error *err);

#endif
