/* How a dataflow is, in a word with its sign, wherever dataflows stand in rows. */
#ifndef SCREENS_FLOW_STATE_H
#define SCREENS_FLOW_STATE_H

#include "app/status.h"
#include "tui/paint.h"

#include <stddef.h>

/* place: of the dataflow in the overview. Translated; sign and role to show it with. */
const char *flow_state(const struct overview *overview, size_t place, enum glyph *sign, enum role *role);

#endif
