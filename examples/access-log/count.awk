# Counts the requests of one hour's log: page, requests, errors, bytes, total time.
{
	page = $7
	sub(/\?.*/, "", page)
	requests[page]++
	errors[page] += $9 >= 500
	bytes[page] += $10
	millis[page] += $NF
}

END {
	for (page in requests)
		printf "%s\t%s\t%d\t%d\t%d\t%d\n", hour, page, requests[page], errors[page], bytes[page], millis[page]
}
