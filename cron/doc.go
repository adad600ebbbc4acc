// Package cron knows when workflows are due: cron patterns, the `schedule:`
// section of a workflow with its session and run times, and the deadline of its
// `sla:` section.
//
// It is pure: it reads no clock and no file; every time it needs is an argument.
// What was scheduled and what has run is the business of others.
//
// Patterns mean what they mean to cron4j 2.2.5, which Digdag uses, because a
// workflow must keep its session times when it moves here: all five fields have
// to match, and the rules for clock changes are those of Digdag's schedulers
// (digdag-standards, scheduler/CronScheduler.java) on Java's GregorianCalendar.
// Where those lose sessions or never end, this package differs, and says so at
// the place.
package cron
