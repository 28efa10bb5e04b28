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
	assets := &Assets{}
	assets.Info.Title = "assets of the tests"
	assets.Info.Version = "1.2.3"
	chaincode, err := contractapi.NewChaincode(assets, audit)
	if err != nil {
		log.Fatal(err)
	}
	if err := chaincode.Start(); err != nil {
		log.Fatal(err)
	}
}
