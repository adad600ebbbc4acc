package engine_test
import ("testing";"fmt";"time";"math/rand/v2";"github.com/heitan/heitan/engine";"github.com/heitan/heitan/params")
func TestZZ(t *testing.T){
 for _, st := range []bool{false,true} { for _, n := range []int{1000,3000,10000} {
  r:=rand.New(rand.NewPCG(1,2))
  root:=row(func(i int, task *params.Object)*params.Object{ if i==0 {return task}; after:=params.List{}; seen:=map[int]bool{}; for range 3 { j:=max(0,i-1-r.IntN(50)); if !seen[j]{seen[j]=true; after=append(after, fmt.Sprintf("+t%d",j))} }; return task.With("_after",after)},"_parallel",true)(n)
  says:=func(engine.Task) engine.Result{return engine.Result{}}
  if st { says=storing }
  t0:=time.Now(); mustComplete(t,root,says); fmt.Println(st,n,time.Since(t0), time.Since(t0)/time.Duration(n))
 }}
}
