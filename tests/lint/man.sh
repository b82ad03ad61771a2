#!/bin/sh
# The manual page and the completion know every use case, and the units start the daemon as it can be started.
set -eu
names=$(sed -n 's|^	\[USE_[A-Z_]*\] = { "\([a-z -]*\)".*|\1|p' "$top_srcdir/src/app/use_cases.c" | grep -v -- --)
[ "$(printf '%s\n' "$names" | wc -l)" -ge 40 ] || {
	echo 'the table of use cases is not read any more'
	exit 1
}
printf '%s\n' "$names" | {
	wrong=0
	while read -r name; do
		grep -qxF ".SS penstock $(printf '%s' "$name" | sed 's/-/\\-/g')" "$top_builddir/data/penstock.1" || {
			echo "the manual page lacks: $name"
			wrong=1
		}
		grep -qF -- "*' $name '*)" "$top_builddir/data/penstock.bash" || {
			echo "the completion lacks: $name"
			wrong=1
		}
	done
	exit $wrong
}
bash -n "$top_builddir/data/penstock.bash"
# What bash offers.
offers() {
	bash -c '. "$1"; COMP_WORDS=($2 "$3"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _penstock; printf "%s\n" "${COMPREPLY[@]}"' - "$top_builddir/data/penstock.bash" "$1" "$2" |
		grep -qxF -- "$3" || {
		echo "after '$1' bash does not offer $3"
		exit 1
	}
}
offers penstock da daemon
offers penstock dat dataflow
offers 'penstock --json account' cr create
offers 'penstock dataflow update x' --ev --every
offers 'penstock dataflow show' --he --help
offers penstock --h --help
for unit in penstock penstock-user; do
	line=$(sed -n 's/^ExecStart=//p' "$top_builddir/data/$unit.service")
	case $line in
	/*/penstock\ *daemon*) ;;
	*)
		echo "$unit.service starts: $line"
		exit 1
		;;
	esac
	# Its options are the daemon's.
	for option in $(printf '%s\n' "$line" | tr ' ' '\n' | grep '^--'); do
		"$PENSTOCK" daemon --help | grep -q -- "^  $option " || {
			echo "$unit.service: the daemon has no $option"
			exit 1
		}
	done
done
