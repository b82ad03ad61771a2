# A tiny Marketo and a tiny penstock: random feeds from a seed, and what must come of them. Written from engine.md alone, it knows nothing of how penstock does it.
#
#	awk -v seed=N -v rounds=N -v creates=0|1 -v dir=DIRECTORY -f model.awk
#
# Writes DIR/people (addresses that Marketo knows beforehand), and for each round r: DIR/feed.r, DIR/members.r ("audience address" lines, sorted by the caller) and DIR/counts.r:
# "audience received" lines, and the people there are ("people N").
function pick(n) {
	return int(rand() * n)
}
function address(person, which) {
	return "p" person (which ? "." which : "") "@example.com"
}
# What becomes of one record, by the last word on its key.
function settle(key, round,    a, status) {
	for (a = 1; a <= audiences; a++) {
		status = word[key, a]
		if (status == "")
			continue
		received[a]++
		if (bad[key])
			continue
		if (status == "realized" || status == "existing") {
			if (!(key in there) && creates) {
				there[key] = 1
				people++
			}
			if (key in there)
				member[a, key] = 1
		} else if (status == "exited") {
			delete member[a, key]
		}
	}
}
function message(file, round,    person, ids, n, i, a, text, status, which, comma, key, count, named) {
	person = pick(persons) + 1
	ids = rand() < 0.2 ? 2 : 1
	which = rand() < 0.2 ? "alt" : ""
	text = "{\"person\":{\"name\":{\"firstName\":\"F" pick(3) "\"}},\"identityMap\":{\"Email\":["
	count = 0
	if (rand() < 0.08) {
		# Somebody without a usable address.
		named[++count] = rand() < 0.5 ? "broken " person : "p" person "@@example.com"
		bad[named[1]] = 1
	} else {
		named[++count] = address(person, which)
		if (ids == 2)
			named[++count] = address(person, "also")
	}
	comma = ""
	for (i = 1; i <= count; i++) {
		# Whatever the case of its letters.
		text = text comma "{\"id\":\"" (rand() < 0.2 ? toupper(named[i]) : named[i]) "\"}"
		comma = ","
	}
	text = text "]},\"segmentMembership\":{\"ups\":{"
	comma = ""
	for (a = 1; a <= audiences; a++) {
		if (rand() < 0.5)
			continue
		status = rand() < 0.6 ? "realized" : rand() < 0.85 ? "exited" : rand() < 0.5 ? "existing" : "lapsed"
		text = text comma "\"a" a "\":{\"status\":\"" status "\"}"
		comma = ","
		for (i = 1; i <= count; i++) {
			word[named[i], a] = status
			spoken[named[i]] = 1
		}
	}
	print text "}}}" > file
}
BEGIN {
	srand(seed)
	persons = 60
	audiences = 3
	for (person = 1; person <= persons; person++) {
		if (rand() < 0.5) {
			print address(person, "") > (dir "/people")
			there[address(person, "")] = 1
			people++
		}
	}
	for (round = 1; round <= rounds; round++) {
		split("", word)
		split("", spoken)
		split("", received)
		file = dir "/feed." round
		printf "" > file
		messages = 40 + pick(80)
		for (n = 0; n < messages; n++) {
			message(file, round)
			if (rand() < 0.05)
				print "{\"broken\":" > file
		}
		close(file)
		for (key in spoken)
			settle(key, round)
		for (spot in member) {
			split(spot, parts, SUBSEP)
			print "a" parts[1], parts[2] > (dir "/members." round)
		}
		printf "" > (dir "/members." round)
		for (a = 1; a <= audiences; a++)
			print "a" a, received[a] + 0 > (dir "/counts." round)
		print "people", people + 0 > (dir "/counts." round)
		close(dir "/members." round)
		close(dir "/counts." round)
	}
}
