/* Other words for Marketo's standard fields, as columns of tables are called in English, French and German. Inside model/ only. */
#ifndef MODEL_SYNONYM_H
#define MODEL_SYNONYM_H

#include <stdbool.h>

/* Letters and digits in lower case; "jobTitle", "Job Title" and "job_title__c" are one. Free with mem_free. */
char *synonym_fold(const char *text);
/* Is the folded word another word for the field of this REST name? */
bool synonym_fits(const char *folded, const char *field);

#endif
