#include "engine/wait.h"

#include "base/clock.h"
#include "base/i18n.h"

enum { TURN_MS = 250 };

void wait_until(const struct engine_job *job, const bool *done)
{
	int64_t stopped_at = 0;

	while (!*done) {
		loop_turn(job->loop, TURN_MS);
		if (*done || !job->stop || !*job->stop)
			continue;
		if (!stopped_at) {
			stopped_at = clock_mono_ms();
			marketo_stop(job->marketo);
		} else if (clock_mono_ms() - stopped_at > WAIT_GRACE_MS) {
			marketo_cancel_all(job->marketo);
		}
	}
}

enum status wait_refusal(const struct marketo_answer *answer, struct error *err)
{
	if (answer->outcome == OUTCOME_CANCELLED)
		return error_set(err, STATUS_STOPPED, "stopped", _("stopped by the operator"));
	*err = answer->error;
	if (answer->outcome == OUTCOME_QUOTA)
		err->status = STATUS_STOPPED;
	if (err->status == STATUS_OK)
		err->status = STATUS_FAILED;
	return err->status;
}
