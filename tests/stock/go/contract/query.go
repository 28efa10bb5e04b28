package main

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/ledger/queryresult"
)

var queryFunctions = map[string]function{
	"newest":            newest,
	"history":           history,
	"query":             query,
	"queryValues":       queryValues,
	"queryPage":         queryPage,
	"queryPageAndWrite": queryPageAndWrite,
	"fillDocuments":     fillDocuments,
}

// newest returns the newest changes, closes the iterator, and reads the state once more.
func newest(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	iterator, err := stub.GetHistoryForKey(args[0])
	if err != nil {
		return nil, err
	}
	values := []string{}
	for len(values) < count {
		next, err := iterator.Next()
		if err != nil {
			return nil, err
		}
		values = append(values, string(next.GetValue()))
	}
	if err := iterator.Close(); err != nil {
		return nil, err
	}
	_, err = stub.GetState(args[0])
	return values, err
}

func history(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetHistoryForKey(args[0])
	if err != nil {
		return nil, err
	}
	changes := []map[string]any{}
	for iterator.HasNext() {
		next, err := iterator.Next()
		if err != nil {
			return nil, err
		}
		changes = append(changes, map[string]any{
			"txId":     next.GetTxId(),
			"value":    string(next.GetValue()),
			"isDelete": next.GetIsDelete(),
			"hasTime":  next.GetTimestamp().GetSeconds() > 0,
		})
	}
	return changes, iterator.Close()
}

func query(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetQueryResult(args[0])
	if err != nil {
		return nil, err
	}
	return collect(iterator, keyOf)
}

func queryValues(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetQueryResult(args[0])
	if err != nil {
		return nil, err
	}
	return collect(iterator, func(found *queryresult.KV) (json.RawMessage, error) {
		return json.RawMessage(found.GetValue()), nil
	})
}

func queryPage(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	size, err := strconv.ParseInt(args[1], 10, 32)
	if err != nil {
		return nil, err
	}
	iterator, found, err := stub.GetQueryResultWithPagination(args[0], int32(size), args[2])
	if err != nil {
		return nil, err
	}
	keys, err := collect(iterator, keyOf)
	return map[string]any{
		"keys": keys, "count": found.GetFetchedRecordsCount(), "bookmark": found.GetBookmark(),
	}, err
}

func queryPageAndWrite(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	if _, _, err := stub.GetQueryResultWithPagination(`{"selector":{}}`, 1, ""); err != nil {
		return nil, err
	}
	return nil, stub.PutState("written", []byte("after the page"))
}

// fillDocuments writes one document for each number; the owners alternate.
func fillDocuments(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	from, err := strconv.Atoi(args[0])
	if err != nil {
		return nil, err
	}
	to, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	for i := from; i < to; i++ {
		document := fmt.Sprintf(`{"docType":"asset","number":%d,"owner":"owner%d"}`, i, i%5)
		if err := stub.PutState(fmt.Sprintf("doc%04d", i), []byte(document)); err != nil {
			return nil, err
		}
	}
	return nil, nil
}
