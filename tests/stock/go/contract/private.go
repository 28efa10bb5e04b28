package main

import (
	"encoding/hex"
	"encoding/json"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/ledger/queryresult"
)

var privateFunctions = map[string]function{
	"putPrivate":              putPrivate,
	"getPrivate":              getPrivate,
	"deletePrivate":           deletePrivate,
	"purgePrivate":            purgePrivate,
	"privateHash":             privateHash,
	"privateRange":            privateRange,
	"fillPrivateComposite":    fillPrivateComposite,
	"privatePartialComposite": privatePartialComposite,
	"privateRangeAndWrite":    privateRangeAndWrite,
	"privateQuery":            privateQuery,
}

// putPrivate has its value from the transient data, so that no block contains it.
func putPrivate(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	given, err := stub.GetTransient()
	if err != nil {
		return nil, err
	}
	return nil, stub.PutPrivateData(args[0], args[1], given["value"])
}

func getPrivate(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return stub.GetPrivateData(args[0], args[1])
}

func deletePrivate(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return nil, stub.DelPrivateData(args[0], args[1])
}

func purgePrivate(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return nil, stub.PurgePrivateData(args[0], args[1])
}

func privateHash(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	hash, err := stub.GetPrivateDataHash(args[0], args[1])
	return hex.EncodeToString(hash), err
}

func privateRange(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetPrivateDataByRange(args[0], args[1], args[2])
	if err != nil {
		return nil, err
	}
	return collect(iterator, pairOf)
}

// fillPrivateComposite writes keys of an object type with one attribute, each with its attribute as its value.
func fillPrivateComposite(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	var attributes []string
	if err := json.Unmarshal([]byte(args[2]), &attributes); err != nil {
		return nil, err
	}
	for _, attribute := range attributes {
		key, err := stub.CreateCompositeKey(args[1], []string{attribute})
		if err != nil {
			return nil, err
		}
		if err := stub.PutPrivateData(args[0], key, []byte(attribute)); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func privatePartialComposite(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	var given []string
	if err := json.Unmarshal([]byte(args[2]), &given); err != nil {
		return nil, err
	}
	iterator, err := stub.GetPrivateDataByPartialCompositeKey(args[0], args[1], given)
	if err != nil {
		return nil, err
	}
	return collect(iterator, func(found *queryresult.KV) ([2]any, error) {
		_, attributes, err := stub.SplitCompositeKey(found.GetKey())
		return [2]any{attributes, string(found.GetValue())}, err
	})
}

func privateRangeAndWrite(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetPrivateDataByRange(args[0], "", "")
	if err != nil {
		return nil, err
	}
	if _, err := collect(iterator, keyOf); err != nil {
		return nil, err
	}
	return nil, stub.PutState("written", []byte("after the range"))
}

func privateQuery(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetPrivateDataQueryResult(args[0], args[1])
	if err != nil {
		return nil, err
	}
	return collect(iterator, keyOf)
}
