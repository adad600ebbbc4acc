# Makes the report, an HTML page, of the counts of all hours.
BEGIN {
	FS = "\t"
	while ((getline line < names) > 0) {
		split(line, part, "\t")
		name[part[1]] = part[2]
	}
}

{
	hour[$1] += $3
	requests[$2] += $3
	errors[$2] += $4
	bytes[$2] += $5
	millis[$2] += $6
	total += $3
	failed += $4
	if (hour[$1] > most) most = hour[$1]
}

END {
	print "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
	print "<title>Requests of " day "</title>"
	print "<style>"
	print ":root { color-scheme: light dark } body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }"
	print "table { border-collapse: collapse; width: 100% } th, td { padding: .3rem .6rem; text-align: right } th:first-child, td:first-child { text-align: left }"
	print "tr:nth-child(even) { background: #8882 } svg { width: 100%; height: auto } rect { fill: #3b82f6 } text { font-size: 10px; fill: currentColor }"
	print "</style>"
	printf "<h1>Requests of %s</h1>\n<p>%d requests, %d of them failed (%.1f %%).</p>\n", day, total, failed, 100 * failed / (total ? total : 1)
	print "<svg viewBox=\"0 0 480 160\" role=\"img\" aria-label=\"requests by hour\">"
	for (h = 0; h < 24; h++) {
		n = hour[sprintf("%02d", h)]
		height = most ? 130 * n / most : 0
		printf "<rect x=\"%d\" y=\"%.1f\" width=\"16\" height=\"%.1f\"><title>%02d:00 %d requests</title></rect>", h * 20 + 2, 140 - height, height, h, n
		if (h % 3 == 0) printf "<text x=\"%d\" y=\"154\">%02d</text>", h * 20 + 4, h
		print ""
	}
	print "</svg>\n<table><tr><th>Page</th><th>Requests</th><th>Errors</th><th>MB</th><th>Mean ms</th></tr>"
	# A simple sort by requests: there are few pages.
	for (page in requests) pages[++count] = page
	for (i = 1; i <= count; i++)
		for (j = i + 1; j <= count; j++)
			if (requests[pages[j]] > requests[pages[i]]) { swap = pages[i]; pages[i] = pages[j]; pages[j] = swap }
	for (i = 1; i <= count; i++) {
		page = pages[i]
		printf "<tr><td>%s</td><td>%d</td><td>%d</td><td>%.1f</td><td>%.0f</td></tr>\n",
			(page in name) ? name[page] : page, requests[page], errors[page], bytes[page] / 1e6, millis[page] / requests[page]
	}
	print "</table></html>"
}
