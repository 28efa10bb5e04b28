package main

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/ledger/queryresult"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

var rangeFunctions = map[string]function{
	"range":                getRange,
	"rangeStart":           rangeStart,
	"pageAndWrite":         pageAndWrite,
	"writeAndPage":         writeAndPage,
	"page":                 page,
	"fillComposite":        fillComposite,
	"partialComposite":     partialComposite,
	"partialCompositePage": partialCompositePage,
	"allCompositePage":     allCompositePage,
}

// metadata has the fields of a page's metadata under the names that they have in the other languages.
type metadata struct {
	Bookmark            string `json:"bookmark"`
	FetchedRecordsCount int32  `json:"fetchedRecordsCount"`
}

func metadataOf(given *peer.QueryResponseMetadata) metadata {
	return metadata{given.GetBookmark(), given.GetFetchedRecordsCount()}
}

// collect reads an iterator to its end and closes it.
func collect[T any](
	iterator shim.StateQueryIteratorInterface, shape func(*queryresult.KV) (T, error),
) ([]T, error) {
	all := []T{}
	for iterator.HasNext() {
		next, err := iterator.Next()
		if err != nil {
			return nil, err
		}
		shaped, err := shape(next)
		if err != nil {
			return nil, err
		}
		all = append(all, shaped)
	}
	return all, iterator.Close()
}

func pairOf(found *queryresult.KV) ([2]string, error) {
	return [2]string{found.GetKey(), string(found.GetValue())}, nil
}

func keyOf(found *queryresult.KV) (string, error) {
	return found.GetKey(), nil
}

func getRange(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	iterator, err := stub.GetStateByRange(args[0], args[1])
	if err != nil {
		return nil, err
	}
	return collect(iterator, pairOf)
}

// rangeStart returns the first results, closes the iterator, and reads the state once more.
func rangeStart(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return nil, err
	}
	iterator, err := stub.GetStateByRange(args[0], args[1])
	if err != nil {
		return nil, err
	}
	results := [][2]string{}
	for len(results) < count {
		next, err := iterator.Next()
		if err != nil {
			return nil, err
		}
		results = append(results, [2]string{next.GetKey(), string(next.GetValue())})
	}
	if err := iterator.Close(); err != nil {
		return nil, err
	}
	_, err = stub.GetState(args[0])
	return results, err
}

func pageAndWrite(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	if _, _, err := stub.GetStateByRangeWithPagination("a", "b", 1, ""); err != nil {
		return nil, err
	}
	return nil, stub.PutState("a", []byte("after the page"))
}

func writeAndPage(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	if err := stub.PutState("a", []byte("before the page")); err != nil {
		return nil, err
	}
	_, _, err := stub.GetStateByRangeWithPagination("a", "b", 1, "")
	return nil, err
}

func page(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	size, err := strconv.ParseInt(args[2], 10, 32)
	if err != nil {
		return nil, err
	}
	iterator, found, err := stub.GetStateByRangeWithPagination(args[0], args[1], int32(size), args[3])
	if err != nil {
		return nil, err
	}
	keys, err := collect(iterator, keyOf)
	return map[string]any{"keys": keys, "metadata": metadataOf(found)}, err
}

// fillComposite writes keys of an object type with two attributes: a colour and a number.
func fillComposite(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	count, err := strconv.Atoi(args[2])
	if err != nil {
		return nil, err
	}
	for i := range count {
		key, err := stub.CreateCompositeKey(args[0], []string{args[1], fmt.Sprintf("%03d", i)})
		if err != nil {
			return nil, err
		}
		if err := stub.PutState(key, []byte(strconv.Itoa(i))); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func partialComposite(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	var given []string
	if err := json.Unmarshal([]byte(args[1]), &given); err != nil {
		return nil, err
	}
	iterator, err := stub.GetStateByPartialCompositeKey(args[0], given)
	if err != nil {
		return nil, err
	}
	return collect(iterator, func(found *queryresult.KV) (map[string]any, error) {
		objectType, attributes, err := stub.SplitCompositeKey(found.GetKey())
		return map[string]any{
			"objectType": objectType, "attributes": attributes, "value": string(found.GetValue()),
		}, err
	})
}

func partialCompositePage(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	size, err := strconv.ParseInt(args[2], 10, 32)
	if err != nil {
		return nil, err
	}
	iterator, found, err := stub.GetStateByPartialCompositeKeyWithPagination(
		args[0], []string{args[1]}, int32(size), args[3])
	if err != nil {
		return nil, err
	}
	numbers, err := collect(iterator, func(found *queryresult.KV) (string, error) {
		_, attributes, err := stub.SplitCompositeKey(found.GetKey())
		return attributes[1], err
	})
	return map[string]any{"numbers": numbers, "metadata": metadataOf(found)}, err
}

// allCompositePage returns a page of all composite keys, each as its object type and its attributes.
func allCompositePage(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	size, err := strconv.ParseInt(args[0], 10, 32)
	if err != nil {
		return nil, err
	}
	iterator, found, err := stub.GetAllStatesCompositeKeyWithPagination(int32(size), args[1])
	if err != nil {
		return nil, err
	}
	keys, err := collect(iterator, func(found *queryresult.KV) ([]string, error) {
		objectType, attributes, err := stub.SplitCompositeKey(found.GetKey())
		return append([]string{objectType}, attributes...), err
	})
	return map[string]any{"keys": keys, "metadata": metadataOf(found)}, err
}
