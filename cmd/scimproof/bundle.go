package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports/bundle"
	"github.com/scimproof/scimproof/reports/output"
	"github.com/scimproof/scimproof/reports/redact"
)

func bundleCommand() *cobra.Command {
	var keyFile, nonce, out string
	cmd := &cobra.Command{
		Use:   "bundle DIR --key KEY.pem",
		Short: "Sign a report folder, so that it can be handed over",
		Long: `Signs the folder that scimproof run has written. Beside the report come manifest.json (each file with its
SHA-256), events.jsonl (a line for each check, each with the hash of the line before), statement.dsse.json (an in-toto
statement of the test result, signed with ed25519), facts.dsse.json (who ran what, when, by which gate), and the bare
predicates predicate.json and facts.json for other signers, such as cosign attest-blob.

All that is in the folder goes into the bundle. With --out the whole is also written to one .zip file, the same bytes for
the same folder and key. scimproof verify reads both.`,
		Example: `  scimproof keygen --out key.pem
  scimproof bundle out --key key.pem --out acme.zip
  cosign attest-blob --predicate out/predicate.json --type https://in-toto.io/attestation/test-result/v0.1 out/manifest.json`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			if err := checkNonce(cmd, nonce); err != nil {
				return err
			}
			if err := outside(dir, out); err != nil {
				return usageError{err}
			}
			key, vault, err := signingKey(keyFile)
			if err != nil {
				return usageError{fmt.Errorf("--key %s: %w", keyFile, err)}
			}
			files, err := bundle.Make(dir, bundle.MakeOptions{Key: key, Bundler: toolWithDigest(), Nonce: nonce})
			if err != nil {
				return usageError{err}
			}
			made := make([]output.File, len(files))
			for i, f := range files {
				made[i] = output.File{Name: f.Name, Data: f.Data}
			}
			if err := output.Write(dir, vault, made...); err != nil {
				return err
			}
			if out != "" {
				if err := writeZip(dir, out); err != nil {
					return err
				}
			}
			place := dir
			if out != "" {
				place = out
			}
			public, _ := key.Public().(ed25519.PublicKey)
			cmd.Printf("Bundle: %s, signed by %s\n", place, bundle.KeyID(public))
			return nil
		},
	}
	cmd.Flags().StringVar(&keyFile, "key", "", "private key, as scimproof keygen writes it")
	cmd.Flags().StringVar(&nonce, "nonce", "", "refuse a run that was not made with this nonce")
	cmd.Flags().StringVar(&out, "out", "", "write the bundle to this .zip file, too")
	must(cmd.MarkFlagRequired("key"))
	return cmd
}

// outside refuses an archive in the folder that it is made of: the next bundle would hold it.
func outside(dir, out string) error {
	if out == "" {
		return nil
	}
	inner, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if way, err := filepath.Rel(folder, inner); err == nil && filepath.IsLocal(way) {
		return fmt.Errorf("--out %s lies in %s, whose files go into it: write it elsewhere", out, dir)
	}
	return nil
}

// signingKey reads a key and learns it, so that it gets into no file.
func signingKey(path string) (ed25519.PrivateKey, *redact.Vault, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, errors.New("cannot be read: is it there, and yours?")
	}
	key, err := bundle.ParsePrivate(data)
	if err != nil {
		return nil, nil, err
	}
	vault := redact.New()
	learnKey(vault, data, key)
	return key, vault, nil
}

// learnKey makes secrets of a key's PEM form and of its bytes.
func learnKey(vault *redact.Vault, pem []byte, key ed25519.PrivateKey) {
	for line := range strings.Lines(string(pem)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "-----") {
			vault.Learn("signing key", line)
		}
	}
	vault.Learn("signing key", string(key.Seed()))
	vault.Learn("signing key", base64.StdEncoding.EncodeToString(key.Seed()))
}

// writeZip packs a folder whose files have been looked through for the key.
func writeZip(dir, out string) error {
	var archive bytes.Buffer
	if err := bundle.WriteZip(&archive, dir); err != nil {
		return err
	}
	return writeFile(out, archive.Bytes())
}
