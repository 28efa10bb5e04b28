package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func equal(saw, wanted any) error {
	if !reflect.DeepEqual(saw, wanted) {
		return fmt.Errorf("wanted %v", wanted)
	}
	return nil
}

func contains(saw, wanted string) error {
	if !strings.Contains(saw, wanted) {
		return fmt.Errorf("wanted %q in %q", wanted, saw)
	}
	return nil
}

// creatorOf returns the MSP of the client, according to the chaincode.
func creatorOf(contract *client.Contract) (string, error) {
	encoded, err := contract.EvaluateTransaction("client")
	if err != nil {
		return "", err
	}
	var decoded struct {
		MspID string `json:"mspId"`
	}
	return decoded.MspID, json.Unmarshal(encoded, &decoded)
}

// failure is what an error of the library says.
type failure struct {
	Type          string   `json:"type"`
	Code          string   `json:"code"`
	Message       string   `json:"message"`
	Details       []detail `json:"details,omitempty"`
	TransactionID string   `json:"-"`
}

type detail struct {
	Address string `json:"-"`
	MspID   string `json:"mspId"`
	Message string `json:"message"`
}

func failureOf(err error) failure {
	said := status.Convert(err)
	saw := failure{Type: "error", Code: said.Code().String(), Message: said.Message()}
	for _, each := range said.Details() {
		if each, ok := each.(*gateway.ErrorDetail); ok {
			saw.Details = append(saw.Details, detail{each.GetAddress(), each.GetMspId(), each.GetMessage()})
		}
	}
	var transaction *client.TransactionError
	var endorse *client.EndorseError
	var submit *client.SubmitError
	var commitStatus *client.CommitStatusError
	var commit *client.CommitError
	switch {
	case errors.As(err, &endorse):
		saw.Type, transaction = "EndorseError", endorse.TransactionError
	case errors.As(err, &submit):
		saw.Type, transaction = "SubmitError", submit.TransactionError
	case errors.As(err, &commitStatus):
		saw.Type, transaction = "CommitStatusError", commitStatus.TransactionError
	case errors.As(err, &commit):
		saw.Type, saw.Code, saw.Message = "CommitError", commit.Code.String(), commit.Error()
		saw.TransactionID = commit.TransactionID
	case errors.As(err, &transaction):
		saw.Type = "TransactionError"
	}
	if transaction != nil {
		saw.TransactionID = transaction.TransactionID
	}
	return saw
}

// failed checks an error's type and code, and that the message and the details contain a text.
func failed(err error, wantedType string, code codes.Code, text string) (failure, error) {
	if err == nil {
		return failure{}, errors.New("it has not failed")
	}
	saw := failureOf(err)
	if err := equal([]string{saw.Type, saw.Code}, []string{wantedType, code.String()}); err != nil {
		return saw, err
	}
	all := saw.Message
	for _, each := range saw.Details {
		all += "\n" + each.Message
	}
	return saw, contains(all, text)
}
