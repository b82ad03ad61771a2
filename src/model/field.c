#include "model/field.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum field_type type;
} types[] = {
	{ "string", FIELD_STRING },
	{ "text", FIELD_TEXT },
	{ "email", FIELD_EMAIL },
	{ "phone", FIELD_PHONE },
	{ "url", FIELD_URL },
	{ "date", FIELD_DATE },
	{ "datetime", FIELD_DATETIME },
	{ "integer", FIELD_INTEGER },
	{ "score", FIELD_SCORE },
	{ "percent", FIELD_PERCENT },
	{ "float", FIELD_FLOAT },
	{ "currency", FIELD_CURRENCY },
	{ "boolean", FIELD_BOOLEAN },
	{ "reference", FIELD_REFERENCE },
	{ "formula", FIELD_FORMULA },
};

/* Describe lists them with the lead's fields, but they live in the company record: an update with one of them is refused (1021).
 * companyName is what the first version of the destination called `company`. */
static const char *const company_fields[] = {
	"annualRevenue", "billingCity", "billingCountry", "billingPostalCode", "billingState", "billingStreet", "company", "companyName",
	"industry", "mainPhone", "mktoCompanyNotes", "numberOfEmployees", "sicCode", "site", "website",
};

void catalogue_init(struct catalogue *catalogue)
{
	*catalogue = (struct catalogue){ 0 };
}

void catalogue_done(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->fields.count; i++) {
		mem_free(catalogue->fields.at[i].name);
		mem_free(catalogue->fields.at[i].label);
		mem_free(catalogue->fields.at[i].type_name);
	}
	vec_done(&catalogue->fields);
	catalogue_init(catalogue);
}

void catalogue_add(struct catalogue *catalogue, struct field field)
{
	vec_push(&catalogue->fields, field);
}

static int compare_fields(const void *a, const void *b)
{
	return strcmp(((const struct field *)a)->name, ((const struct field *)b)->name);
}

void catalogue_sort(struct catalogue *catalogue)
{
	if (catalogue->fields.count > 1)
		qsort(catalogue->fields.at, catalogue->fields.count, sizeof *catalogue->fields.at, compare_fields);
}

static int compare_name(const void *name, const void *field)
{
	return strcmp(name, ((const struct field *)field)->name);
}

const struct field *catalogue_find(const struct catalogue *catalogue, const char *name)
{
	if (catalogue->fields.count == 0)
		return NULL;
	return bsearch(name, catalogue->fields.at, catalogue->fields.count, sizeof *catalogue->fields.at, compare_name);
}

/* Another spelling of a name or the label an operator sees in Marketo comes first, then what looks alike. */
const char *catalogue_nearest(const struct catalogue *catalogue, const char *name)
{
	size_t count = catalogue->fields.count;
	const char **names;
	const char *nearest;

	for (size_t i = 0; i < count; i++) {
		if (text_case_eq(catalogue->fields.at[i].name, name))
			return catalogue->fields.at[i].name;
	}
	for (size_t i = 0; i < count; i++) {
		if (catalogue->fields.at[i].label && text_case_eq(catalogue->fields.at[i].label, name))
			return catalogue->fields.at[i].name;
	}
	names = mem_array(count, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = catalogue->fields.at[i].name;
	nearest = text_nearest(name, names, count);
	mem_free(names);
	return nearest;
}

enum field_type field_type_of(const char *data_type)
{
	for (size_t i = 0; data_type && i < sizeof types / sizeof *types; i++) {
		if (text_case_eq(data_type, types[i].name))
			return types[i].type;
	}
	return FIELD_OTHER;
}

bool field_is_company(const char *name)
{
	for (size_t i = 0; i < sizeof company_fields / sizeof *company_fields; i++) {
		if (strcmp(company_fields[i], name) == 0)
			return true;
	}
	return false;
}
