package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
)

// batchFunctions use what the shims of Fabric 3 have: many writes or reads in one message.
var batchFunctions = map[string]function{
	"multiple":          multiple,
	"multiplePrivate":   multiplePrivate,
	"fillBatch":         fillBatch,
	"mixedBatch":        mixedBatch,
	"batchToCollection": batchToCollection,
}

func multiple(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	values, err := stub.GetMultipleStates(strings.Split(args[0], ",")...)
	return textsOf(values), err
}

func multiplePrivate(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	values, err := stub.GetMultiplePrivateData(args[0], strings.Split(args[1], ",")...)
	return textsOf(values), err
}

// textsOf keeps the difference between no value and an empty one.
func textsOf(values [][]byte) []*string {
	texts := make([]*string, len(values))
	for i, value := range values {
		if value != nil {
			text := string(value)
			texts[i] = &text
		}
	}
	return texts
}

// fillBatch is fill with one batch, which is finished by the end of the transaction.
func fillBatch(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	stub.StartWriteBatch()
	for i := range count {
		if err := stub.PutState(fmt.Sprintf("%s%05d", args[0], i), []byte(strconv.Itoa(i))); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// mixedBatch has every kind of write in one batch, finishes it, and writes once more without one.
func mixedBatch(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	collection, deleted, written := args[0], args[1], args[2]
	stub.StartWriteBatch()
	if err := stub.DelState(deleted); err != nil {
		return nil, err
	}
	if err := stub.PutState(written, []byte("replaced")); err != nil {
		return nil, err
	}
	if err := stub.PutState(written, []byte("in a batch")); err != nil {
		return nil, err
	}
	if _, err := setPolicy(stub, []string{written, "DevMSP"}); err != nil {
		return nil, err
	}
	if err := stub.PutPrivateData(collection, written, []byte("private in a batch")); err != nil {
		return nil, err
	}
	if err := stub.PurgePrivateData(collection, deleted); err != nil {
		return nil, err
	}
	if err := stub.FinishWriteBatch(); err != nil {
		return nil, err
	}
	return nil, stub.PutState(written+" after", []byte("after the batch"))
}

// batchToCollection writes to the state and to a collection, and fails as finishing the batch fails.
func batchToCollection(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	stub.StartWriteBatch()
	if err := stub.PutState("beside "+args[0], []byte("value")); err != nil {
		return nil, err
	}
	if err := stub.PutPrivateData(args[0], "key", []byte("value")); err != nil {
		return nil, err
	}
	return nil, stub.FinishWriteBatch()
}
