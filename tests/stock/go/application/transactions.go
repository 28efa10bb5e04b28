package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
)

var transactionChecks = []check{
	{"evaluate a transaction", evaluate},
	{"submit a transaction", submit},
	{"arguments that are bytes", bytesArguments},
	{"a named contract", namedContract},
	{"transient data", transientData},
	{"private data", privateData},
	{"endorsing organizations", endorsingOrganizations},
	{"evaluate with endorsing organizations", evaluateOrganizations},
	{"submit asynchronously, then ask for the status", submitAsync},
	{"endorse, submit and ask for the status step by step", stepByStep},
	{"the transaction id", transactionID},
	{"fifty submits at once", fiftyAtOnce},
	{"a value of 1 MiB", largeValue},
}

func evaluate(app *application) (any, error) {
	result, err := app.contract.EvaluateTransaction("join", "a", "b")
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "a+b")
}

func submit(app *application) (any, error) {
	if _, err := app.contract.SubmitTransaction("put", "submitted", "here"); err != nil {
		return nil, err
	}
	result, err := app.contract.EvaluateTransaction("get", "submitted")
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "here")
}

func bytesArguments(app *application) (any, error) {
	if _, err := app.contract.Submit(
		"put", client.WithBytesArguments([]byte("bytes"), []byte{0, 0xff, 0xfe, 1})); err != nil {
		return nil, err
	}
	result, err := app.contract.Evaluate("getBytes", client.WithArguments("bytes"))
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "AP/+AQ==")
}

func namedContract(app *application) (any, error) {
	contract := app.network.GetContractWithName(app.assets.ChaincodeName(), "audit")
	result, err := contract.EvaluateTransaction("Notes", "mine")
	if err != nil {
		return nil, err
	}
	saw := []string{contract.ContractName(), string(result)}
	return saw, equal(saw, []string{"audit", `["before","mine"]`})
}

func transientData(app *application) (any, error) {
	result, err := app.contract.Evaluate(
		"transient", client.WithTransient(map[string][]byte{"price": []byte("110")}))
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), `[["price","110"]]`)
}

func privateData(app *application) (any, error) {
	if _, err := app.contract.Submit("putPrivate", client.WithArguments("ours", "application"),
		client.WithTransient(map[string][]byte{"value": []byte("confidential")})); err != nil {
		return nil, err
	}
	result, err := app.contract.EvaluateTransaction("getPrivate", "ours", "application")
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "confidential")
}

// endorsingOrganizations looks into the transaction for who has endorsed it.
func endorsingOrganizations(app *application) (any, error) {
	wanted := []string{app.other.id.MspID()}
	proposal, err := app.contract.NewProposal(
		"put", client.WithArguments("endorsed", "by the other"), client.WithEndorsingOrganizations(wanted...))
	if err != nil {
		return nil, err
	}
	transaction, err := proposal.Endorse()
	if err != nil {
		return nil, err
	}
	saw, err := endorsersOf(transaction)
	if err != nil {
		return saw, err
	}
	return saw, equal(saw, wanted)
}

func evaluateOrganizations(app *application) (any, error) {
	result, err := app.contract.Evaluate(
		"join", client.WithArguments("a", "b"), client.WithEndorsingOrganizations(app.other.id.MspID()))
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "a+b")
}

func submitAsync(app *application) (any, error) {
	result, commit, err := app.contract.SubmitAsync("emit", client.WithArguments("async"))
	if err != nil {
		return nil, err
	}
	if len(result) != 0 {
		return string(result), fmt.Errorf("wanted no result")
	}
	status, err := commit.Status()
	if err != nil {
		return nil, err
	}
	saw := map[string]any{"code": status.Code.String(), "successful": status.Successful}
	if status.TransactionID != commit.TransactionID() {
		return saw, fmt.Errorf("another transaction's status")
	}
	return saw, equal(saw, map[string]any{"code": peer.TxValidationCode_VALID.String(), "successful": true})
}

func stepByStep(app *application) (any, error) {
	proposal, err := app.assets.NewProposal(
		"CreateAsset", client.WithArguments("steps", "red", "3", "ann", "7"))
	if err != nil {
		return nil, err
	}
	transaction, err := proposal.Endorse()
	if err != nil {
		return nil, err
	}
	commit, err := transaction.Submit()
	if err != nil {
		return nil, err
	}
	status, err := commit.Status()
	if err != nil {
		return nil, err
	}
	var asset struct{ ID string }
	if err := json.Unmarshal(transaction.Result(), &asset); err != nil {
		return string(transaction.Result()), err
	}
	saw := []any{asset.ID, status.Successful}
	return saw, equal(saw, []any{"steps", true})
}

// transactionID is the same for all of them, and the one that the chaincode has.
func transactionID(app *application) (any, error) {
	proposal, err := app.contract.NewProposal("context")
	if err != nil {
		return nil, err
	}
	transaction, err := proposal.Endorse()
	if err != nil {
		return nil, err
	}
	commit, err := transaction.Submit()
	if err != nil {
		return nil, err
	}
	var context struct {
		TxID string `json:"txId"`
	}
	if err := json.Unmarshal(transaction.Result(), &context); err != nil {
		return nil, err
	}
	if _, err := commit.Status(); err != nil {
		return nil, err
	}
	id := proposal.TransactionID()
	return len(id), equal(
		[]string{transaction.TransactionID(), commit.TransactionID(), context.TxID}, []string{id, id, id})
}

func fiftyAtOnce(app *application) (any, error) {
	const count = 50
	ended := make(chan error, count)
	keys := []string{}
	for i := range count {
		key := fmt.Sprintf("once%d", i)
		keys = append(keys, key)
		go func() {
			_, err := app.contract.SubmitTransaction("put", key, key)
			ended <- err
		}()
	}
	for range count {
		if err := <-ended; err != nil {
			return nil, err
		}
	}
	result, err := app.contract.EvaluateTransaction("getAtOnce", strings.Join(keys, ","))
	if err != nil {
		return nil, err
	}
	var saw []string
	if err := json.Unmarshal(result, &saw); err != nil {
		return nil, err
	}
	return len(saw), equal(saw, keys)
}

// largeValue is three times in the answer to Endorse, which has to stay below the 4 MiB that the library's
// connection receives by default.
func largeValue(app *application) (any, error) {
	value := strings.Repeat("one MiB of it...", 1<<20/16)
	if _, err := app.contract.SubmitTransaction("put", "large", value); err != nil {
		return nil, err
	}
	result, err := app.contract.EvaluateTransaction("get", "large")
	if err != nil {
		return nil, err
	}
	return len(result), equal(string(result) == value, true)
}
