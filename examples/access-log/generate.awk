# Makes an access log in Apache's combined format. The same seed gives the same
# log with every awk, because the random numbers are our own.
#
#   awk -v seed=42 -v lines=60000 -v day=1772323200 -f generate.awk

# random is a number from 0 to n - 1.
function random(n) {
	state = (state * 16807) % 2147483647
	return state % n
}

BEGIN {
	state = seed % 2147483646 + 1
	split("/ /products /products/42 /cart /checkout /search?q=logistics /api/orders /api/stock /login /static/app.js", path, " ")
	split("200 200 200 200 200 200 200 304 404 500", status, " ")
	split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", month, " ")
	split("Mozilla/5.0|curl/8.5|Googlebot/2.1|okhttp/4.12", agent, "|")
	date = civil(day)
	for (i = 0; i < lines; i++) {
		# Requests are dense at noon and sparse at midnight.
		part = (i + 0.5) / lines
		second = int(86400 * (part + 0.1 * sin(6.283185307 * part)))
		page = random(10) * random(10) / 10
		printf "10.%d.%d.%d - - [%s:%02d:%02d:%02d +0000] \"GET %s HTTP/1.1\" %s %d \"-\" \"%s\" %d\n",
			random(256), random(256), random(256), date, second / 3600, second % 3600 / 60, second % 60,
			path[int(page) + 1], status[random(10) + 1], 200 + random(50000), agent[random(4) + 1], 2 + random(30) * random(30)
	}
}

# civil is the date of a Unix time, as dd/Mon/yyyy.
function civil(unix, z, era, doe, yoe, doy, mp, d, m) {
	z = int(unix / 86400) + 719468
	era = int(z / 146097)
	doe = z - era * 146097
	yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
	doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
	mp = int((5 * doy + 2) / 153)
	d = doy - int((153 * mp + 2) / 5) + 1
	m = mp < 10 ? mp + 3 : mp - 9
	return sprintf("%02d/%s/%d", d, month[m], yoe + era * 400 + (m <= 2))
}
