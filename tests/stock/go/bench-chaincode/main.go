// The chaincode of bench_bridge, on the stock shim as its users write it. Its functions and keys are those
// of tests/bench/sdk_chaincode.cc.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

type function struct {
	parameters int
	call       func(stub shim.ChaincodeStubInterface, parameters []string) ([]byte, error)
}

var functions = map[string]function{
	"nothing": {0, nothing},
	"store":   {2, store},
	"gets":    {2, gets},
	"put":     {2, put},
}

type chaincode struct{}

func (chaincode) Init(shim.ChaincodeStubInterface) *peer.Response {
	return shim.Success(nil)
}

func (chaincode) Invoke(stub shim.ChaincodeStubInterface) *peer.Response {
	name, parameters := stub.GetFunctionAndParameters()
	called, found := functions[name]
	if !found || len(parameters) != called.parameters {
		return shim.Error(fmt.Sprintf("there is no function %s of %d parameters", name, len(parameters)))
	}
	payload, err := called.call(stub, parameters)
	if err != nil {
		return shim.Error(err.Error())
	}
	return shim.Success(payload)
}

func nothing(shim.ChaincodeStubInterface, []string) ([]byte, error) {
	return nil, nil
}

func store(stub shim.ChaincodeStubInterface, parameters []string) ([]byte, error) {
	return nil, forEachKey(parameters, func(key string) error {
		value := "value of " + key + " "
		return stub.PutState(key, []byte(value+strings.Repeat(".", 100-len(value))))
	})
}

func gets(stub shim.ChaincodeStubInterface, parameters []string) ([]byte, error) {
	var value []byte
	err := forEachKey(parameters, func(key string) (err error) {
		value, err = stub.GetState(key)
		return err
	})
	return value, err
}

func put(stub shim.ChaincodeStubInterface, parameters []string) ([]byte, error) {
	before, err := stub.GetState(parameters[0])
	if err != nil {
		return nil, err
	}
	return before, stub.PutState(parameters[0], []byte(parameters[1]))
}

// forEachKey calls with each key of the parameters FIRST and COUNT.
func forEachKey(parameters []string, call func(key string) error) error {
	first, err := strconv.Atoi(parameters[0])
	if err != nil {
		return err
	}
	count, err := strconv.Atoi(parameters[1])
	if err != nil {
		return err
	}
	for number := first; number < first+count; number++ {
		if err := call(fmt.Sprintf("key%08d", number)); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	if err := shim.Start(chaincode{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
