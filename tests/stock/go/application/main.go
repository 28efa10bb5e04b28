// An application on the stock client library of Fabric Gateway that does everything that the library
// offers. It prints one JSON line for each check of ../../application/features.json and ends with status 1 if one
// has failed. The variables that say where and as whom are those of the applications of fabric-samples.
//
// Both chaincodes of ../ run on the channel, with the collections of ../../ledger-contract, and nobody
// else uses it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// check is one feature of the library. It returns what it saw, and an error if that is not what it has to be.
type check struct {
	name string
	run  func(*application) (any, error)
}

type outcome struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Saw   any    `json:"saw"`
	Error string `json:"error,omitempty"`
}

func main() {
	app, err := connect()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	failed := false
	output := json.NewEncoder(os.Stdout)
	for _, each := range checks() {
		result := perform(app, each)
		failed = failed || !result.OK
		if err := output.Encode(result); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	app.close()
	if failed {
		os.Exit(1)
	}
}

func checks() []check {
	all := []check{}
	for _, part := range [][]check{
		transactionChecks, offlineChecks, chaincodeEventChecks, blockChecks, errorChecks, deadlineChecks,
		ledgerChecks, connectionChecks,
	} {
		all = append(all, part...)
	}
	return all
}

// perform gives a check that hangs one minute.
func perform(app *application, each check) outcome {
	type end struct {
		saw any
		err error
	}
	ended := make(chan end, 1)
	go func() {
		saw, err := each.run(app)
		ended <- end{saw, err}
	}()
	select {
	case <-time.After(time.Minute):
		return outcome{Check: each.name, Error: "it has not ended within a minute"}
	case got := <-ended:
		if got.err != nil {
			return outcome{Check: each.name, Saw: got.saw, Error: got.err.Error()}
		}
		return outcome{Check: each.name, OK: true, Saw: got.saw}
	}
}
