// A chaincode on the stock shim that calls every function of its stub. It has the functions of
// ../../contract, ../../ledger-contract and ../../interface-chaincode, with equal results, so that the
// stories of ../../stories are told of it too.
//
// It connects to the peer that -peer.address names, or, with CHAINCODE_SERVER_ADDRESS, waits for the
// peer to connect.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
)

func main() {
	endOnSignal()
	if err := start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func start() error {
	address := os.Getenv("CHAINCODE_SERVER_ADDRESS")
	if address == "" {
		return shim.Start(chaincode{})
	}
	tls, err := tlsProperties()
	if err != nil {
		return err
	}
	server := &shim.ChaincodeServer{
		CCID: os.Getenv("CHAINCODE_ID"), Address: address, CC: chaincode{}, TLSProps: tls,
	}
	return server.Start()
}

// tlsProperties reads the variables that chaincode services of fabric-samples have.
func tlsProperties() (shim.TLSProperties, error) {
	keyFile := os.Getenv("CHAINCODE_TLS_KEY")
	if keyFile == "" {
		return shim.TLSProperties{Disabled: true}, nil
	}
	key, err := os.ReadFile(keyFile)
	if err != nil {
		return shim.TLSProperties{}, err
	}
	cert, err := os.ReadFile(os.Getenv("CHAINCODE_TLS_CERT"))
	if err != nil {
		return shim.TLSProperties{}, err
	}
	clientCACerts, err := optionalFile(os.Getenv("CHAINCODE_CLIENT_CA_CERT"))
	return shim.TLSProperties{Key: key, Cert: cert, ClientCACerts: clientCACerts}, err
}

func optionalFile(name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	return os.ReadFile(name)
}

// endOnSignal ends the process by os.Exit, which writes what a build with -cover has counted.
func endOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		os.Exit(0)
	}()
}
