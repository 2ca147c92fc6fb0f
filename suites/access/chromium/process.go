package chromium

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/scimproof/scimproof/suites/access/procgroup"
)

// startTime bounds the start of the browser.
const startTime = 30 * time.Second

// removeTime bounds the removal of its folder, in which what it started may still write
// for a moment.
const removeTime = 5 * time.Second

// maxSaid is how much is kept of what the browser prints, in bytes.
const maxSaid = 4 << 10

// process is a running browser.
type process struct {
	root  context.Context // of chromedp
	end   context.CancelFunc
	dir   string // all that it writes is in there
	cmd   *exec.Cmd
	users int // pages that are open
}

// passedOn are the variables that the browser is given. All others stay here, as secrets
// are among them.
var passedOn = []string{
	"PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
}

// start starts the browser with a fresh folder. It ends with stop, and with this program.
// The error is the context's, or says why the browser did not start.
func start(ctx context.Context, path string, o Options) (*process, error) {
	dir, err := os.MkdirTemp(temporary(), "scimproof-browser-")
	if err != nil {
		return nil, fmt.Errorf("no folder for the browser: %w", err)
	}
	p := &process{dir: dir}
	said := &firstWords{}
	life, endLife := context.WithCancel(context.Background()) // longer than that of the step which needs it first
	allocator, endAllocator := chromedp.NewExecAllocator(life, append(flags(path, dir, o), chromedp.CombinedOutput(said), chromedp.ModifyCmdFunc(p.prepare))...)
	mute := func(string, ...any) {} // what it could log is the target's text
	root, endRoot := chromedp.NewContext(allocator, chromedp.WithLogf(mute), chromedp.WithErrorf(mute), chromedp.WithDebugf(mute))
	p.root, p.end = root, func() {
		endLife()
		endRoot()
		endAllocator()
	}

	stopping, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	kept := context.AfterFunc(stopping, endLife)
	err = chromedp.Do(root)
	if kept(); err != nil {
		p.stop()
		return nil, notStarted(ctx, stopping, path, said.String(), err)
	}
	return p, nil
}

// longestTemporary is how long the name of a folder may be in which a browser is to make
// its socket, as the system bounds the address of one to 104 bytes at the least.
const longestTemporary = 30

// temporary is the system's folder for what is temporary, or a shorter one.
func temporary() string {
	dir := os.TempDir()
	if len(dir) > longestTemporary && runtime.GOOS != "windows" {
		return "/tmp"
	}
	return dir
}

// flags are those of a browser that leaves nothing behind and asks nobody but the pages
// that it is sent to.
func flags(path, dir string, o Options) []chromedp.ExecAllocatorOption {
	list := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(filepath.Join(dir, "profile")),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("disable-popup-blocking", false),
		chromedp.Flag("deny-permission-prompts", true),
		chromedp.Flag("no-sandbox", o.NoSandbox || os.Geteuid() == 0), // as root, it refuses to start with one
		chromedp.NoInheritEnv,
		chromedp.Env("TMPDIR="+dir, "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir),
	)
	for _, name := range passedOn {
		if value, ok := os.LookupEnv(name); ok {
			list = append(list, chromedp.Env(name+"="+value))
		}
	}
	if o.IgnoreCertificates {
		list = append(list, chromedp.IgnoreCertErrors)
	}
	return list
}

// prepare lets the command, and whatever it starts, be ended together.
func (p *process) prepare(cmd *exec.Cmd) {
	procgroup.Own(cmd)
	dieWithUs(cmd)
	cmd.Cancel = func() error { return procgroup.Kill(cmd) }
	p.cmd = cmd
}

// notStarted puts into words why there is no browser.
func notStarted(ctx, stopping context.Context, path, said string, err error) error {
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case stopping.Err() != nil:
		return fmt.Errorf("%s did not start within %s", path, startTime)
	}
	hint := "run it by hand to see why: " + path + " --headless --dump-dom about:blank"
	if strings.Contains(strings.ToLower(said), "sandbox") {
		hint = "it finds no sandbox on this machine; in a container of its own it can go without: browser: {noSandbox: true}"
	}
	return fmt.Errorf("%s did not start: %w (%s)", path, firstLine(err), hint)
}

func firstLine(err error) error {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(line)
}

// alive reports whether the process can be asked.
func (p *process) alive() bool {
	if p.root.Err() != nil {
		return false
	}
	select {
	case <-chromedp.FromContext(p.root).Browser.LostConnection:
		return false
	default:
		return true
	}
}

// stop ends the browser and all that it started, and removes its folder.
func (p *process) stop() {
	p.end()
	if p.cmd != nil && p.cmd.Process != nil {
		_ = procgroup.Kill(p.cmd) // mostly nothing is left
	}
	for until := time.Now().Add(removeTime); os.RemoveAll(p.dir) != nil && time.Now().Before(until); {
		time.Sleep(20 * time.Millisecond) // a process that was killed may still be writing
	}
}

// firstWords keeps the beginning of what is written.
type firstWords struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

// Write implements io.Writer. It takes everything.
func (f *firstWords) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept.Write(p[:min(len(p), maxSaid-f.kept.Len())])
	return len(p), nil
}

// String returns what was kept.
func (f *firstWords) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.kept.String()
}
