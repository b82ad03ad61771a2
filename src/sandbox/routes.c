/*
 * Every endpoint is a row: paths, parameters and permissions of swagger-mapi.json and swagger-asset.json. listId is a parameter of the path;
 * it may be repeated beside `_method=GET`. Where two permissions stand, either is enough ("Read-Only Lead, Read-Write Lead").
 */
#include "sandbox/box.h"

#define LEAD_READ (PERM_LEAD_READ | PERM_LEAD_WRITE)
#define ASSET_READ (PERM_ASSET_READ | PERM_ASSET_WRITE)

static const struct route table[] = {
	{ .verb = VERB_GET, .path = "/rest/v1/leads/describe.json", .run = answer_describe,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/leads/describe2.json", .run = answer_describe2,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/leads/partitions.json", .run = answer_partitions,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/leads.json", .run = answer_leads_by_filter,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " filterType filterValues fields batchSize nextPageToken " },
	{ .verb = VERB_POST, .path = "/rest/v1/leads.json", .run = sync_run, .arrive = sync_arrive,
		.shape = SHAPE_LEAD, .permissions = PERM_LEAD_WRITE, .body = BODY_JSON, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/lead/{}.json", .run = answer_lead_by_id,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " fields " },
	{ .verb = VERB_GET, .path = "/rest/v1/lists.json", .run = answer_lists_get,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " id name programName workspaceName batchSize nextPageToken " },
	{ .verb = VERB_GET, .path = "/rest/v1/lists/{}.json", .run = answer_list_by_id,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " listId " },
	{ .verb = VERB_GET, .path = "/rest/v1/lists/{}/leads.json", .run = answer_members_get,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " listId fields batchSize nextPageToken " },
	{ .verb = VERB_GET, .path = "/rest/v1/list/{}/leads.json", .run = answer_members_get,
		.shape = SHAPE_LEAD, .permissions = LEAD_READ, .body = BODY_NONE, .parameters = " listId fields batchSize nextPageToken " },
	{ .verb = VERB_POST, .path = "/rest/v1/lists/{}/leads.json", .run = answer_members_add,
		.shape = SHAPE_LEAD, .permissions = PERM_LEAD_WRITE, .body = BODY_JSON_OPTIONAL, .parameters = " listId id " },
	{ .verb = VERB_DELETE, .path = "/rest/v1/lists/{}/leads.json", .run = answer_members_remove,
		.shape = SHAPE_LEAD, .permissions = PERM_LEAD_WRITE, .body = BODY_JSON_OPTIONAL, .parameters = " listId id " },
	{ .verb = VERB_GET, .path = "/rest/v1/lists/{}/leads/ismember.json", .run = answer_members_check,
		.shape = SHAPE_LEAD, .permissions = PERM_LEAD_WRITE, .body = BODY_JSON_OPTIONAL, .parameters = " listId id " },
	{ .verb = VERB_GET, .path = "/rest/v1/stats/usage.json", .run = answer_stats_usage,
		.shape = SHAPE_LEAD, .permissions = PERM_NONE, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/stats/usage/last7days.json", .run = answer_stats_usage_week,
		.shape = SHAPE_LEAD, .permissions = PERM_NONE, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/stats/errors.json", .run = answer_stats_errors,
		.shape = SHAPE_LEAD, .permissions = PERM_NONE, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/v1/stats/errors/last7days.json", .run = answer_stats_errors_week,
		.shape = SHAPE_LEAD, .permissions = PERM_NONE, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_GET, .path = "/rest/asset/v1/folders.json", .run = answer_folders_get,
		.shape = SHAPE_ASSET, .permissions = ASSET_READ, .body = BODY_NONE, .parameters = " root maxDepth maxReturn offset workSpace " },
	{ .verb = VERB_GET, .path = "/rest/asset/v1/folder/byName.json", .run = answer_folder_by_name,
		.shape = SHAPE_ASSET, .permissions = ASSET_READ, .body = BODY_NONE, .parameters = " name type root workSpace " },
	{ .verb = VERB_GET, .path = "/rest/asset/v1/folder/{}.json", .run = answer_folder_by_id,
		.shape = SHAPE_ASSET, .permissions = ASSET_READ, .body = BODY_NONE, .parameters = " type " },
	{ .verb = VERB_GET, .path = "/rest/asset/v1/staticLists.json", .run = answer_asset_lists,
		.shape = SHAPE_ASSET, .permissions = ASSET_READ, .body = BODY_NONE, .parameters = " folder offset maxReturn earliestUpdatedAt latestUpdatedAt " },
	{ .verb = VERB_POST, .path = "/rest/asset/v1/staticLists.json", .run = answer_asset_list_create,
		.shape = SHAPE_ASSET, .permissions = PERM_ASSET_WRITE, .body = BODY_FORM, .parameters = " folder name description " },
	{ .verb = VERB_GET, .path = "/rest/asset/v1/staticList/byName.json", .run = answer_asset_list_by_name,
		.shape = SHAPE_ASSET, .permissions = ASSET_READ, .body = BODY_NONE, .parameters = " name " },
	{ .verb = VERB_GET, .path = "/rest/asset/v1/staticList/{}.json", .run = answer_asset_list_by_id,
		.shape = SHAPE_ASSET, .permissions = ASSET_READ, .body = BODY_NONE, .parameters = " " },
	{ .verb = VERB_POST, .path = "/rest/asset/v1/staticList/{}.json", .run = answer_asset_list_update,
		.shape = SHAPE_ASSET, .permissions = PERM_ASSET_WRITE, .body = BODY_FORM, .parameters = " name description " },
	{ .verb = VERB_POST, .path = "/rest/asset/v1/staticList/{}/delete.json", .run = answer_asset_list_delete,
		.shape = SHAPE_ASSET, .permissions = PERM_ASSET_WRITE, .body = BODY_FORM_OPTIONAL, .parameters = " " },
};

const struct route *routes(size_t *count)
{
	*count = sizeof table / sizeof *table;
	return table;
}
