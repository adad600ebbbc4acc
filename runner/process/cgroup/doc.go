// Package cgroup puts processes into control groups of Linux (version 2), so that
// their CPU and memory are limited and measured and that they can be ended
// together. It speaks nothing but files, so it compiles everywhere and is tested
// on a folder that behaves like the kernel's.
//
// The kernel's rules it follows (Documentation/admin-guide/cgroup-v2.rst):
// a group whose children get controllers must hold no processes itself, so heitan
// moves itself into a group beside those of its tasks; and only a group that was
// delegated to heitan may be changed.
package cgroup
