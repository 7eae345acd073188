// pkcs11_test.go - a Go test with github.com/miekg/pkcs11 (Debian: golang-github-miekg-pkcs11-dev): run
// `GO111MODULE=off GOPATH=/usr/share/gocode go test`.
package fixture

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"
)

// hsm brings a fixture up for one test, and sets the variables that `softhsm-fixture env` prints.
func hsm(t *testing.T, set string) *pkcs11.Ctx {
	folder := filepath.Join(t.TempDir(), "hsm")
	if out, err := exec.Command("softhsm-fixture", "up", "--set", set, folder).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Cleanup(func() { exec.Command("softhsm-fixture", "down", folder).Run() })
	lines, err := exec.Command("softhsm-fixture", "env", "--plain", folder).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		name, value, _ := strings.Cut(line, "=")
		t.Setenv(name, value)
	}
	module := pkcs11.New(os.Getenv("PKCS11_MODULE_PATH"))
	if err := module.Initialize(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { module.Finalize(); module.Destroy() })
	return module
}

// login opens a session on the token with this label: slot numbers have no meaning.
func login(t *testing.T, module *pkcs11.Ctx, label string) pkcs11.SessionHandle {
	slots, err := module.GetSlotList(true)
	if err != nil {
		t.Fatal(err)
	}
	for _, slot := range slots {
		if info, err := module.GetTokenInfo(slot); err != nil || info.Label != label {
			continue
		}
		session, err := module.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION)
		if err != nil {
			t.Fatal(err)
		}
		if err := module.Login(session, pkcs11.CKU_USER, os.Getenv("SOFTHSM_FIXTURE_PIN")); err != nil {
			t.Fatal(err)
		}
		return session
	}
	t.Fatalf("no token %q", label)
	return 0
}

func TestCardSigns(t *testing.T) {
	module := hsm(t, "minimal")
	session := login(t, module, "card")
	find := func(class uint) pkcs11.ObjectHandle {
		module.FindObjectsInit(session, []*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_CLASS, class), pkcs11.NewAttribute(pkcs11.CKA_ID, []byte{2})})
		defer module.FindObjectsFinal(session)
		found, _, err := module.FindObjects(session, 1)
		if err != nil || len(found) != 1 {
			t.Fatal("no key", err)
		}
		return found[0]
	}
	mechanism := []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_SHA256_RSA_PKCS, nil)}
	if err := module.SignInit(session, mechanism, find(pkcs11.CKO_PRIVATE_KEY)); err != nil {
		t.Fatal(err)
	}
	signature, err := module.Sign(session, []byte("a message"))
	if err != nil {
		t.Fatal(err)
	}
	if err := module.VerifyInit(session, mechanism, find(pkcs11.CKO_PUBLIC_KEY)); err != nil {
		t.Fatal(err)
	}
	if err := module.Verify(session, []byte("a message"), signature); err != nil {
		t.Fatal(err)
	}
}
