package main

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-gateway/pkg/identity"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// user is an identity and what signs for it.
type user struct {
	id   identity.Identity
	sign identity.Sign
}

type application struct {
	connection *grpc.ClientConn
	tlsHash    []byte // Of the application's own TLS certificate; nil: it has none.
	user       user   // Of the organisation that MSP_ID names.
	other      user   // Of the organisation that OTHER_MSP_ID names.
	stranger   user   // Of an organisation that the channel does not have.
	gateway    *client.Gateway
	network    *client.Network
	contract   *client.Contract // The one on the shim, CHAINCODE_NAME.
	assets     *client.Contract // The default contract of ASSETS_NAME.
}

func connect() (*application, error) {
	app := &application{}
	var err error
	if app.connection, app.tlsHash, err = dial(os.Getenv("PEER_ENDPOINT")); err != nil {
		return nil, err
	}
	for prefix, each := range map[string]*user{
		"": &app.user, "OTHER_": &app.other, "STRANGER_": &app.stranger,
	} {
		if *each, err = readUser(prefix); err != nil {
			return nil, err
		}
	}
	if app.gateway, err = app.connectAs(app.user); err != nil {
		return nil, err
	}
	app.network = app.gateway.GetNetwork(os.Getenv("CHANNEL_NAME"))
	app.contract = app.network.GetContract(os.Getenv("CHAINCODE_NAME"))
	app.assets = app.network.GetContract(os.Getenv("ASSETS_NAME"))
	return app, nil
}

// connectAs connects one more gateway over the same connection.
func (app *application) connectAs(as user, options ...client.ConnectOption) (*client.Gateway, error) {
	all := []client.ConnectOption{client.WithClientConnection(app.connection)}
	if app.tlsHash != nil {
		all = append(all, client.WithTLSClientCertificateHash(app.tlsHash))
	}
	if as.sign != nil {
		all = append(all, client.WithSign(as.sign))
	}
	return client.Connect(as.id, append(all, options...)...)
}

// contractAs returns the contract as somebody else sees it, and what closes the gateway.
func (app *application) contractAs(
	as user, options ...client.ConnectOption,
) (*client.Contract, func(), error) {
	gateway, err := app.connectAs(as, options...)
	if err != nil {
		return nil, nil, err
	}
	network := gateway.GetNetwork(app.network.Name())
	return network.GetContract(app.contract.ChaincodeName()), func() { gateway.Close() }, nil
}

func (app *application) close() {
	app.gateway.Close()
	app.connection.Close()
}

// dial uses TLS if TLS_CERT_PATH names the certificate of a CA, and shows the certificate of
// TLS_CLIENT_CERT_PATH, whose hash it returns.
func dial(endpoint string) (*grpc.ClientConn, []byte, error) {
	path := os.Getenv("TLS_CERT_PATH")
	if path == "" {
		connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
		return connection, nil, err
	}
	encoded, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(encoded) {
		return nil, nil, fmt.Errorf("%s has no certificate", path)
	}
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: pool, ServerName: os.Getenv("PEER_HOST_ALIAS"),
	}
	var hash []byte
	if path := os.Getenv("TLS_CLIENT_CERT_PATH"); path != "" {
		pair, err := tls.LoadX509KeyPair(path, os.Getenv("TLS_CLIENT_KEY_PATH"))
		if err != nil {
			return nil, nil, err
		}
		config.Certificates = []tls.Certificate{pair}
		digest := sha256.Sum256(pair.Certificate[0])
		hash = digest[:]
	}
	connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(credentials.NewTLS(config)))
	return connection, hash, err
}

// readUser reads PREFIX_MSP_ID and the folders PREFIX_CERT_DIRECTORY_PATH and PREFIX_KEY_DIRECTORY_PATH.
func readUser(prefix string) (user, error) {
	encoded, err := onlyFile(os.Getenv(prefix + "CERT_DIRECTORY_PATH"))
	if err != nil {
		return user{}, err
	}
	certificate, err := identity.CertificateFromPEM(encoded)
	if err != nil {
		return user{}, err
	}
	id, err := identity.NewX509Identity(os.Getenv(prefix+"MSP_ID"), certificate)
	if err != nil {
		return user{}, err
	}
	if encoded, err = onlyFile(os.Getenv(prefix + "KEY_DIRECTORY_PATH")); err != nil {
		return user{}, err
	}
	key, err := identity.PrivateKeyFromPEM(encoded)
	if err != nil {
		return user{}, err
	}
	sign, err := identity.NewPrivateKeySign(key)
	return user{id, sign}, err
}

func onlyFile(folder string) ([]byte, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	if len(entries) != 1 {
		return nil, fmt.Errorf("%s has %d files", folder, len(entries))
	}
	return os.ReadFile(filepath.Join(folder, entries[0].Name()))
}

var connectionChecks = []check{
	{"two identities over one connection", twoIdentities},
	{"a gateway without a connection is refused", noConnection},
}

func twoIdentities(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.other)
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	saw := []string{}
	for _, each := range []*client.Contract{app.contract, contract, app.contract} {
		mspID, err := creatorOf(each)
		if err != nil {
			return saw, err
		}
		saw = append(saw, mspID)
	}
	return saw, equal(saw, []string{
		app.user.id.MspID(), app.other.id.MspID(), app.user.id.MspID(),
	})
}

func noConnection(app *application) (any, error) {
	_, err := client.Connect(app.user.id)
	if err == nil {
		return nil, errors.New("it is not")
	}
	return err.Error(), nil
}
