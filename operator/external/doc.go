// Package external makes operators of executables: heitan-operator-NAME, in the
// project's .heitan/operators or on PATH, is the operator NAME>.
//
// One invocation of the operator is one run of the executable: it reads a request
// as JSON from its standard input and writes a result as JSON to its standard
// output; what it writes to its standard error is the task's log. The documents
// are described in docs/reference/custom-operators.md.
package external
