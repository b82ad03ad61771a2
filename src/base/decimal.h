/* Numbers with a decimal point, whatever the operator's language has there. */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>

struct str;

/* Whole text to a finite number; false on anything else. */
bool decimal_read(const char *text, double *out);
/* Appends it with 15 digits at most. */
void decimal_write(double number, struct str *out);

#endif
