package main

import (
	"strconv"
	"strings"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

// responseFunctions make their responses themselves.
var responseFunctions = map[string]function{
	"join": func(_ shim.ChaincodeStubInterface, args []string) (any, error) {
		return shim.Success([]byte(strings.Join(args, "+"))), nil
	},
	"refuse": func(_ shim.ChaincodeStubInterface, args []string) (any, error) {
		return shim.Error(args[0]), nil
	},
	"status": func(_ shim.ChaincodeStubInterface, args []string) (any, error) {
		status, err := strconv.ParseInt(args[0], 10, 32)
		return &peer.Response{Status: int32(status), Message: args[1], Payload: []byte(args[2])}, err
	},
	"nothing": func(shim.ChaincodeStubInterface, []string) (any, error) {
		return (*peer.Response)(nil), nil
	},
}
