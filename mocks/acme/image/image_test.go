package image_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// docker runs a command of the engine's client and returns what it says on both outputs.
func docker(args ...string) (string, error) {
	said, err := exec.Command("docker", args...).CombinedOutput()
	if err != nil {
		return string(said), fmt.Errorf("docker %s: %w: %s", strings.Join(args, " "), err, said)
	}
	return strings.TrimSpace(string(said)), nil
}

// built builds the image with the defects, for one test.
func built(t *testing.T, defects string) string {
	t.Helper()
	if said, err := docker("version", "--format", "{{.Server.Version}}"); err != nil {
		t.Skipf("No Docker engine answers, so that the image is not tried: %s", said)
	}
	g := NewWithT(t)
	dir := t.TempDir()
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", filepath.Join(dir, "acme"), "../../../cmd/acme")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := build.CombinedOutput()
	g.Expect(err).NotTo(HaveOccurred(), string(said))
	name := fmt.Sprintf("scimproof-acme-test-%d:1", os.Getpid())
	_, err = docker("build", "-t", name, "-f", "Dockerfile", "--build-arg", "VERSION=1", "--build-arg", "DEFECTS="+defects, dir)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _, _ = docker("rmi", "-f", name) })
	return name
}

// started runs a container of the image until the test ends.
func started(t *testing.T, args ...string) string {
	t.Helper()
	id, err := docker(append([]string{"run", "-d"}, args...)...)
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _, _ = docker("rm", "-f", id) })
	return id
}

func TestTheImage(t *testing.T) {
	name := built(t, "sessions-survive-delete")
	t.Run("is ready, well and stopped at once", func(t *testing.T) {
		g := NewWithT(t)
		// As hardened as it can be asked for: nothing may need more.
		id := started(t, "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "-p", "127.0.0.1::8080", name)
		port, err := docker("port", id, "8080/tcp")
		g.Expect(err).NotTo(HaveOccurred())
		g.Eventually(func() int { return get("http://"+port+"/health", "") }, "30s", "20ms").Should(Equal(http.StatusOK))

		log, err := docker("logs", id)
		g.Expect(err).NotTo(HaveOccurred())
		token := regexp.MustCompile(`(?m)^SCIM token: (\S+)$`).FindAllStringSubmatch(log, -1)
		g.Expect(token).To(HaveLen(1), "once")
		g.Expect(strings.Contains(log, "(sessions-survive-delete)")).To(BeTrue(), "the defect of the image")
		g.Expect(get("http://"+port+"/scim/v2/Users", token[0][1])).To(Equal(http.StatusOK))

		_, err = docker("exec", id, "/acme", "--healthcheck")
		g.Expect(err).NotTo(HaveOccurred())
		_, err = docker("stop", "-t", "10", id)
		g.Expect(err).NotTo(HaveOccurred())
		code, err := docker("inspect", "-f", "{{.State.ExitCode}}", id)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(code).To(Equal("0"), "by itself, and not killed")
	})
	t.Run("refuses a defect that it does not know", func(t *testing.T) {
		g := NewWithT(t)
		id := started(t, "-e", "ACME_DEFECTS=sessions-survive", name)
		code, err := docker("wait", id)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(code).To(Equal("2"))
	})
	t.Run("says what it is", func(t *testing.T) {
		g := NewWithT(t)
		raw, err := docker("image", "inspect", "-f", "{{json .Config}}", name)
		g.Expect(err).NotTo(HaveOccurred())
		var config struct {
			User         string
			ExposedPorts map[string]any
			Healthcheck  struct{ Test []string }
			Labels       map[string]string
		}
		g.Expect(json.Unmarshal([]byte(raw), &config)).To(Succeed())
		g.Expect(config.User).To(Equal("65532:65532"))
		g.Expect(config.ExposedPorts).To(HaveKey("8080/tcp"))
		g.Expect(config.Healthcheck.Test).To(Equal([]string{"CMD", "/acme", "--healthcheck"}))
		g.Expect(config.Labels).To(HaveKeyWithValue("org.opencontainers.image.version", "1"))
	})
}

// get is the status of a GET with the bearer token, 0 where there is no answer.
func get(url, token string) int {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0
	}
	request.Header.Set("Authorization", "Bearer "+token)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	_ = reply.Body.Close()
	return reply.StatusCode
}
