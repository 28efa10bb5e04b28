// A crowd for bench_bridge: chaincodes that register, each over a connection of its own, and then wait.
// Prints a line when all are registered.
//
// Example: bench-crowd -peer.address 127.0.0.1:7152 -count 1000
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
)

func main() {
	address := flag.String("peer.address", "127.0.0.1:7152", "where the chaincodes register")
	count := flag.Int("count", 1000, "how many")
	flag.Parse()
	for number := range *count {
		if err := register(*address, fmt.Sprintf("crowd%d", number)); err != nil {
			fmt.Fprintln(os.Stderr, "bench-crowd:", err)
			os.Exit(1)
		}
	}
	fmt.Println("registered")
	select {} // Until the driver ends it.
}

func register(address, name string) error {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithReadBufferSize(0), grpc.WithWriteBufferSize(0)) // They would take 64 KiB.
	if err != nil {
		return err
	}
	stream, err := peer.NewChaincodeSupportClient(connection).Register(context.Background())
	if err != nil {
		return err
	}
	payload, err := proto.Marshal(&peer.ChaincodeID{Name: name})
	if err != nil {
		return err
	}
	err = stream.Send(&peer.ChaincodeMessage{Type: peer.ChaincodeMessage_REGISTER, Payload: payload})
	if err != nil {
		return err
	}
	for _, expected := range []peer.ChaincodeMessage_Type{
		peer.ChaincodeMessage_REGISTERED, peer.ChaincodeMessage_READY,
	} {
		message, err := stream.Recv()
		if err != nil {
			return err
		}
		if message.Type != expected {
			return fmt.Errorf("%s was answered with %s: %s", name, message.Type, message.Payload)
		}
	}
	go func() { // Reads on, as a chaincode does.
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
		}
	}()
	return nil
}
