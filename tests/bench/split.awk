# Reads `perf script -F ip,sym,dso`: whose time it was. A sample belongs to the first frame that is neither the kernel nor the C library: who called them
# pays for them. Prints a line an owner, the largest first, as parts of all samples.
function close_sample() {
	if (frames) {
		count[owner == "" ? "other" : owner]++
		all++
	}
	frames = 0
	owner = ""
}
NF == 0 {
	close_sample()
	next
}
{
	frames++
	if (owner != "" || $NF == "(inlined)")
		next
	name = $NF
	gsub(/^\(|\)$/, "", name)
	sub(/.*\//, "", name)
	if (name !~ /^(libc\.so|libc-|\[kernel|\[vdso|\[unknown|ld-linux)/) {
		sub(/\.so.*/, "", name)
		owner = name
	}
}
END {
	close_sample()
	for (name in count)
		printf "%.4f %s\n", count[name] / all, name
}
