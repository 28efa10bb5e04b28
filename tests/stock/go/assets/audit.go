package main

import (
	"errors"
	"fmt"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

// AuditContext collects notes during one transaction.
type AuditContext struct {
	contractapi.TransactionContext
	notes []string
}

// Audit is a contract with a name.
type Audit struct {
	contractapi.Contract
}

// Before runs before each transaction. It refuses those with transient data.
func (*Audit) Before(ctx *AuditContext) error {
	given, err := ctx.GetStub().GetTransient()
	if err != nil {
		return err
	}
	if len(given) > 0 {
		return errors.New("refused before the transaction")
	}
	ctx.notes = append(ctx.notes, "before")
	return nil
}

// After runs after each transaction that has succeeded, with its result.
func (*Audit) After(ctx *AuditContext, result interface{}) error {
	return ctx.GetStub().SetEvent("after", []byte(fmt.Sprint(result)))
}

// Unknown runs for a function that the contract does not have.
func (*Audit) Unknown(ctx *AuditContext) (string, error) {
	name, args := ctx.GetStub().GetFunctionAndParameters()
	return fmt.Sprintf("no %s of %d arguments", name, len(args)), nil
}

// Notes returns what was noted up to now.
func (*Audit) Notes(ctx *AuditContext, more string) []string {
	return append(ctx.notes, more)
}
