package main

import (
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports/bundle"
)

func keygenCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "keygen --out KEY.pem",
		Short: "Make a key to sign bundles with",
		Long: `Makes an ed25519 key. KEY.pem is the private one (PKCS #8, without a password; only you can read the file) and
KEY.pub.pem the public one, for those who verify: give it to them by another way than the bundle. Neither file may exist
yet.`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			private, public, err := bundle.NewKey()
			if err != nil {
				return err
			}
			beside := publicName(out)
			if err := writeNew(out, private, 0o600); err != nil {
				return err
			}
			if err := writeNew(beside, public, 0o644); err != nil {
				return errors.Join(err, os.Remove(out))
			}
			key, err := bundle.ParsePublic(public)
			if err != nil {
				return err
			}
			cmd.Printf("%s is the private key, %s the public one; the key's id is %s\n", out, beside, bundle.KeyID(key))
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file for the private key")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}

// publicName is key.pub.pem for key.pem.
func publicName(path string) string {
	extension := filepath.Ext(path)
	return strings.TrimSuffix(path, extension) + ".pub" + extension
}

// publicKey reads the key of who is to have signed.
func publicKey(path string) (ed25519.PublicKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.New("cannot be read: is it there?")
	}
	return bundle.ParsePublic(data)
}
