// The contract of chaincode-go as a service: it waits for a peer to connect. CHAINCODE_ID is the id of its
// package, CHAINCODE_SERVER_ADDRESS is where it listens.
package main

import (
	"log"
	"os"

	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"

	"ccbus.example/asset-transfer-basic/chaincode-go/chaincode"
)

func main() {
	assets, err := contractapi.NewChaincode(&chaincode.SmartContract{})
	if err != nil {
		log.Fatal(err)
	}
	server := &shim.ChaincodeServer{
		CCID:     os.Getenv("CHAINCODE_ID"),
		Address:  os.Getenv("CHAINCODE_SERVER_ADDRESS"),
		CC:       assets,
		TLSProps: shim.TLSProperties{Disabled: true},
	}
	if err := server.Start(); err != nil {
		log.Fatal(err)
	}
}
