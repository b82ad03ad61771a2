#!/bin/sh
# The screens that README shows (tools/update-readme puts them there), taken on the demonstration as a new operator would see them.
. "$top_srcdir/tests/screen/lib.sh"
picture() {
	name=$1
	shift
	golden "$name" 's/HH:MM:SS/14:02:11/g' 's/YYYY-MM-DD/2026-11-24/g' "$@"
}
unset PENSTOCK_DB
console 24 80 demo
see 'Ready:'
press Down r
see 'Run demo now?'
press Tab Enter
see 'The run has ended'
# How fast it went is another matter each time, and so is whether an addition leaves before its call is full.
picture readme_monitor 's/ 8[0-9] calls / 82 calls /' 's/^(│  Records\/s   ).{64}/\1▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▂▆█▇▇▆▃  7,309 on average      /' \
	's/^(│  Latency     ).{64}/\1▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▃█▅  p50 12 ms  p95 31 ms           /' \
	's/^(│  Last 20 s   ).{64}/\1[████████████████▍ ]  82 of 90 calls, 0 of 8 under way          /' \
	's/^(│  Quota       ).{64}/\1[                  ]  82 of 50,000 today, ours 82; new at 06:00Z/'
press q
press Home Enter
see '1 of 6'
press Ctrl-N
see '2 of 6'
typed spring
press Ctrl-N
see '3 of 6'
press Ctrl-N
see '11,400 profiles, 3 audiences'
press Down Down Down Down Down
press Space
see '1 chosen'
press ]
see 'a: take'
press A
see 'mapped: 10'
see '188 fail'
picture readme_mapping
press q
see 'The draft is saved'
picture readme_home
press q
ended 0
