package graph_test
import ("flag";"testing";"os";"fmt"
"github.com/heitan/heitan"
"github.com/heitan/heitan/graph"
"github.com/heitan/heitan/workflow")
func TestZZ(t *testing.T){
 for _,f:=range flag.Args() {
 w,p:=workflow.LoadWorkflow(os.DirFS("/tmp/g"),f)
 if p.HasErrors(){t.Fatal(p)}
 fmt.Print(graph.Text(w.Root,graph.TextOptions{}))
 os.WriteFile("/tmp/g/"+f+".svg",graph.SVG(w.Root,graph.SVGOptions{}),0o644)
 st:=map[string]heitan.TaskState{}
 i:=0
 w.Root.Walk("",func(n string,_ *workflow.Node){ st[n]=heitan.TaskState(i%10); i++})
 os.WriteFile("/tmp/g/"+f+".states.svg",graph.SVG(w.Root,graph.SVGOptions{States:st}),0o644)
 fmt.Print(graph.Text(w.Root,graph.TextOptions{States:st,Width:80}))
 }
}
