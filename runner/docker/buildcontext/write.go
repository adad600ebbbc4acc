// Package buildcontext makes the archive that an image is built from: a folder
// without what its .dockerignore leaves out, and a Dockerfile.
package buildcontext

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Context is what an image is built from.
type Context struct {
	// Dir is the folder whose files the build sees; "" is none.
	Dir string
	// Dockerfile is the text of the Dockerfile, and DockerfileName its name in the
	// archive, which should be no file's of the folder.
	Dockerfile, DockerfileName string
	// Skip says which paths are left out besides; nil is none.
	Skip func(name string) bool
	// MaxBytes and MaxFiles bound the archive.
	MaxBytes int64
	MaxFiles int
}

// TooLargeError says that a folder does not fit into its bounds.
type TooLargeError struct{ Limit string }

func (e *TooLargeError) Error() string { return "the build context has more than " + e.Limit }

// WriteTo writes the archive. It stops when ctx ends.
//
// As the docker command does, everything in it belongs to root. Sockets and
// devices are left out.
func (c *Context) WriteTo(ctx context.Context, w io.Writer) error {
	archive := tar.NewWriter(w)
	header := tar.Header{Name: c.DockerfileName, Mode: 0o644, Size: int64(len(c.Dockerfile)), ModTime: time.Unix(0, 0)}
	if err := archive.WriteHeader(&header); err != nil {
		return err
	}
	if _, err := io.WriteString(archive, c.Dockerfile); err != nil {
		return err
	}
	if c.Dir != "" {
		if err := c.addFolder(ctx, archive); err != nil {
			return err
		}
	}
	return archive.Close()
}

// maxIgnoreFile bounds a .dockerignore file.
const maxIgnoreFile = 1 << 20

func (c *Context) addFolder(ctx context.Context, archive *tar.Writer) error {
	root, err := os.OpenRoot(c.Dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	ignore, err := readIgnore(root)
	if err != nil {
		return err
	}
	room, files := c.MaxBytes, 0
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, fs.ErrNotExist):
			return nil // it was removed meanwhile
		case err != nil:
			return err
		case name == "." || name == c.DockerfileName:
			return nil
		case c.Skip != nil && c.Skip(name):
			return skip(entry, true)
		case ignore.ignored(name):
			return skip(entry, !ignore.except)
		}
		if files++; files > c.MaxFiles {
			return &TooLargeError{Limit: fmt.Sprintf("%d files", c.MaxFiles)}
		}
		n, err := addEntry(archive, root, name, room)
		if room -= n; err == nil && room < 0 {
			return &TooLargeError{Limit: fmt.Sprintf("%d bytes", c.MaxBytes)}
		}
		return err
	})
}

func skip(entry fs.DirEntry, whole bool) error {
	if whole && entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func readIgnore(root *os.Root) (ignore, error) {
	file, err := root.Open(".dockerignore")
	if errors.Is(err, fs.ErrNotExist) {
		return ignore{}, nil
	}
	if err != nil {
		return ignore{}, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxIgnoreFile))
	if err != nil {
		return ignore{}, err
	}
	return parseIgnore(string(text))
}

// addEntry adds one file, folder or link, and returns how many bytes it has. A
// file larger than room is not read.
func addEntry(archive *tar.Writer, root *os.Root, name string, room int64) (int64, error) {
	info, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	link := ""
	switch mode := info.Mode(); {
	case mode.IsRegular() || mode.IsDir():
	case mode&fs.ModeSymlink != 0:
		if link, err = root.Readlink(name); err != nil {
			return 0, err
		}
	default:
		return 0, nil
	}
	if info.Mode().IsRegular() && info.Size() > room {
		return info.Size(), nil
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return 0, err
	}
	header.Name = filepath.ToSlash(name)
	if info.IsDir() {
		header.Name += "/"
	}
	header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
	if !info.Mode().IsRegular() {
		return 0, archive.WriteHeader(header)
	}
	return header.Size, addFile(archive, root, header, name)
}

// addFile adds the content that was announced; a file that grows meanwhile is cut,
// one that shrinks is an error.
func addFile(archive *tar.Writer, root *os.Root, header *tar.Header, name string) error {
	file, err := root.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	n, err := io.CopyN(archive, file, header.Size)
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("%s became shorter while it was read: %d instead of %d bytes", name, n, header.Size)
	}
	return err
}
