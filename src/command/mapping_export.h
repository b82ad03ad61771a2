/* mapping export: a row of the table of mapping.c. */
#ifndef COMMAND_MAPPING_EXPORT_H
#define COMMAND_MAPPING_EXPORT_H

#include "command/command.h"

extern const struct option_row mapping_export_rows[];
enum status mapping_export(struct session *session, const struct args *args, struct error *err);

#endif
