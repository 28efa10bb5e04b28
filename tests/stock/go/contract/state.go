package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
)

var stateFunctions = map[string]function{
	"put":           put,
	"putBytes":      putBytes,
	"get":           get,
	"getBytes":      getBytes,
	"delete":        deleteKey,
	"readOwnWrites": readOwnWrites,
	"getAtOnce":     getAtOnce,
	"fill":          fill,
	"putLarge":      putLarge,
	"sizesOf":       sizesOf,
}

func put(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return nil, stub.PutState(args[0], []byte(args[1]))
}

func putBytes(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	value, err := base64.StdEncoding.DecodeString(args[1])
	if err != nil {
		return nil, err
	}
	return nil, stub.PutState(args[0], value)
}

func get(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return stub.GetState(args[0])
}

func getBytes(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	value, err := stub.GetState(args[0])
	return base64.StdEncoding.EncodeToString(value), err
}

func deleteKey(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return nil, stub.DelState(args[0])
}

// readOwnWrites returns what a transaction reads from a key that it has just written or deleted.
func readOwnWrites(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	key := args[0]
	if err := stub.PutState(key, []byte("written")); err != nil {
		return nil, err
	}
	afterPut, err := stub.GetState(key)
	if err != nil {
		return nil, err
	}
	if err := stub.DelState(key); err != nil {
		return nil, err
	}
	afterDelete, err := stub.GetState(key)
	return map[string]string{"afterPut": string(afterPut), "afterDelete": string(afterDelete)}, err
}

// getAtOnce reads the keys one after the other: this shim refuses a request of a transaction that has one open.
func getAtOnce(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	values := []string{}
	for _, key := range strings.Split(args[0], ",") {
		value, err := stub.GetState(key)
		if err != nil {
			return nil, err
		}
		values = append(values, string(value))
	}
	return values, nil
}

// fill writes keys prefix000, prefix001 and so on, each with its number as its value.
func fill(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	for i := range count {
		if err := stub.PutState(fmt.Sprintf("%s%03d", args[0], i), []byte(strconv.Itoa(i))); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// putLarge writes a value of so many bytes.
func putLarge(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	size, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	return nil, stub.PutState(args[0], bytes.Repeat([]byte{'x'}, size))
}

// sizesOf reads many values by one request.
func sizesOf(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	values, err := stub.GetMultipleStates(strings.Split(args[0], ",")...)
	sizes := []int{}
	for _, value := range values {
		sizes = append(sizes, len(value))
	}
	return sizes, err
}
