// An application on the client library for Go. Like the application of fabric-samples it has its endpoint and
// its folders in its code.
package main

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"os"
	"path"
	"time"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-gateway/pkg/identity"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"
)

const (
	mspID        = "Org1MSP"
	cryptoPath   = "../../test-network/organizations/peerOrganizations/org1.example.com"
	certPath     = cryptoPath + "/users/User1@org1.example.com/msp/signcerts"
	keyPath      = cryptoPath + "/users/User1@org1.example.com/msp/keystore"
	tlsCertPath  = cryptoPath + "/peers/peer0.org1.example.com/tls/ca.crt"
	peerEndpoint = "dns:///localhost:7051"
	gatewayPeer  = "peer0.org1.example.com"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	connection, err := newGrpcConnection()
	if err != nil {
		return err
	}
	defer connection.Close()
	id, sign, err := newUser()
	if err != nil {
		return err
	}
	connected, err := client.Connect(id, client.WithSign(sign), client.WithClientConnection(connection))
	if err != nil {
		return err
	}
	defer connected.Close()
	network := connected.GetNetwork(variable("CHANNEL_NAME", "mychannel"))
	return use(network.GetContract(variable("CHAINCODE_NAME", "basic")))
}

func variable(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func newGrpcConnection() (*grpc.ClientConn, error) {
	encoded, err := os.ReadFile(tlsCertPath)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(encoded) {
		return nil, fmt.Errorf("%s has no certificate", tlsCertPath)
	}
	return grpc.NewClient(
		peerEndpoint, grpc.WithTransportCredentials(credentials.NewClientTLSFromCert(pool, gatewayPeer)))
}

func newUser() (identity.Identity, identity.Sign, error) {
	encoded, err := firstFile(certPath)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := identity.CertificateFromPEM(encoded)
	if err != nil {
		return nil, nil, err
	}
	id, err := identity.NewX509Identity(mspID, certificate)
	if err != nil {
		return nil, nil, err
	}
	if encoded, err = firstFile(keyPath); err != nil {
		return nil, nil, err
	}
	key, err := identity.PrivateKeyFromPEM(encoded)
	if err != nil {
		return nil, nil, err
	}
	sign, err := identity.NewPrivateKeySign(key)
	return id, sign, err
}

func firstFile(folder string) ([]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path.Join(folder, entries[0].Name()))
}

func use(contract *client.Contract) error {
	id := fmt.Sprintf("asset%d", time.Now().UnixMilli())
	if _, err := contract.SubmitTransaction("InitLedger"); err != nil {
		return err
	}
	if _, err := contract.SubmitTransaction("CreateAsset", id, "yellow", "5", "Tom", "1300"); err != nil {
		return err
	}
	if err := transferAssetAsync(contract, id); err != nil {
		return err
	}
	asset, err := contract.EvaluateTransaction("ReadAsset", id)
	if err != nil {
		return err
	}
	assets, err := contract.EvaluateTransaction("GetAllAssets")
	if err != nil {
		return err
	}
	fmt.Printf("asset: %s\nassets: %s\n", asset, assets)
	return expectFailure(contract)
}

// transferAssetAsync submits a transfer, and goes on before it is committed.
func transferAssetAsync(contract *client.Contract, id string) error {
	before, commit, err := contract.SubmitAsync("TransferAsset", client.WithArguments(id, "Saptha"))
	if err != nil {
		return err
	}
	fmt.Printf("transferring %s from %s to Saptha\n", id, before)
	outcome, err := commit.Status()
	if err != nil {
		return err
	}
	if !outcome.Successful {
		return fmt.Errorf("%s has failed with status %s", outcome.TransactionID, outcome.Code)
	}
	return nil
}

func expectFailure(contract *client.Contract) error {
	_, err := contract.SubmitTransaction("UpdateAsset", "asset70", "blue", "5", "Tomoko", "300")
	if err == nil {
		return errors.New("asset70 was updated")
	}
	for _, each := range status.Convert(err).Details() {
		if detail, ok := each.(*gateway.ErrorDetail); ok {
			fmt.Printf("as expected: %s: %s\n", detail.GetMspId(), detail.GetMessage())
		}
	}
	return nil
}
