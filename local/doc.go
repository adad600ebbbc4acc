// Package local runs a workflow of a folder on this machine, as `heitan run` does.
//
// It chooses the session, finds out what earlier runs of that session have
// finished, and lets the coordinator drive an attempt that does the rest: the
// same attempt if an earlier run was killed, a new one otherwise.
package local
