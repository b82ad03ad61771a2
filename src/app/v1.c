#include "app/v1.h"

#include "base/i18n.h"
#include "store/migrations.h"

enum status v1_refuse_dataflow(const struct dataflow *dataflow, struct error *err)
{
	if (dataflow->version != 1)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "v1", _("%s is a dataflow of Marketo V1, which is retired: it can be shown and migrated, nothing else"), dataflow->name);
	error_hint(err, _("`penstock migrate plan \"%s\"` tells what it would be on V2, `penstock migrate apply` makes that"), dataflow->name);
	return STATUS_USAGE;
}

enum status v1_refuse_destination(const struct destination *destination, struct error *err)
{
	if (destination->version != 1)
		return STATUS_OK;
	error_set(err, STATUS_USAGE, "v1", _("%s is a destination of Marketo V1, which is retired: nothing new can be made on it, and it does not change"), destination->name);
	error_hint(err, _("make a destination of V2: `penstock destination create NAME --account %s`; its V1 dataflows come over with `penstock migrate`"), destination->account_name);
	return STATUS_USAGE;
}

enum status v1_refuse_delete(struct app *app, const struct dataflow *dataflow, struct error *err)
{
	struct migration migration;
	enum status status = STATUS_OK;

	if (dataflow->version != 1)
		return STATUS_OK;
	status = migration_of_dataflow(app->store, dataflow->id, &migration, err);
	if (status == STATUS_OK && migration.id && migration.state != MIGRATION_IMPORTED) {
		status = error_set(err, STATUS_USAGE, "v1", _("the migration of %s is under way: it is deleted at its end, after its lists were compared"), dataflow->name);
		error_hint(err, _("`penstock migrate finish \"%s\"` goes on with it, `penstock migrate undo` takes it back"), dataflow->name);
	}
	migration_done(&migration);
	return status;
}
