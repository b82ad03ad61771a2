/* The catalogue: describe.json and describe2.json speak of these rows and nothing else. */
#include "sandbox/fields.h"

#include "sandbox/box.h"

#include <string.h>

static const struct field table[] = {
	{ 4, "company", "Company Name", TYPE_STRING, 255, COMPANY },
	{ 5, "site", "Site", TYPE_STRING, 255, COMPANY },
	{ 6, "billingStreet", "Billing Address", TYPE_TEXT, 0, COMPANY },
	{ 7, "billingCity", "Billing City", TYPE_STRING, 255, COMPANY },
	{ 8, "billingState", "Billing State", TYPE_STRING, 255, COMPANY },
	{ 9, "billingCountry", "Billing Country", TYPE_STRING, 255, COMPANY },
	{ 10, "billingPostalCode", "Billing Postal Code", TYPE_STRING, 255, COMPANY },
	{ 11, "website", "Website", TYPE_URL, 255, COMPANY },
	{ 12, "mainPhone", "Main Phone", TYPE_STRING, 255, COMPANY },
	{ 15, "annualRevenue", "Annual Revenue", TYPE_CURRENCY, 0, COMPANY },
	{ 16, "numberOfEmployees", "Num Employees", TYPE_INTEGER, 0, COMPANY },
	{ 17, "industry", "Industry", TYPE_STRING, 255, COMPANY },
	{ 18, "sicCode", "SIC Code", TYPE_STRING, 40, COMPANY },
	{ 20, "mktoCompanyNotes", "Company Notes", TYPE_TEXT, 0, COMPANY },
	{ 41, "externalCompanyId", "External Company Id", TYPE_STRING, 50, COMPANY },
	{ 44, "id", "Id", TYPE_INTEGER, 0, SEARCH },
	{ 45, "mktoName", "Full Name", TYPE_STRING, 255, READ_ONLY },
	{ 46, "personType", "Person Type", TYPE_STRING, 50, 0 },
	{ 48, "mktoIsPartner", "Is Partner", TYPE_BOOLEAN, 0, 0 },
	{ 49, "isLead", "Is Lead", TYPE_BOOLEAN, 0, 0 },
	{ 50, "mktoIsCustomer", "Is Customer", TYPE_BOOLEAN, 0, 0 },
	{ 51, "isAnonymous", "Is Anonymous", TYPE_BOOLEAN, 0, 0 },
	{ 52, "salutation", "Salutation", TYPE_STRING, 255, 0 },
	{ 53, "firstName", "First Name", TYPE_STRING, 255, 0 },
	{ 54, "middleName", "Middle Name", TYPE_STRING, 255, 0 },
	{ 55, "lastName", "Last Name", TYPE_STRING, 255, 0 },
	{ 56, "email", "Email Address", TYPE_EMAIL, 255, SEARCH },
	{ 57, "phone", "Phone Number", TYPE_PHONE, 255, 0 },
	{ 58, "mobilePhone", "Mobile Phone Number", TYPE_PHONE, 255, 0 },
	{ 59, "fax", "Fax Number", TYPE_PHONE, 255, 0 },
	{ 60, "title", "Job Title", TYPE_STRING, 255, 0 },
	{ 61, "contactCompany", "Contact Company", TYPE_REFERENCE, 0, READ_ONLY },
	{ 62, "dateOfBirth", "Date of Birth", TYPE_DATE, 0, 0 },
	{ 63, "address", "Address", TYPE_TEXT, 0, 0 },
	{ 64, "city", "City", TYPE_STRING, 255, 0 },
	{ 65, "state", "State", TYPE_STRING, 255, 0 },
	{ 66, "country", "Country", TYPE_STRING, 255, 0 },
	{ 67, "postalCode", "Postal Code", TYPE_STRING, 255, 0 },
	{ 68, "personTimeZone", "Person Time Zone", TYPE_STRING, 255, READ_ONLY },
	{ 70, "originalSourceType", "Original Source Type", TYPE_STRING, 255, READ_ONLY },
	{ 71, "originalSourceInfo", "Original Source Info", TYPE_STRING, 2000, READ_ONLY },
	{ 72, "registrationSourceType", "Registration Source Type", TYPE_STRING, 255, 0 },
	{ 73, "registrationSourceInfo", "Registration Source Info", TYPE_STRING, 2000, 0 },
	{ 74, "originalSearchEngine", "Original Search Engine", TYPE_STRING, 255, READ_ONLY },
	{ 75, "originalSearchPhrase", "Original Search Phrase", TYPE_STRING, 255, READ_ONLY },
	{ 76, "originalReferrer", "Original Referrer", TYPE_URL, 255, READ_ONLY },
	{ 77, "emailInvalid", "Email Invalid", TYPE_BOOLEAN, 0, 0 },
	{ 78, "emailInvalidCause", "Email Invalid Cause", TYPE_STRING, 255, 0 },
	{ 79, "unsubscribed", "Unsubscribed", TYPE_BOOLEAN, 0, 0 },
	{ 81, "unsubscribedReason", "Unsubscribed Reason", TYPE_STRING, 2000, 0 },
	{ 82, "doNotCall", "Do Not Call", TYPE_BOOLEAN, 0, 0 },
	{ 84, "doNotCallReason", "Do Not Call Reason", TYPE_STRING, 2000, 0 },
	{ 85, "marketingSuspended", "Marketing Suspended", TYPE_BOOLEAN, 0, 0 },
	{ 86, "marketingSuspendedCause", "Marketing Suspended Cause", TYPE_STRING, 255, 0 },
	{ 87, "blackListed", "Black Listed", TYPE_BOOLEAN, 0, 0 },
	{ 88, "blackListedCause", "Black Listed Cause", TYPE_STRING, 255, 0 },
	{ 89, "mktoPersonNotes", "Person Notes", TYPE_TEXT, 0, 0 },
	{ 103, "anonymousIP", "Anonymous IP", TYPE_STRING, 255, 0 },
	{ 104, "inferredCompany", "Inferred Company", TYPE_STRING, 255, READ_ONLY },
	{ 105, "inferredCountry", "Inferred Country", TYPE_STRING, 255, READ_ONLY },
	{ 106, "inferredCity", "Inferred City", TYPE_STRING, 255, READ_ONLY },
	{ 107, "inferredStateRegion", "Inferred State Region", TYPE_STRING, 255, READ_ONLY },
	{ 108, "inferredPostalCode", "Inferred Postal Code", TYPE_STRING, 255, READ_ONLY },
	{ 123, "emailSuspended", "Email Suspended", TYPE_BOOLEAN, 0, 0 },
	{ 124, "emailSuspendedCause", "Email Suspended Cause", TYPE_STRING, 255, 0 },
	{ 125, "emailSuspendedAt", "Email Suspended At", TYPE_DATETIME, 0, 0 },
	{ 126, "department", "Department", TYPE_STRING, 255, 0 },
	{ 130, "createdAt", "Created At", TYPE_DATETIME, 0, READ_ONLY },
	{ 131, "updatedAt", "Updated At", TYPE_DATETIME, 0, READ_ONLY },
	{ 136, "cookies", "Cookies", TYPE_STRING, 255, SEARCH },
	{ 137, "externalSalesPersonId", "External Sales Person Id", TYPE_STRING, 50, SEARCH },
	{ 141, "leadPerson", "Lead Person", TYPE_REFERENCE, 0, READ_ONLY },
	{ 143, "leadRole", "Role", TYPE_STRING, 50, 0 },
	{ 144, "leadSource", "Lead Source", TYPE_STRING, 255, 0 },
	{ 145, "leadStatus", "Lead Status", TYPE_STRING, 255, 0 },
	{ 146, "leadScore", "Lead Score", TYPE_SCORE, 0, 0 },
	{ 160, "rating", "Lead Rating", TYPE_STRING, 255, 0 },
	{ 479, "leadPartitionId", "Lead Partition Id", TYPE_REFERENCE, 0, 0 },
	{ 625, "acquisitionProgramId", "Acquisition Program", TYPE_REFERENCE, 0, 0 },
	{ 627, "mktoAcquisitionDate", "Acquisition Date", TYPE_DATETIME, 0, 0 },
	{ 830, "ecids", "ECIDs", TYPE_STRING, 255, READ_ONLY },
	/* of this instance */
	{ 901, "loyaltyTier", "Loyalty Tier", TYPE_STRING, 50, 0 },
	{ 902, "loyaltyPoints", "Loyalty Points", TYPE_INTEGER, 0, 0 },
	{ 903, "lastPurchaseDate", "Last Purchase Date", TYPE_DATE, 0, 0 },
	{ 904, "lastVisitAt", "Last Visit At", TYPE_DATETIME, 0, 0 },
	{ 905, "lifetimeValue", "Lifetime Value", TYPE_CURRENCY, 0, 0 },
	{ FIELD_CUSTOMER, "customerNumber", "Customer Number", TYPE_STRING, 50, SEARCH },
	{ FIELD_ECID, "ecidCustom", "ECID (own field)", TYPE_STRING, 255, SEARCH },
	{ 908, "churnProbability", "Churn Probability", TYPE_FLOAT, 0, 0 },
	{ 909, "discountRate", "Discount Rate", TYPE_PERCENT, 0, 0 },
	{ 910, "vipMember", "VIP Member", TYPE_BOOLEAN, 0, 0 },
	{ 911, "profileUrl", "Profile URL", TYPE_URL, 255, 0 },
	{ 912, "secondaryEmail", "Secondary Email", TYPE_EMAIL, 255, SEARCH },
	{ 913, "membershipNumber", "Membership Number", TYPE_INTEGER, 0, SEARCH },
	{ 914, "interests", "Interests", TYPE_TEXT, 0, 0 },
	{ 915, "engagementScore", "Engagement Score", TYPE_SCORE, 0, 0 },
	{ 916, "workPhone", "Work Phone", TYPE_PHONE, 255, 0 },
	{ 917, "preferredLanguage", "Preferred Language", TYPE_STRING, 20, 0 },
	{ 918, "ageGroup", "Age Group", TYPE_FORMULA, 255, READ_ONLY },
	{ 919, "crmAccountId", "CRM Account Id", TYPE_STRING, 18, READ_ONLY | CRM },
	{ 920, NULL, "Legacy Segment Code", TYPE_STRING, 255, NO_REST },
	{ 921, NULL, "Internal Routing Key", TYPE_INTEGER, 0, NO_REST },
};

static const char *const type_names[] = {
	[TYPE_STRING] = "string", [TYPE_TEXT] = "text", [TYPE_EMAIL] = "email", [TYPE_PHONE] = "phone", [TYPE_URL] = "url",
	[TYPE_DATE] = "date", [TYPE_DATETIME] = "datetime", [TYPE_INTEGER] = "integer", [TYPE_SCORE] = "score", [TYPE_PERCENT] = "percent",
	[TYPE_FLOAT] = "float", [TYPE_CURRENCY] = "currency", [TYPE_BOOLEAN] = "boolean", [TYPE_REFERENCE] = "reference", [TYPE_FORMULA] = "formula",
};

enum { FIELDS = sizeof table / sizeof *table };

const struct field *fields_all(size_t *count)
{
	*count = FIELDS;
	return table;
}

const struct field *field_find(const char *name)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (table[i].name && strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
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
	for (size_t i = 0; i < FIELDS; i++) {
		json_object(&w);
		json_pair_i64(&w, "id", table[i].id);
		put_type(&w, &table[i]);
		if (table[i].name)
			put_map(&w, "rest", table[i].name, table[i].flags & READ_ONLY);
		/* The SOAP side says less than the REST side, as in replies seen: some fields have none. */
		if (!table[i].name || !(table[i].flags & READ_ONLY))
			put_map(&w, "soap", table[i].label, false);
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
	for (size_t i = 0; i < FIELDS; i++) {
		if (!(table[i].flags & SEARCH))
			continue;
		json_array(&w);
		json_put_string(&w, table[i].name);
		json_array_end(&w);
	}
	json_array_end(&w);
	json_name(&w, "fields");
	json_array(&w);
	for (size_t i = 0; i < FIELDS; i++) {
		if (!table[i].name)
			continue;
		json_object(&w);
		json_pair_string(&w, "name", table[i].name);
		put_type(&w, &table[i]);
		json_pair_bool(&w, "updateable", !(table[i].flags & READ_ONLY) && table[i].id != FIELD_ID);
		json_pair_bool(&w, "crmManaged", table[i].flags & CRM);
		json_object_end(&w);
	}
	json_array_end(&w);
	json_object_end(&w);
	json_array_end(&w);
}
