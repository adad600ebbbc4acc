package coordinator

import (
	"context"
	"fmt"

	"github.com/heitan/heitan/engine"
	"github.com/heitan/heitan/operator"
	"github.com/heitan/heitan/params"
)

func (i *invocation) request(name string, reader *operator.Params) (*operator.Request, error) {
	d := i.driver
	workdir, _ := reader.All().Get("_workdir")
	dir, _ := operator.AsString(workdir)
	workspace, err := operator.NewWorkspace(d.workspace, dir)
	if err != nil {
		return nil, err
	}
	mounts, _ := reader.All().Object("_secrets")
	return &operator.Request{
		Task:       i.identity(),
		Type:       name,
		Params:     reader,
		Checkpoint: i.task.Checkpoint,
		Recovering: i.dispatch.Recovering,
		Token:      fmt.Sprintf("%s-%d-%d", d.attempt.Key, i.task.ID, i.task.Retries),
		Workspace:  workspace,
		Secrets:    operator.NewSecrets(d.c.opts.Secrets, mounts, i.mask.Hide),
		Output:     i.mask,
		Log:        i.log.Logger(),
		Now:        d.c.opts.Now,
		Environ:    d.c.opts.Environ,
		Render: func(ctx context.Context, source, template string) (string, error) {
			text, err := d.c.opts.Templates.Text(ctx, template, reader.All())
			if err != nil {
				return "", operator.Configf("%w in %s", err, source)
			}
			return text, nil
		},
		SaveCheckpoint: func(ctx context.Context, checkpoint *params.Object) error {
			if err := d.apply(ctx, engine.Checkpointed{Task: i.task.ID, Checkpoint: checkpoint}); err != nil {
				return fmt.Errorf("save checkpoint: %w", err)
			}
			i.checkpoint = checkpoint
			return nil
		},
	}, nil
}

func (i *invocation) identity() operator.Task {
	a := i.driver.attempt
	return operator.Task{
		Project: a.Project.Name, ProjectID: a.Project.ID, Revision: a.Revision.Name,
		Workflow: a.Session.Workflow, SessionID: a.Session.ID, SessionUUID: a.Session.UUID, SessionTime: a.Session.Time,
		AttemptID: a.ID, RetryAttemptName: a.RetryName(), Timezone: i.driver.zone,
		ID: i.task.ID, FullName: i.task.FullName, Pos: i.task.Pos, Retries: i.task.Retries,
	}
}
