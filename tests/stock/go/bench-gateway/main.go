// The client of bench_bridge: invocations on Fabric's client library for applications, some of them
// open at a time. Prints one line of JSON: how long all took, how long each of them, and the processor
// time of this process.
//
// Example: bench-gateway -endpoint 127.0.0.1:7151 -msp User1/msp -kind submit -open 64 -count 10000
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-gateway/pkg/hash"
	"github.com/hyperledger/fabric-gateway/pkg/identity"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

type options struct {
	endpoint, msp, mspID, kind string
	open, count, first         int
}

type outcome struct {
	Seconds      float64   `json:"seconds"`
	Microseconds []float64 `json:"microseconds"` // Of each invocation.
	Processor    float64   `json:"processor_seconds"`
}

func main() {
	asked := options{}
	flag.StringVar(&asked.endpoint, "endpoint", "127.0.0.1:7151", "of the gateway")
	flag.StringVar(&asked.msp, "msp", "", "folder with signcerts and keystore")
	flag.StringVar(&asked.mspID, "msp-id", "Org1MSP", "of the identity in it")
	flag.StringVar(&asked.kind, "kind", "evaluate", "evaluate or submit")
	flag.IntVar(&asked.open, "open", 1, "how many are open at a time")
	flag.IntVar(&asked.count, "count", 1000, "how many")
	flag.IntVar(&asked.first, "first", 0, "number of the first one: no key is written twice")
	flag.Parse()
	if err := run(asked); err != nil {
		fmt.Fprintln(os.Stderr, "bench-gateway:", err)
		os.Exit(1)
	}
}

func run(asked options) error {
	connection, err := grpc.NewClient(
		asked.endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	gateway, err := connect(connection, asked)
	if err != nil {
		return err
	}
	defer gateway.Close()
	contract := gateway.GetNetwork("mychannel").GetContract("bench")
	if _, err := contract.EvaluateTransaction("nothing"); err != nil { // It connects.
		return described(err)
	}
	measured, err := invocations(asked, func(number int) error {
		return invoke(contract, asked.kind, number)
	})
	if err != nil {
		return described(err)
	}
	return json.NewEncoder(os.Stdout).Encode(measured)
}

func connect(connection *grpc.ClientConn, asked options) (*client.Gateway, error) {
	encoded, err := onlyFile(filepath.Join(asked.msp, "signcerts"))
	if err != nil {
		return nil, err
	}
	certificate, err := identity.CertificateFromPEM(encoded)
	if err != nil {
		return nil, err
	}
	id, err := identity.NewX509Identity(asked.mspID, certificate)
	if err != nil {
		return nil, err
	}
	if encoded, err = onlyFile(filepath.Join(asked.msp, "keystore")); err != nil {
		return nil, err
	}
	key, err := identity.PrivateKeyFromPEM(encoded)
	if err != nil {
		return nil, err
	}
	sign, err := identity.NewPrivateKeySign(key)
	if err != nil {
		return nil, err
	}
	return client.Connect(
		id, client.WithSign(sign), client.WithHash(hash.SHA256), client.WithClientConnection(connection))
}

func onlyFile(folder string) ([]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	if len(entries) != 1 {
		return nil, fmt.Errorf("%s has %d files", folder, len(entries))
	}
	return os.ReadFile(filepath.Join(folder, entries[0].Name()))
}

func invoke(contract *client.Contract, kind string, number int) error {
	if kind == "evaluate" {
		_, err := contract.EvaluateTransaction("nothing")
		return err
	}
	_, err := contract.SubmitTransaction(
		"put", "put"+strconv.Itoa(number), strings.Repeat("v", 100))
	return err
}

// invocations makes asked.count of them, asked.open at a time.
func invocations(asked options, invoke func(number int) error) (outcome, error) {
	times := make([]float64, asked.count)
	failures := make(chan error, asked.open)
	var next atomic.Int64
	var workers sync.WaitGroup
	before := processorTime()
	start := time.Now()
	for range asked.open {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for at := int(next.Add(1)) - 1; at < asked.count; at = int(next.Add(1)) - 1 {
				sent := time.Now()
				if err := invoke(asked.first + at); err != nil {
					failures <- err
					return
				}
				times[at] = float64(time.Since(sent)) / float64(time.Microsecond)
			}
		}()
	}
	workers.Wait()
	elapsed := time.Since(start)
	close(failures)
	return outcome{elapsed.Seconds(), times, (processorTime() - before).Seconds()}, <-failures
}

func processorTime() time.Duration {
	usage := syscall.Rusage{}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// described adds what the service said to what the library says.
func described(err error) error {
	var endorse *client.EndorseError
	if errors.As(err, &endorse) {
		return fmt.Errorf("%w: %v", err, endorse.GRPCStatus().Details())
	}
	return err
}
