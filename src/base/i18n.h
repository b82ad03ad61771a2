/* Marking of what an operator reads (GNU gettext). */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text /* in tables: marked here, translated where it is shown */

#endif
