package cli

import (
	"compress/gzip"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/heitan/heitan"
	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/store"
)

// maxLogName bounds the part of a log file's name that is the task's: file systems
// allow 255 bytes in all.
const maxLogName = 160

// taskFile is the compressed file of what one invocation of an operator writes, for
// --task-log. Its place and name are those of Digdag's local task logs.
type taskFile struct {
	mu   sync.Mutex
	file *os.File
	zip  *gzip.Writer
}

func createTaskFile(dir string, a store.Attempt, t engine.Task, now time.Time) (*taskFile, error) {
	path := filepath.Join(dir, attemptLogFolder(a), taskLogName(t, now))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, logFileError(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, logFileError(err)
	}
	return &taskFile{file: f, zip: gzip.NewWriter(f)}, nil
}

func logFileError(err error) error {
	return &heitan.Error{Kind: heitan.Invalid, Msg: "make the task's log file", Err: err, Hint: "choose another --task-log"}
}

// Write appends to the file. What was written can be read at once, also if heitan
// is killed, though the file then lacks its end.
func (f *taskFile) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.zip.Write(p)
	return n, errors.Join(err, f.zip.Flush())
}

// Close ends the file.
func (f *taskFile) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.zip.Close(), f.file.Close())
}

// attemptLogFolder is the folder of an attempt's logs. There is only one site, 0.
func attemptLogFolder(a store.Attempt) string {
	session := a.Session.Time.In(a.Zone()).Format("20060102T150405-0700")
	name := fmt.Sprintf("0.%d%s@%s", a.Project.ID, fileName(a.Session.Workflow), session)
	if retry := a.RetryName(); retry != "" {
		name += "_" + fileName(retry)
	}
	return filepath.Join(a.Created.UTC().Format(time.DateOnly), name)
}

func taskLogName(t engine.Task, now time.Time) string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	name := fileName(t.FullName)
	name = name[max(0, len(name)-maxLogName):]
	return fmt.Sprintf("%s@%08x%08x.%d@%s.log.gz", name, now.Unix(), now.Nanosecond(), os.Getpid(), host)
}

// fileName is a name that may have any characters as one of a file: "+a^sub" stays
// as it is, a slash does not.
func fileName(name string) string {
	kept := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case c == '/', c == '\\', c < ' ', c == '%', c == 0x7f:
			kept = append(kept, url.PathEscape(string(rune(c)))...)
		default:
			kept = append(kept, c)
		}
	}
	return string(kept)
}
