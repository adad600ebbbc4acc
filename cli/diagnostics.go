package cli

import (
	"path/filepath"

	"github.com/heitan/heitan/internal/diag"
)

// inProject makes the files that problems name, which are relative to the
// project or another folder, paths that the user can open.
func inProject(project string, list diag.List) diag.List {
	if project == "" || project == "." {
		return list
	}
	shown := make(diag.List, len(list))
	for i, d := range list {
		if d.Pos.File != "" {
			d.Pos.File = filepath.Join(project, d.Pos.File)
		}
		shown[i] = d
	}
	return shown
}

// diagStyle colours problems if standard error may have colours.
func (e Env) diagStyle() diag.Style {
	return diag.Style{
		Error:   e.color(red).paint,
		Warning: e.color(yellow).paint,
		Dim:     e.color(gray).paint,
		Hint:    e.color(cyan).paint,
	}
}
