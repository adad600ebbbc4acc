package heitan

import "time"

// Usage is what a command and its children used. Zero means not measured.
type Usage struct {
	CPUTime    time.Duration // user and system
	PeakMemory int64         // bytes
}

// Add is the usage of both: the sum of the times, the larger of the peaks.
func (u Usage) Add(other Usage) Usage {
	return Usage{CPUTime: u.CPUTime + other.CPUTime, PeakMemory: max(u.PeakMemory, other.PeakMemory)}
}
