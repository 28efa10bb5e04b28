// Assets with an owner, by the contract API; it connects to a peer.
package main

import (
	"log"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"

	"ccbus.example/asset-transfer-basic/chaincode-go/chaincode"
)

func main() {
	assets, err := contractapi.NewChaincode(&chaincode.SmartContract{})
	if err != nil {
		log.Fatal(err)
	}
	if err := assets.Start(); err != nil {
		log.Fatal(err)
	}
}
