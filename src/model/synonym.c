#include "model/synonym.h"

#include "base/str.h"

#include <string.h>

/* Folded words, each with a space after it. */
static const struct {
	const char *field, *words;
} synonyms[] = {
	{ "address", "street streetaddress addressline1 rue adresse straße strasse " },
	{ "city", "town ville stadt ort wohnort " },
	{ "company", "companyname employer organisation organization société societe entreprise firma " },
	{ "country", "countrycode pays land " },
	{ "dateOfBirth", "birthdate birthday dob datedenaissance naissance geburtsdatum geburtstag " },
	{ "email", "emailaddress mail mailaddress courriel adresseemail adressemail emailadresse " },
	{ "fax", "faxnumber télécopie telecopie " },
	{ "firstName", "givenname forename prénom prenom vorname " },
	{ "industry", "sector secteur branche " },
	{ "lastName", "surname familyname nom nomdefamille nachname familienname " },
	{ "middleName", "secondname deuxièmeprénom deuxiemeprenom " },
	{ "mobilePhone", "mobile cell cellphone mobilenumber mobilephonenumber téléphonemobile telephonemobile handy mobiltelefon " },
	{ "phone", "phonenumber telephone telephonenumber tel téléphone telefon telefonnummer " },
	{ "postalCode", "zip zipcode postcode codepostal plz postleitzahl " },
	{ "salutation", "courtesytitle civilité civilite anrede " },
	{ "state", "stateprovince province region région bundesland " },
	{ "title", "jobtitle position fonction poste beruf " },
	{ "website", "homepage websiteurl siteweb webseite " },
};

char *synonym_fold(const char *text)
{
	size_t length = strlen(text);
	struct str out = { 0 };

	if (length > 3 && strcmp(text + length - 3, "__c") == 0)
		length -= 3;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c >= 0x80)
			str_add_char(&out, (char)c);
		else if (c >= 'A' && c <= 'Z')
			str_add_char(&out, (char)(c - 'A' + 'a'));
	}
	return str_take(&out);
}

static bool has_word(const char *words, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = words; *at; at = strchr(at, ' ') + 1)
		if (strncmp(at, word, length) == 0 && at[length] == ' ')
			return true;
	return false;
}

bool synonym_fits(const char *folded, const char *field)
{
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (strcmp(synonyms[i].field, field) == 0)
			return has_word(synonyms[i].words, folded);
	return false;
}
