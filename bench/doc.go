// Package bench measures heitan as its users meet it, mostly as a whole process,
// and reports ratios to floors measured in the same run: a shell loop, the rate
// of fork and exec. `make bench` runs it; docs/benchmarks.md explains the figures.
package bench
