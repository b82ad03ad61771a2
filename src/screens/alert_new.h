/* A new alert, question by question: of what, from when on, how and whom to tell, and its name. */
#ifndef SCREENS_ALERT_NEW_H
#define SCREENS_ALERT_NEW_H

#include "screens/console.h"

struct alert_new;
/* made: called when there is one more. Lives as long as the layer. */
struct alert_new *alert_new_make(struct layer *layer, void (*made)(struct layer *layer));
void alert_new_begin(struct alert_new *fresh);
void alert_new_free(struct alert_new *fresh);

#endif
