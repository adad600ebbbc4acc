package cli

import "sync"

func newLiveView(env Env, _ *sync.Mutex, _ *progress) view { return plainView{to: env.Stdout} }
