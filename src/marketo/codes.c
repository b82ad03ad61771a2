#include "marketo/codes.h"

#include "base/i18n.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define ADMIN N_("give the role of the API-only user the permission (Admin > Users & Roles > Roles), and check that the IP allow-list (Admin > Login Settings) admits this machine")
#define LATER N_("Marketo is busy or being maintained: run again later")
#define REPORT N_("this is not the operator's fault: please report it with the request id")

/* A whole request refused (success:false), or an HTTP status without a Marketo reply. Not counted: 601 602 604 605 608 611 (marketo-api 2). */
static const struct code_row responses[] = {
	{ "413", CODE_SPLIT, true, false, STATUS_FAILED, N_("the request is larger than Marketo takes (1 MB)"), N_("a single record this large cannot be sent: shorten its values"), false },
	{ "414", CODE_SPLIT, true, false, STATUS_FAILED, N_("the address of the request is longer than Marketo takes (8 KB)"), NULL, false },
	{ "500", CODE_RETRY, true, true, STATUS_FAILED, N_("the server failed"), LATER, false },
	{ "502", CODE_RETRY, true, true, STATUS_FAILED, N_("Marketo's gateway got no proper answer"), LATER, false },
	{ "503", CODE_RETRY, true, false, STATUS_FAILED, N_("the service is not available"), LATER, false },
	{ "504", CODE_RETRY, true, true, STATUS_FAILED, N_("Marketo's gateway waited too long"), LATER, false },
	{ "601", CODE_REFRESH, false, false, STATUS_REFUSED, N_("the access token is invalid"), N_("check the client id and secret in Admin > LaunchPoint"), false },
	{ "602", CODE_REFRESH, false, false, STATUS_REFUSED, N_("the access token has expired"), N_("check the client id and secret in Admin > LaunchPoint"), false },
	{ "603", CODE_ABORT, true, false, STATUS_REFUSED, N_("access denied"), ADMIN, false },
	{ "604", CODE_RETRY, false, true, STATUS_FAILED, N_("Marketo took too long"), LATER, false },
	{ "605", CODE_ABORT, false, false, STATUS_FAILED, N_("the HTTP method is not supported"), N_("check the account's endpoint (Admin > Web Services)"), false },
	{ "606", CODE_WAIT_RATE, true, false, STATUS_FAILED, N_("too many calls in 20 seconds"), N_("other integrations use this instance too: lower the account's calls per 20 s"), false },
	{ "607", CODE_WAIT_QUOTA, true, false, STATUS_STOPPED, N_("the daily quota of calls is used up"),
		N_("it is renewed at midnight US Central: run again then, or ask for a larger quota"), false },
	{ "608", CODE_RETRY, false, false, STATUS_FAILED, N_("the API is temporarily unavailable"), LATER, false },
	{ "609", CODE_ABORT, true, false, STATUS_FAILED, N_("Marketo cannot read the JSON of the request"), REPORT, false },
	{ "610", CODE_ABORT, true, false, STATUS_FAILED, N_("the requested resource is not found"), N_("check the account's endpoint (Admin > Web Services)"), false },
	{ "611", CODE_RETRY_LIMITED, false, false, STATUS_FAILED, N_("system error in Marketo"), LATER, true },
	{ "612", CODE_ABORT, true, false, STATUS_FAILED, N_("Marketo does not take this content type"), REPORT, false },
	{ "613", CODE_ABORT, true, false, STATUS_FAILED, N_("Marketo cannot read the multipart content"), REPORT, false },
	{ "614", CODE_RETRY_LIMITED, true, false, STATUS_FAILED, N_("the subscription is not found or cannot be reached"),
		N_("usually this passes: run again later; if not, check the Munchkin ID"), false },
	{ "615", CODE_WAIT_RATE, true, false, STATUS_FAILED, N_("too many calls at once"), N_("other integrations use this instance too: lower the account's calls at once"), false },
	{ "616", CODE_ABORT, true, false, STATUS_REFUSED, N_("this kind of subscription does not include the call"), N_("ask Marketo's support what the subscription includes"), false },
	{ "701", CODE_ABORT, true, false, STATUS_FAILED, N_("a required value is missing"), REPORT, false },
	{ "702", CODE_ABORT, true, false, STATUS_FAILED, N_("nothing was found"), NULL, false },
	{ "703", CODE_ABORT, true, false, STATUS_REFUSED, N_("the feature is not enabled for this subscription"), N_("ask Marketo's support to enable it"), false },
	{ "704", CODE_ABORT, true, false, STATUS_FAILED, N_("a date has the wrong format"), REPORT, false },
	{ "709", CODE_EXISTING, true, false, STATUS_FAILED, N_("a rule of Marketo forbids it; the name may be taken"), N_("use the existing one or choose another name"), false },
	{ "710", CODE_ABORT, true, false, STATUS_USAGE, N_("the parent folder is not found"), N_("choose another folder (penstock folders)"), false },
	{ "711", CODE_ABORT, true, false, STATUS_USAGE, N_("this kind of folder cannot hold it"), N_("choose another folder (penstock folders)"), false },
	{ "713", CODE_RETRY, true, false, STATUS_FAILED, N_("a passing error in Marketo"), LATER, false },
	{ "719", CODE_RETRY, true, false, STATUS_FAILED, N_("Marketo waited too long for a lock"), LATER, false },
	{ "1001", CODE_ABORT, true, false, STATUS_FAILED, N_("a value has the wrong type"), NULL, false },
	{ "1002", CODE_ABORT, true, false, STATUS_FAILED, N_("a required value is missing"), NULL, false },
	{ "1003", CODE_SPLIT, true, false, STATUS_FAILED, N_("invalid data, or more than 1,000 people match"), NULL, false },
	{ "1006", CODE_ABORT, true, false, STATUS_USAGE, N_("the field is not found"), N_("fetch the fields again (penstock fields --refresh) and correct the mapping"), false },
	{ "1008", CODE_ABORT, true, false, STATUS_REFUSED, N_("no access to the partition"), N_("give the API-only user's role access to the partition's workspace"), false },
	{ "1009", CODE_ABORT, true, false, STATUS_USAGE, N_("a partition has to be named"), N_("choose the destination's partition (penstock partitions)"), false },
	{ "1010", CODE_ABORT, true, false, STATUS_FAILED, N_("the partition cannot be changed"), NULL, false },
	{ "1011", CODE_ABORT, true, false, STATUS_USAGE, N_("the field cannot be looked up"), N_("choose a searchable field as dedupe field (penstock fields)"), false },
	{ "1013", CODE_ABORT, true, false, STATUS_USAGE, N_("the object is not found"), N_("check that the list still exists (penstock lists)"), false },
	{ "1016", CODE_RETRY, true, false, STATUS_FAILED, N_("too many imports are queued (10)"), LATER, false },
	{ "1019", CODE_RETRY, true, false, STATUS_FAILED, N_("an import to this list is already running"), LATER, false },
	{ "1021", CODE_ABORT, true, false, STATUS_FAILED, N_("the company cannot be updated through people"), N_("take the company fields out of the mapping"), true },
	{ "1029", CODE_RETRY_LIMITED, true, false, STATUS_FAILED, N_("a queue or a daily amount of Marketo is full"), LATER, false },
	{ "1035", CODE_ABORT, true, false, STATUS_FAILED, N_("the filter type is not supported"), NULL, false },
	{ "1077", CODE_ABORT, true, false, STATUS_FAILED, N_("a value is longer than its field"), NULL, true },
};

/* Codes of a family that has no row: 7xx and 10xx say that this request is wrong as it stands; of anything else nobody knows, so it is tried again a few times. */
static const struct code_row family = { "", CODE_ABORT, true, false, STATUS_FAILED, N_("Marketo refused the request"), NULL, true };
static const struct code_row unknown = { "", CODE_RETRY_LIMITED, true, false, STATUS_FAILED, N_("Marketo gave an error that is not documented"),
	N_("run again later; if it stays, ask Marketo's support with the request id"), false };

/* One record refused, inside `result`. */
static const struct code_row records[] = {
	{ "1001", CODE_RECORD, true, false, STATUS_PARTIAL, N_("a value has the wrong type"), N_("correct the value or the mapping"), false },
	{ "1002", CODE_RECORD, true, false, STATUS_PARTIAL, N_("a required value is missing"), N_("add the value"), false },
	{ "1003", CODE_RECORD, true, false, STATUS_PARTIAL, N_("a value is invalid"), N_("correct the value or the mapping"), false },
	{ "1004", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the person is not found"), N_("the person was deleted or merged in Marketo"), false },
	{ "1005", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the person already exists"), NULL, false },
	{ "1006", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the field is not found"), N_("fetch the fields again (penstock fields --refresh) and correct the mapping"), false },
	{ "1007", CODE_RECORD, true, false, STATUS_PARTIAL, N_("several people match"), N_("merge the duplicates in Marketo"), false },
	{ "1008", CODE_RECORD, true, false, STATUS_PARTIAL, N_("no access to the person's partition"), N_("give the API-only user's role access to the partition's workspace"), false },
	{ "1009", CODE_RECORD, true, false, STATUS_PARTIAL, N_("a partition has to be named"), N_("choose the destination's partition (penstock partitions)"), false },
	{ "1010", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the person lives in another partition"), N_("move the person in Marketo or use that partition"), false },
	{ "1011", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the field cannot be looked up"), N_("choose a searchable field as dedupe field (penstock fields)"), false },
	{ "1013", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the object is not found"), NULL, false },
	{ "1014", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the person could not be created"), N_("try again later"), false },
	{ "1015", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the person is not in the list"), NULL, false },
	{ "1017", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the object already exists"), NULL, false },
	{ "1018", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the connected CRM owns the record"), N_("change it in the CRM"), false },
	{ "1021", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the company cannot be updated through people"), N_("take the company fields out of the mapping"), false },
	{ "1022", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the object is in use"), NULL, false },
	{ "1036", CODE_RECORD, true, false, STATUS_PARTIAL, N_("the same person stands twice in one request"), N_("try again; if it stays, report it"), false },
	{ "1077", CODE_RECORD, true, false, STATUS_PARTIAL, N_("a value is longer than its field"), N_("shorten the value"), false },
};
static const struct code_row unknown_record = { "", CODE_RECORD, true, false, STATUS_PARTIAL, N_("Marketo refused the record"), NULL, false };

/* Errors that come without a code, told by their text. */
static const struct {
	const char *text, *code;
} texts[] = {
	{ "imports currently being processed", "1016" },
	{ "Empty file", "1002" },
};

static const struct code_row *find_in(const struct code_row *rows, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].code, code) == 0)
			return &rows[i];
	return NULL;
}

static bool all_digits(const char *code)
{
	const char *at = code;

	while (isdigit((unsigned char)*at))
		at++;
	return at > code && !*at;
}

static bool is_family(const char *code)
{
	size_t length = strlen(code);

	return all_digits(code) && ((length == 3 && code[0] == '7') || (length == 4 && strncmp(code, "10", 2) == 0));
}

const struct code_row *code_find(const char *code, bool record)
{
	const struct code_row *row;

	code = code ? code : "";
	if (record) {
		row = find_in(records, sizeof records / sizeof *records, code);
		return row ? row : &unknown_record;
	}
	row = find_in(responses, sizeof responses / sizeof *responses, code);
	if (row)
		return row;
	return is_family(code) ? &family : &unknown;
}

const char *code_of_text(const char *message)
{
	for (size_t i = 0; message && i < sizeof texts / sizeof *texts; i++)
		if (strstr(message, texts[i].text))
			return texts[i].code;
	return "";
}
