package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

// function is one transaction function. A string or bytes become the payload as they are, a response is
// sent as it is, nil is an empty payload, and everything else becomes JSON.
type function func(stub shim.ChaincodeStubInterface, args []string) (any, error)

type chaincode struct{}

var functions = joined(
	stateFunctions, rangeFunctions, transactionFunctions, responseFunctions, privateFunctions,
	policyFunctions, queryFunctions, callFunctions, batchFunctions)

func joined(tables ...map[string]function) map[string]function {
	all := map[string]function{}
	for _, table := range tables {
		for name, each := range table {
			all[name] = each
		}
	}
	return all
}

func (chaincode) Init(shim.ChaincodeStubInterface) *peer.Response {
	return shim.Success([]byte("initialized"))
}

func (chaincode) Invoke(stub shim.ChaincodeStubInterface) *peer.Response {
	name, args := stub.GetFunctionAndParameters()
	called, found := functions[name]
	if !found {
		return shim.Error(fmt.Sprintf("there is no function %s", name))
	}
	result, err := called(stub, args)
	if err != nil {
		return shim.Error(err.Error())
	}
	return responseOf(result)
}

func responseOf(result any) *peer.Response {
	switch result := result.(type) {
	case *peer.Response:
		return result
	case nil:
		return shim.Success(nil)
	case string:
		return shim.Success([]byte(result))
	case []byte:
		return shim.Success(result)
	}
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(result); err != nil {
		return shim.Error(err.Error())
	}
	return shim.Success(bytes.TrimRight(encoded.Bytes(), "\n"))
}
