// A chaincode on the stock contract API: assets with typed transactions, and a second contract with a
// context of its own and functions before, after and instead of its transactions.
package main

import (
	"log"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

func main() {
	audit := &Audit{}
	audit.Name = "audit"
	audit.TransactionContextHandler = &AuditContext{}
	audit.BeforeTransaction = audit.Before
	audit.AfterTransaction = audit.After
	audit.UnknownTransaction = audit.Unknown
	chaincode, err := contractapi.NewChaincode(&Assets{}, audit)
	if err != nil {
		log.Fatal(err)
	}
	chaincode.Info.Title = "assets of the tests"
	chaincode.Info.Version = "1.2.3"
	if err := chaincode.Start(); err != nil {
		log.Fatal(err)
	}
}
