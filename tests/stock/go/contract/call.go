package main

import (
	"encoding/json"
	"errors"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

var callFunctions = map[string]function{
	"call":         call,
	"writeAndCall": writeAndCall,
}

// call has the arguments of the other chaincode as a JSON array.
func call(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	response, err := invoked(stub, args[0], args[1], args[2])
	if err != nil {
		return nil, err
	}
	return map[string]any{"status": response.GetStatus(), "payload": string(response.GetPayload())}, nil
}

func writeAndCall(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	if err := stub.PutState(args[0], []byte("of the caller")); err != nil {
		return nil, err
	}
	_, err := invoked(stub, args[1], args[2], args[3])
	return nil, err
}

func invoked(stub shim.ChaincodeStubInterface, name, channel, encoded string) (*peer.Response, error) {
	var texts []string
	if err := json.Unmarshal([]byte(encoded), &texts); err != nil {
		return nil, err
	}
	args := [][]byte{}
	for _, text := range texts {
		args = append(args, []byte(text))
	}
	response := stub.InvokeChaincode(name, args, channel)
	// This shim makes a response of the peer's refusal: its text is the payload, and there is no message.
	if response.GetStatus() == shim.ERROR && response.GetMessage() == "" {
		return nil, errors.New(string(response.GetPayload()))
	}
	return response, nil
}
