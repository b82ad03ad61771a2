/* The catalogue: describe.json and describe2.json speak of these rows and nothing else. */
#include "sandbox/fields.h"

#include "base/mem.h"
#include "sandbox/box.h"

#include <string.h>

static const struct field table[] = {
	{ "company", "Company Name", 4, 255, TYPE_STRING, COMPANY },
	{ "site", "Site", 5, 255, TYPE_STRING, COMPANY },
	{ "billingStreet", "Billing Address", 6, 0, TYPE_TEXT, COMPANY },
	{ "billingCity", "Billing City", 7, 255, TYPE_STRING, COMPANY },
	{ "billingState", "Billing State", 8, 255, TYPE_STRING, COMPANY },
	{ "billingCountry", "Billing Country", 9, 255, TYPE_STRING, COMPANY },
	{ "billingPostalCode", "Billing Postal Code", 10, 255, TYPE_STRING, COMPANY },
	{ "website", "Website", 11, 255, TYPE_URL, COMPANY },
	{ "mainPhone", "Main Phone", 12, 255, TYPE_STRING, COMPANY },
	{ "annualRevenue", "Annual Revenue", 15, 0, TYPE_CURRENCY, COMPANY },
	{ "numberOfEmployees", "Num Employees", 16, 0, TYPE_INTEGER, COMPANY },
	{ "industry", "Industry", 17, 255, TYPE_STRING, COMPANY },
	{ "sicCode", "SIC Code", 18, 40, TYPE_STRING, COMPANY },
	{ "mktoCompanyNotes", "Company Notes", 20, 0, TYPE_TEXT, COMPANY },
	{ "externalCompanyId", "External Company Id", 41, 50, TYPE_STRING, COMPANY },
	{ "id", "Id", 44, 0, TYPE_INTEGER, SEARCH },
	{ "mktoName", "Full Name", 45, 255, TYPE_STRING, READ_ONLY },
	{ "personType", "Person Type", 46, 50, TYPE_STRING, 0 },
	{ "mktoIsPartner", "Is Partner", 48, 0, TYPE_BOOLEAN, 0 },
	{ "isLead", "Is Lead", 49, 0, TYPE_BOOLEAN, 0 },
	{ "mktoIsCustomer", "Is Customer", 50, 0, TYPE_BOOLEAN, 0 },
	{ "isAnonymous", "Is Anonymous", 51, 0, TYPE_BOOLEAN, 0 },
	{ "salutation", "Salutation", 52, 255, TYPE_STRING, 0 },
	{ "firstName", "First Name", 53, 255, TYPE_STRING, 0 },
	{ "middleName", "Middle Name", 54, 255, TYPE_STRING, 0 },
	{ "lastName", "Last Name", 55, 255, TYPE_STRING, 0 },
	{ "email", "Email Address", 56, 255, TYPE_EMAIL, SEARCH },
	{ "phone", "Phone Number", 57, 255, TYPE_PHONE, 0 },
	{ "mobilePhone", "Mobile Phone Number", 58, 255, TYPE_PHONE, 0 },
	{ "fax", "Fax Number", 59, 255, TYPE_PHONE, 0 },
	{ "title", "Job Title", 60, 255, TYPE_STRING, 0 },
	{ "contactCompany", "Contact Company", 61, 0, TYPE_REFERENCE, READ_ONLY },
	{ "dateOfBirth", "Date of Birth", 62, 0, TYPE_DATE, 0 },
	{ "address", "Address", 63, 0, TYPE_TEXT, 0 },
	{ "city", "City", 64, 255, TYPE_STRING, 0 },
	{ "state", "State", 65, 255, TYPE_STRING, 0 },
	{ "country", "Country", 66, 255, TYPE_STRING, 0 },
	{ "postalCode", "Postal Code", 67, 255, TYPE_STRING, 0 },
	{ "personTimeZone", "Person Time Zone", 68, 255, TYPE_STRING, READ_ONLY },
	{ "originalSourceType", "Original Source Type", 70, 255, TYPE_STRING, READ_ONLY },
	{ "originalSourceInfo", "Original Source Info", 71, 2000, TYPE_STRING, READ_ONLY },
	{ "registrationSourceType", "Registration Source Type", 72, 255, TYPE_STRING, 0 },
	{ "registrationSourceInfo", "Registration Source Info", 73, 2000, TYPE_STRING, 0 },
	{ "originalSearchEngine", "Original Search Engine", 74, 255, TYPE_STRING, READ_ONLY },
	{ "originalSearchPhrase", "Original Search Phrase", 75, 255, TYPE_STRING, READ_ONLY },
	{ "originalReferrer", "Original Referrer", 76, 255, TYPE_URL, READ_ONLY },
	{ "emailInvalid", "Email Invalid", 77, 0, TYPE_BOOLEAN, 0 },
	{ "emailInvalidCause", "Email Invalid Cause", 78, 255, TYPE_STRING, 0 },
	{ "unsubscribed", "Unsubscribed", 79, 0, TYPE_BOOLEAN, 0 },
	{ "unsubscribedReason", "Unsubscribed Reason", 81, 2000, TYPE_STRING, 0 },
	{ "doNotCall", "Do Not Call", 82, 0, TYPE_BOOLEAN, 0 },
	{ "doNotCallReason", "Do Not Call Reason", 84, 2000, TYPE_STRING, 0 },
	{ "marketingSuspended", "Marketing Suspended", 85, 0, TYPE_BOOLEAN, 0 },
	{ "marketingSuspendedCause", "Marketing Suspended Cause", 86, 255, TYPE_STRING, 0 },
	{ "blackListed", "Black Listed", 87, 0, TYPE_BOOLEAN, 0 },
	{ "blackListedCause", "Black Listed Cause", 88, 255, TYPE_STRING, 0 },
	{ "mktoPersonNotes", "Person Notes", 89, 0, TYPE_TEXT, 0 },
	{ "anonymousIP", "Anonymous IP", 103, 255, TYPE_STRING, 0 },
	{ "inferredCompany", "Inferred Company", 104, 255, TYPE_STRING, READ_ONLY },
	{ "inferredCountry", "Inferred Country", 105, 255, TYPE_STRING, READ_ONLY },
	{ "inferredCity", "Inferred City", 106, 255, TYPE_STRING, READ_ONLY },
	{ "inferredStateRegion", "Inferred State Region", 107, 255, TYPE_STRING, READ_ONLY },
	{ "inferredPostalCode", "Inferred Postal Code", 108, 255, TYPE_STRING, READ_ONLY },
	{ "emailSuspended", "Email Suspended", 123, 0, TYPE_BOOLEAN, 0 },
	{ "emailSuspendedCause", "Email Suspended Cause", 124, 255, TYPE_STRING, 0 },
	{ "emailSuspendedAt", "Email Suspended At", 125, 0, TYPE_DATETIME, 0 },
	{ "department", "Department", 126, 255, TYPE_STRING, 0 },
	{ "createdAt", "Created At", 130, 0, TYPE_DATETIME, READ_ONLY },
	{ "updatedAt", "Updated At", 131, 0, TYPE_DATETIME, READ_ONLY },
	{ "cookies", "Cookies", 136, 255, TYPE_STRING, SEARCH },
	{ "externalSalesPersonId", "External Sales Person Id", 137, 50, TYPE_STRING, SEARCH },
	{ "leadPerson", "Lead Person", 141, 0, TYPE_REFERENCE, READ_ONLY },
	{ "leadRole", "Role", 143, 50, TYPE_STRING, 0 },
	{ "leadSource", "Lead Source", 144, 255, TYPE_STRING, 0 },
	{ "leadStatus", "Lead Status", 145, 255, TYPE_STRING, 0 },
	{ "leadScore", "Lead Score", 146, 0, TYPE_SCORE, 0 },
	{ "rating", "Lead Rating", 160, 255, TYPE_STRING, 0 },
	{ "leadPartitionId", "Lead Partition Id", 479, 0, TYPE_REFERENCE, 0 },
	{ "acquisitionProgramId", "Acquisition Program", 625, 0, TYPE_REFERENCE, 0 },
	{ "mktoAcquisitionDate", "Acquisition Date", 627, 0, TYPE_DATETIME, 0 },
	{ "ecids", "ECIDs", 830, 255, TYPE_STRING, READ_ONLY },
	/* of this instance */
	{ "loyaltyTier", "Loyalty Tier", 901, 50, TYPE_STRING, 0 },
	{ "loyaltyPoints", "Loyalty Points", 902, 0, TYPE_INTEGER, 0 },
	{ "lastPurchaseDate", "Last Purchase Date", 903, 0, TYPE_DATE, 0 },
	{ "lastVisitAt", "Last Visit At", 904, 0, TYPE_DATETIME, 0 },
	{ "lifetimeValue", "Lifetime Value", 905, 0, TYPE_CURRENCY, 0 },
	{ "customerNumber", "Customer Number", FIELD_CUSTOMER, 50, TYPE_STRING, SEARCH },
	{ "ecidCustom", "ECID (own field)", FIELD_ECID, 255, TYPE_STRING, SEARCH },
	{ "churnProbability", "Churn Probability", 908, 0, TYPE_FLOAT, 0 },
	{ "discountRate", "Discount Rate", 909, 0, TYPE_PERCENT, 0 },
	{ "vipMember", "VIP Member", 910, 0, TYPE_BOOLEAN, 0 },
	{ "profileUrl", "Profile URL", 911, 255, TYPE_URL, 0 },
	{ "secondaryEmail", "Secondary Email", 912, 255, TYPE_EMAIL, SEARCH },
	{ "membershipNumber", "Membership Number", 913, 0, TYPE_INTEGER, SEARCH },
	{ "interests", "Interests", 914, 0, TYPE_TEXT, 0 },
	{ "engagementScore", "Engagement Score", 915, 0, TYPE_SCORE, 0 },
	{ "workPhone", "Work Phone", 916, 255, TYPE_PHONE, 0 },
	{ "preferredLanguage", "Preferred Language", 917, 20, TYPE_STRING, 0 },
	{ "ageGroup", "Age Group", 918, 255, TYPE_FORMULA, READ_ONLY },
	{ "crmAccountId", "CRM Account Id", 919, 18, TYPE_STRING, READ_ONLY | CRM },
	{ NULL, "Legacy Segment Code", 920, 255, TYPE_STRING, NO_REST },
	{ NULL, "Internal Routing Key", 921, 0, TYPE_INTEGER, NO_REST },
};

static const char *const type_names[] = {
	[TYPE_STRING] = "string", [TYPE_TEXT] = "text", [TYPE_EMAIL] = "email", [TYPE_PHONE] = "phone", [TYPE_URL] = "url",
	[TYPE_DATE] = "date", [TYPE_DATETIME] = "datetime", [TYPE_INTEGER] = "integer", [TYPE_SCORE] = "score", [TYPE_PERCENT] = "percent",
	[TYPE_FLOAT] = "float", [TYPE_CURRENCY] = "currency", [TYPE_BOOLEAN] = "boolean", [TYPE_REFERENCE] = "reference", [TYPE_FORMULA] = "formula",
};

enum { FIELDS = sizeof table / sizeof *table, ADDED_MAX = 6000, ADDED_ID = 10000, ADDED_LENGTH = 255 };

static struct field added[ADDED_MAX];
static size_t added_count;

static const struct field *field_at(size_t i)
{
	return i < FIELDS ? &table[i] : &added[i - FIELDS];
}

const struct field *fields_all(size_t *count)
{
	*count = FIELDS;
	return table;
}

const struct field *field_find(const char *name)
{
	for (size_t i = 0; i < FIELDS + added_count; i++) {
		if (field_at(i)->name && strcmp(field_at(i)->name, name) == 0)
			return field_at(i);
	}
	return NULL;
}

bool field_add(const char *name, const char *label, const char *type)
{
	size_t known = 0;

	while (known < sizeof type_names / sizeof *type_names && strcmp(type_names[known], type) != 0)
		known++;
	if (field_find(name) || added_count == ADDED_MAX || known == sizeof type_names / sizeof *type_names)
		return false;
	added[added_count] = (struct field){ mem_strdup(name), mem_strdup(label), ADDED_ID + (int)added_count, type_names[known] == type_names[TYPE_STRING] ? ADDED_LENGTH : 0,
		(enum field_type)known, 0 };
	added_count++;
	return true;
}

void fields_forget(void)
{
	for (size_t i = 0; i < added_count; i++) {
		mem_free((void *)added[i].name);
		mem_free((void *)added[i].label);
	}
	added_count = 0;
}

const char *type_name(enum field_type type)
{
	return type_names[type];
}

static void put_type(struct json_out *w, const struct field *field)
{
	json_pair_string(w, "displayName", field->label);
	json_pair_string(w, "dataType", type_names[field->type]);
	if (field->length)
		json_pair_i64(w, "length", field->length);
}

static void put_map(struct json_out *w, const char *name, const char *value, bool read_only)
{
	json_name(w, name);
	json_object(w);
	json_pair_string(w, "name", value);
	json_pair_bool(w, "readOnly", read_only);
	json_object_end(w);
}

void answer_describe(struct call *call)
{
	struct json_out w;

	json_out_init(&w, &call->result);
	json_array(&w);
	for (size_t i = 0; i < FIELDS + added_count; i++) {
		json_object(&w);
		json_pair_i64(&w, "id", field_at(i)->id);
		put_type(&w, field_at(i));
		if (field_at(i)->name)
			put_map(&w, "rest", field_at(i)->name, field_at(i)->flags & READ_ONLY);
		/* The SOAP side says less than the REST side, as in replies seen: some fields have none. */
		if (!field_at(i)->name || !(field_at(i)->flags & READ_ONLY))
			put_map(&w, "soap", field_at(i)->label, false);
		json_object_end(&w);
	}
	json_array_end(&w);
}

void answer_describe2(struct call *call)
{
	struct json_out w;

	json_out_init(&w, &call->result);
	json_array(&w);
	json_object(&w);
	json_pair_string(&w, "name", "API Lead");
	json_name(&w, "searchableFields");
	json_array(&w);
	for (size_t i = 0; i < FIELDS + added_count; i++) {
		if (!(field_at(i)->flags & SEARCH))
			continue;
		json_array(&w);
		json_put_string(&w, field_at(i)->name);
		json_array_end(&w);
	}
	json_array_end(&w);
	json_name(&w, "fields");
	json_array(&w);
	for (size_t i = 0; i < FIELDS + added_count; i++) {
		if (!field_at(i)->name)
			continue;
		json_object(&w);
		json_pair_string(&w, "name", field_at(i)->name);
		put_type(&w, field_at(i));
		json_pair_bool(&w, "updateable", !(field_at(i)->flags & READ_ONLY) && field_at(i)->id != FIELD_ID);
		json_pair_bool(&w, "crmManaged", field_at(i)->flags & CRM);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	json_array_end(&w);
}
