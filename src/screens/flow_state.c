#include "screens/flow_state.h"

#include "base/i18n.h"

static void look_of(enum run_state state, enum glyph *sign, enum role *role)
{
	if (run_state_is_going(state)) {
		*sign = GLYPH_BUSY;
		*role = ROLE_BUSY;
	} else if (state == RUN_SUCCESS) {
		*sign = GLYPH_GOOD;
		*role = ROLE_GOOD;
	} else if (state == RUN_FAILED) {
		*sign = GLYPH_BAD;
		*role = ROLE_BAD;
	} else {
		*sign = GLYPH_WARNING;
		*role = ROLE_WARNING;
	}
}

const char *flow_state(const struct overview *overview, size_t place, enum glyph *sign, enum role *role)
{
	const struct dataflow *dataflow = &overview->dataflows.at[place];
	const struct run *last = &overview->last.at[place];

	*sign = GLYPH_WAITING;
	*role = ROLE_DIM;
	if (dataflow->version == 1)
		return dataflow->enabled ? _("V1, enabled") : _("V1, disabled");
	if (!dataflow->enabled && !run_state_is_going(last->state))
		return _("disabled");
	if (!last->id)
		return _("never ran");
	if (overview_is_interrupted(overview, last->id)) {
		*sign = GLYPH_WARNING;
		*role = ROLE_WARNING;
		return _("interrupted");
	}
	look_of(last->state, sign, role);
	return run_state_text(last->state);
}
