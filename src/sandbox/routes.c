/*
 * Every endpoint is a row: paths, parameters and permissions of swagger-mapi.json and swagger-asset.json. listId is a parameter of the path;
 * it may be repeated beside `_method=GET`. Where two permissions stand, either is enough ("Read-Only Lead, Read-Write Lead").
 */
#include "sandbox/box.h"

#define LEAD_READ (PERM_LEAD_READ | PERM_LEAD_WRITE)
#define ASSET_READ (PERM_ASSET_READ | PERM_ASSET_WRITE)

static const struct route table[] = {
	{ VERB_GET, "/rest/v1/leads/describe.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " ", NULL, describe },
	{ VERB_GET, "/rest/v1/leads/describe2.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " ", NULL, describe2 },
	{ VERB_GET, "/rest/v1/leads/partitions.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " ", NULL, partitions },
	{ VERB_GET, "/rest/v1/leads.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " filterType filterValues fields batchSize nextPageToken ", NULL, leads_by_filter },
	{ VERB_POST, "/rest/v1/leads.json", SHAPE_LEAD, PERM_LEAD_WRITE, BODY_JSON, " ", sync_arrive, sync_run },
	{ VERB_GET, "/rest/v1/lead/{}.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " fields ", NULL, lead_by_id },
	{ VERB_GET, "/rest/v1/lists.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " id name programName workspaceName batchSize nextPageToken ", NULL, lists_get },
	{ VERB_GET, "/rest/v1/lists/{}.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " listId ", NULL, list_by_id },
	{ VERB_GET, "/rest/v1/lists/{}/leads.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " listId fields batchSize nextPageToken ", NULL, members_get },
	{ VERB_GET, "/rest/v1/list/{}/leads.json", SHAPE_LEAD, LEAD_READ, BODY_NONE, " listId fields batchSize nextPageToken ", NULL, members_get },
	{ VERB_POST, "/rest/v1/lists/{}/leads.json", SHAPE_LEAD, PERM_LEAD_WRITE, BODY_JSON_OPTIONAL, " listId id ", NULL, members_add },
	{ VERB_DELETE, "/rest/v1/lists/{}/leads.json", SHAPE_LEAD, PERM_LEAD_WRITE, BODY_JSON_OPTIONAL, " listId id ", NULL, members_remove },
	{ VERB_GET, "/rest/v1/lists/{}/leads/ismember.json", SHAPE_LEAD, PERM_LEAD_WRITE, BODY_JSON_OPTIONAL, " listId id ", NULL, members_check },
	{ VERB_GET, "/rest/v1/stats/usage.json", SHAPE_LEAD, PERM_NONE, BODY_NONE, " ", NULL, stats_usage },
	{ VERB_GET, "/rest/v1/stats/usage/last7days.json", SHAPE_LEAD, PERM_NONE, BODY_NONE, " ", NULL, stats_usage_week },
	{ VERB_GET, "/rest/v1/stats/errors.json", SHAPE_LEAD, PERM_NONE, BODY_NONE, " ", NULL, stats_errors },
	{ VERB_GET, "/rest/v1/stats/errors/last7days.json", SHAPE_LEAD, PERM_NONE, BODY_NONE, " ", NULL, stats_errors_week },
	{ VERB_GET, "/rest/asset/v1/folders.json", SHAPE_ASSET, ASSET_READ, BODY_NONE, " root maxDepth maxReturn offset workSpace ", NULL, folders_get },
	{ VERB_GET, "/rest/asset/v1/folder/byName.json", SHAPE_ASSET, ASSET_READ, BODY_NONE, " name type root workSpace ", NULL, folder_by_name },
	{ VERB_GET, "/rest/asset/v1/folder/{}.json", SHAPE_ASSET, ASSET_READ, BODY_NONE, " type ", NULL, folder_by_id },
	{ VERB_GET, "/rest/asset/v1/staticLists.json", SHAPE_ASSET, ASSET_READ, BODY_NONE, " folder offset maxReturn earliestUpdatedAt latestUpdatedAt ", NULL, asset_lists },
	{ VERB_POST, "/rest/asset/v1/staticLists.json", SHAPE_ASSET, PERM_ASSET_WRITE, BODY_FORM, " folder name description ", NULL, asset_list_create },
	{ VERB_GET, "/rest/asset/v1/staticList/byName.json", SHAPE_ASSET, ASSET_READ, BODY_NONE, " name ", NULL, asset_list_by_name },
	{ VERB_GET, "/rest/asset/v1/staticList/{}.json", SHAPE_ASSET, ASSET_READ, BODY_NONE, " ", NULL, asset_list_by_id },
	{ VERB_POST, "/rest/asset/v1/staticList/{}.json", SHAPE_ASSET, PERM_ASSET_WRITE, BODY_FORM, " name description ", NULL, asset_list_update },
	{ VERB_POST, "/rest/asset/v1/staticList/{}/delete.json", SHAPE_ASSET, PERM_ASSET_WRITE, BODY_FORM_OPTIONAL, " ", NULL, asset_list_delete },
};

const struct route *routes(size_t *count)
{
	*count = sizeof table / sizeof *table;
	return table;
}
