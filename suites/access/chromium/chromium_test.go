package chromium

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// patience is how long something may take on a busy machine.
const patience = 20 * time.Second

func needChromium(t *testing.T) {
	t.Helper()
	if _, err := Find(""); err != nil {
		t.Skip(err)
	}
}

// counted counts the turns of documents: how many there were, and how many were not given
// back.
type counted struct{ asked, held atomic.Int64 }

func (c *counted) admit(context.Context) (func(), error) {
	c.asked.Add(1)
	c.held.Add(1)
	return func() { c.held.Add(-1) }, nil
}

// temporaryFolder makes a folder the one for what is temporary. Its name is short, as a
// browser has a socket in it.
func temporaryFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
	return dir
}

// opened opens a page whose temporary folder is the test's own.
func opened(t *testing.T, ctx context.Context, s Setup) (*Browser, *Tab, string) {
	t.Helper()
	needChromium(t)
	dir := temporaryFolder(t)
	b := &Browser{}
	t.Cleanup(b.Close)
	if s.Admit == nil {
		s.Admit = new(counted).admit
	}
	tab, err := b.Open(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	return b, tab, dir
}

// processes lists the command lines that name a folder.
func processes(dir string) (list []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		if raw, err := os.ReadFile(file); err == nil && strings.Contains(string(raw), dir) {
			list = append(list, string(raw))
		}
	}
	return list
}

func serve(t *testing.T, pages map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := pages[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
		case strings.HasPrefix(text, "to "):
			http.Redirect(w, r, strings.TrimPrefix(text, "to "), http.StatusSeeOther)
		case text == "hang":
			<-r.Context().Done()
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, text)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAFormIsFilledInAndSent(t *testing.T) {
	g := NewWithT(t)
	turns := &counted{}
	_, tab, _ := opened(t, t.Context(), Setup{Agent: "scimproof/test", Admit: turns.admit})
	url := serve(t, map[string]string{
		"/": "to /form",
		"/form": `<title>Form</title><input hidden id="name"><button disabled style="display:none">no</button>
			<script>setTimeout(() => { document.body.innerHTML = '<input id="name" value="old"><button onclick="go()">Go</button>' }, 100)
			function go() { alert('sure?'); document.cookie = 'who=' + document.querySelector('#name').value; localStorage.who = 'stored'; location = '/done' }</script>`,
		"/done": `<title>Done</title><p id="end">the end</p><script>document.write(navigator.userAgent)</script>`,
	})
	g.Expect(tab.Navigate(patience, url+"/", nil)).To(Succeed())
	g.Expect(tab.Await(patience, func() (bool, error) { return tab.Fill("#name", "ädä-1") })).To(Succeed())
	g.Expect(tab.Await(patience, func() (bool, error) { return tab.Click("button") })).To(Succeed())
	g.Expect(tab.Await(patience, func() (bool, error) { seen, _, err := tab.Sees("#end"); return seen, err })).To(Succeed())

	page, err := tab.Look()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(page).To(SatisfyAll(HaveField("URL", url+"/done"), HaveField("Title", "Done"), HaveField("Text", ContainSubstring("scimproof/test"))))
	cookies, err := tab.Cookies()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(cookies).To(ConsistOf(HaveField("Value", "ädä-1")))
	origin, stored, err := tab.Stored()
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(origin).To(Equal(url))
	g.Expect(stored.Local).To(HaveKeyWithValue("who", "stored"))
	var seen []string
	for _, v := range tab.Visits() {
		seen = append(seen, v.Method+" "+strings.TrimPrefix(v.URL, url)+" "+http.StatusText(v.Status))
	}
	g.Expect(seen).To(Equal([]string{"GET / See Other", "GET /form OK", "GET /done OK"}))
	g.Expect(tab.Last().Status).To(Equal(http.StatusOK))
	g.Expect(turns.asked.Load()).To(Equal(int64(3)))
	g.Eventually(tab.Quiet, patience).Should(BeNumerically(">", 0))
	tab.Close()
	g.Expect(turns.held.Load()).To(BeZero())
}

func TestCookiesAndStorageAreFoundByTheNextPage(t *testing.T) {
	g := NewWithT(t)
	url := serve(t, map[string]string{"/": `<script>document.write(document.cookie + ' ' + localStorage.a + ' ' + sessionStorage.b)</script>`})
	b, first, _ := opened(t, t.Context(), Setup{State: State{Cookies: []Cookie{{URL: url, Cookie: http.Cookie{Name: "c", Value: "1", Path: "/"}}}}})
	read := func(tab *Tab, stored map[string]Stored) func() string {
		g.Expect(tab.Navigate(patience, url, stored)).To(Succeed())
		return func() string {
			page, err := tab.Look()
			g.Expect(err).NotTo(HaveOccurred())
			return page.Text
		}
	}
	stored := map[string]Stored{url: {Local: map[string]string{"a": `2"'`}, Session: map[string]string{"b": "3"}}}
	g.Eventually(read(first, stored), patience).Should(Equal(`c=1 2"' 3`))
	second, err := b.Open(t.Context(), Setup{Admit: new(counted).admit})
	g.Expect(err).NotTo(HaveOccurred())
	defer second.Close()
	g.Eventually(read(second, nil), patience).Should(Equal("undefined undefined"), "each page has a context of its own")
}

func TestTroubleOfAPage(t *testing.T) {
	g := NewWithT(t)
	_, tab, _ := opened(t, t.Context(), Setup{})
	url := serve(t, map[string]string{"/": "<p>hello", "/hang": "hang", "/loop": "to /loop"})
	g.Expect(tab.Navigate(patience, "http://127.0.0.1:1/", nil)).To(MatchError(ContainSubstring("could not be loaded")))
	g.Expect(tab.Navigate(200*time.Millisecond, url+"/hang", nil)).To(MatchError(ErrTooLong))
	g.Expect(tab.Navigate(patience, url+"/loop", nil)).To(MatchError(ContainSubstring("ERR_TOO_MANY_REDIRECTS")))
	g.Expect(tab.Navigate(patience, url, nil)).To(Succeed())
	_, _, err := tab.Sees("p:nth-kind(")
	g.Expect(err).To(MatchError(ErrSelector))
	_, err = tab.Click("]")
	g.Expect(err).To(MatchError(ErrSelector))
	g.Expect(tab.Await(200*time.Millisecond, func() (bool, error) { return tab.Fill("#no", "x") })).To(MatchError(ErrTooLong))
}

func TestAnInterruptLeavesNothingBehind(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	b, tab, dir := opened(t, ctx, Setup{})
	url := serve(t, map[string]string{"/": "hang"})
	g.Expect(processes(dir)).NotTo(BeEmpty())
	time.AfterFunc(200*time.Millisecond, cancel)
	g.Expect(tab.Navigate(patience, url, nil)).To(MatchError(context.Canceled))
	tab.Close()
	g.Eventually(func() []string { return processes(dir) }, patience).Should(BeEmpty())
	g.Expect(os.ReadDir(dir)).To(BeEmpty())

	again, err := b.Open(t.Context(), Setup{Admit: new(counted).admit})
	g.Expect(err).NotTo(HaveOccurred(), "it can be started again")
	again.Close()
	b.Close()
	g.Eventually(func() []string { return processes(dir) }, patience).Should(BeEmpty())
	g.Expect(os.ReadDir(dir)).To(BeEmpty())
	_, err = b.Open(t.Context(), Setup{})
	g.Expect(err).To(MatchError(ContainSubstring("over")))
}

func TestTheEnvironmentStaysHere(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("SCIM_TOKEN", "the-token-of-the-channel")
	_, _, dir := opened(t, t.Context(), Setup{})
	for _, file := range must(filepath.Glob("/proc/[0-9]*/environ")) {
		command, _ := os.ReadFile(filepath.Dir(file) + "/cmdline")
		if environment, err := os.ReadFile(file); err == nil && strings.Contains(string(command), dir) {
			g.Expect(string(environment)).NotTo(ContainSubstring("the-token-of-the-channel"))
		}
	}
}

func must[T any](v T, _ error) T { return v }

func TestNoMoreThanTwoPagesAreOpen(t *testing.T) {
	g := NewWithT(t)
	b, first, _ := opened(t, t.Context(), Setup{})
	second, err := b.Open(t.Context(), Setup{Admit: new(counted).admit})
	g.Expect(err).NotTo(HaveOccurred())
	defer second.Close()
	impatient, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = b.Open(impatient, Setup{})
	g.Expect(err).To(MatchError(context.DeadlineExceeded))
	first.Close()
	third, err := b.Open(t.Context(), Setup{Admit: new(counted).admit})
	g.Expect(err).NotTo(HaveOccurred())
	third.Close()
}

func TestWithoutABrowser(t *testing.T) {
	g := NewWithT(t)
	t.Setenv("PATH", t.TempDir())
	_, err := (&Browser{}).Open(t.Context(), Setup{})
	var missing *MissingError
	g.Expect(errors.As(err, &missing)).To(BeTrue())
	g.Expect(err).To(MatchError(SatisfyAll(ContainSubstring("chromium, chromium-browser, google-chrome"), ContainSubstring("apt-get install chromium"), ContainSubstring("browser: {executable:"))))
	_, err = (&Browser{}).Open(t.Context(), Setup{Options: Options{Executable: "/no/such/chromium"}})
	g.Expect(err).To(MatchError("the browser /no/such/chromium of browser.executable cannot be run (no such file or directory): correct the path, or leave the key out to have Chromium looked for in PATH"))
}

func TestABrowserThatDoesNotStart(t *testing.T) {
	for name, c := range map[string]struct{ script, says string }{
		"it ends":    {"exit 3", "run it by hand"},
		"no sandbox": {"echo 'No usable sandbox!' >&2; exit 1", "noSandbox: true"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			file := filepath.Join(t.TempDir(), "browser")
			dir := temporaryFolder(t)
			g.Expect(os.WriteFile(file, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700)).To(Succeed())
			_, err := (&Browser{}).Open(t.Context(), Setup{Options: Options{Executable: file}})
			g.Expect(err).To(MatchError(SatisfyAll(ContainSubstring(file+" did not start"), ContainSubstring(c.says))))
			g.Expect(os.ReadDir(dir)).To(BeEmpty())
		})
	}
}

func TestABrowserThatHangsAtItsStartIsEnded(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "browser")
	g.Expect(os.WriteFile(file, []byte("#!/bin/sh\nsleep 60\n"), 0o700)).To(Succeed())
	dir := temporaryFolder(t)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := (&Browser{}).Open(ctx, Setup{Options: Options{Executable: file}})
	g.Expect(err).To(MatchError(context.DeadlineExceeded))
	g.Expect(time.Since(began)).To(BeNumerically("<", patience))
	g.Expect(os.ReadDir(dir)).To(BeEmpty())
	g.Eventually(func() []string { return processes(file) }, patience).Should(BeEmpty())
}

// A browser that was ended by something else is started again for the next page.
func TestABrowserThatCrashedIsStartedAgain(t *testing.T) {
	g := NewWithT(t)
	b, tab, _ := opened(t, t.Context(), Setup{})
	url := serve(t, map[string]string{"/": "<p>hello"})
	g.Expect(b.running.cmd.Process.Kill()).To(Succeed())
	g.Eventually(func() error { return tab.Navigate(patience, url, nil) }, patience).Should(HaveOccurred())
	tab.Close()
	g.Eventually(b.running.alive, patience).Should(BeFalse())
	again, err := b.Open(t.Context(), Setup{Admit: new(counted).admit})
	g.Expect(err).NotTo(HaveOccurred())
	defer again.Close()
	g.Expect(again.Navigate(patience, url, nil)).To(Succeed())
}
