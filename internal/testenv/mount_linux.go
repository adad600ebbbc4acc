package testenv

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// Disk mounts a file system in memory on a folder until the test ends. options are
// those of tmpfs, such as "size=1m". A test whose user may not mount is skipped, or
// fails if that user is root and components are required.
func Disk(t testing.TB, dir string, flags uintptr, options string) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", flags, options); err != nil {
		if os.Getenv("HEITAN_TEST_REQUIRE") != "" {
			t.Fatalf("mount %s: %v", dir, err)
		}
		t.Skipf("needs the right to mount: %v", err)
	}
	// Detached, because a process that a test beside this one is starting still
	// has all open files.
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
}
