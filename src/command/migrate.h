/* What the commands about migrations share. */
#ifndef COMMAND_MIGRATE_H
#define COMMAND_MIGRATE_H

#include "app/migrate.h"
#include "command/args.h"
#include "command/session.h"

extern const struct option_row migrate_plan_rows[], migrate_apply_rows[], migrate_report_rows[];

/* The operands as names; they live as long as args. */
struct flow_names migrate_names(const struct args *args);
/* Members every answer about a migration has: flow, flow_id, state, account, v2. */
void put_migration(struct json_out *w, const struct migration *migration);
/* The `error` member of one flow's answer, when it has any. */
void put_trouble(struct json_out *w, enum status status, const struct error *err);

enum status migrate_plan(struct session *session, const struct args *args, struct error *err);
enum status migrate_apply(struct session *session, const struct args *args, struct error *err);
enum status migrate_report(struct session *session, const struct args *args, struct error *err);

#endif
