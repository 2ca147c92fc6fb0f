package main

import (
	"github.com/spf13/cobra"

	"github.com/scimproof/scimproof/reports"
	"github.com/scimproof/scimproof/reports/redact"
	"github.com/scimproof/scimproof/reports/saved"
)

func judgeCommand() *cobra.Command {
	var (
		flags basisFlags
		files reportFiles
		at    string
	)
	cmd := &cobra.Command{
		Use:   "judge RUN.json --out DIR",
		Short: "Judge a run again, without touching the target",
		Long: `Judges what a run has seen (run.json, which scimproof run writes beside the report) by another gate, with other
exceptions, or against an earlier report, and writes the report anew. Nothing is sent to the target. The same files and
the same --at give the same report, byte for byte. It exits with the verdict's code, as scimproof run does.`,
		Example: `  scimproof judge out/run.json --exceptions exceptions.yaml --out out
  scimproof judge out/run.json --gate builtin:onboarding --out onboarding
  scimproof judge out/run.json --gate gate.yaml --previous last/report.json --at 2026-11-24T09:00:00Z --out out`,
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			now, err := moment(at)
			if err != nil {
				return err
			}
			if err := files.choose(); err != nil {
				return err
			}
			record, err := saved.LoadRun(args[0])
			if err != nil {
				return err
			}
			basis, err := flags.basis()
			if err != nil {
				return err
			}
			if err := flags.earlierThan(record.Run, basis.Previous); err != nil {
				return err
			}
			basis.Now = now
			report := reports.JudgeOn(*record, basis)
			// The run's secrets were taken out, and looked for, before run.json was written.
			if err := files.write(report, redact.New()); err != nil {
				return err
			}
			announce(cmd, report, files)
			return verdictOf(report)
		},
	}
	flags.register(cmd)
	files.register(cmd, "", "folder for report.html and report.json")
	cmd.Flags().StringVar(&at, "at", "", "the moment of judging, such as 2026-11-24T09:00:00Z; default now")
	must(cmd.MarkFlagRequired("out"))
	return cmd
}
