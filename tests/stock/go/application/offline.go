package main

import (
	"errors"
	"fmt"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-gateway/pkg/hash"
)

var offlineChecks = []check{
	{"sign a proposal off-line and evaluate it", offlineEvaluate},
	{"sign proposal, transaction and commit off-line", offlineSubmit},
	{"sign the request of chaincode events off-line", offlineChaincodeEvents},
	{"sign the request of block events off-line", offlineBlockEvents},
	{"sign the request of filtered block events off-line", offlineFilteredBlockEvents},
	{"sign the request of blocks with private data off-line", offlineBlockAndPrivateDataEvents},
	{"take up a proposal, transaction and commit from bytes", takenUp},
	{"sign messages that are not hashed before", withoutHash},
	{"without a signature nothing is sent", withoutSignature},
}

// unsigned connects a gateway that cannot sign.
func (app *application) unsigned() (*client.Gateway, *client.Network, error) {
	gateway, err := app.connectAs(user{id: app.user.id})
	if err != nil {
		return nil, nil, err
	}
	return gateway, gateway.GetNetwork(app.network.Name()), nil
}

// message is what each request of the library has.
type message interface {
	Bytes() ([]byte, error)
	Digest() []byte
}

// signedOffline signs a message as somebody without a connection would, and has the library make a new one of it.
func signedOffline[T any](
	app *application, unsigned message, taken func([]byte, []byte) (T, error),
) (T, error) {
	var none T
	encoded, err := unsigned.Bytes()
	if err != nil {
		return none, err
	}
	signature, err := app.user.sign(unsigned.Digest())
	if err != nil {
		return none, err
	}
	return taken(encoded, signature)
}

func offlineEvaluate(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	unsigned, err := network.GetContract(app.contract.ChaincodeName()).NewProposal(
		"join", client.WithArguments("off", "line"))
	if err != nil {
		return nil, err
	}
	proposal, err := signedOffline(app, unsigned, gateway.NewSignedProposal)
	if err != nil {
		return nil, err
	}
	result, err := proposal.Evaluate()
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "off+line")
}

func offlineSubmit(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	unsignedProposal, err := network.GetContract(app.contract.ChaincodeName()).NewProposal(
		"put", client.WithArguments("offline", "signed"))
	if err != nil {
		return nil, err
	}
	proposal, err := signedOffline(app, unsignedProposal, gateway.NewSignedProposal)
	if err != nil {
		return nil, err
	}
	unsignedTransaction, err := proposal.Endorse()
	if err != nil {
		return nil, err
	}
	transaction, err := signedOffline(app, unsignedTransaction, gateway.NewSignedTransaction)
	if err != nil {
		return nil, err
	}
	unsignedCommit, err := transaction.Submit()
	if err != nil {
		return nil, err
	}
	commit, err := signedOffline(app, unsignedCommit, gateway.NewSignedCommit)
	if err != nil {
		return nil, err
	}
	status, err := commit.Status()
	if err != nil {
		return nil, err
	}
	return status.Code.String(), equal(status.Successful, true)
}

func offlineChaincodeEvents(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	unsigned, err := network.NewChaincodeEventsRequest(app.contract.ChaincodeName(), client.WithStartBlock(0))
	if err != nil {
		return nil, err
	}
	request, err := signedOffline(app, unsigned, gateway.NewSignedChaincodeEventsRequest)
	if err != nil {
		return nil, err
	}
	return firstOf(request.Events, func(event *client.ChaincodeEvent) (any, error) {
		return event.EventName, equal(event.ChaincodeName, app.contract.ChaincodeName())
	})
}

func offlineBlockEvents(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	unsigned, err := network.NewBlockEventsRequest(client.WithStartBlock(1))
	if err != nil {
		return nil, err
	}
	request, err := signedOffline(app, unsigned, gateway.NewSignedBlockEventsRequest)
	if err != nil {
		return nil, err
	}
	return firstOf(request.Events, blockIs(1))
}

func offlineFilteredBlockEvents(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	unsigned, err := network.NewFilteredBlockEventsRequest(client.WithStartBlock(1))
	if err != nil {
		return nil, err
	}
	request, err := signedOffline(app, unsigned, gateway.NewSignedFilteredBlockEventsRequest)
	if err != nil {
		return nil, err
	}
	return firstOf(request.Events, filteredBlockIs(1))
}

func offlineBlockAndPrivateDataEvents(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	unsigned, err := network.NewBlockAndPrivateDataEventsRequest(client.WithStartBlock(1))
	if err != nil {
		return nil, err
	}
	request, err := signedOffline(app, unsigned, gateway.NewSignedBlockAndPrivateDataEventsRequest)
	if err != nil {
		return nil, err
	}
	return firstOf(request.Events, blockAndPrivateDataIs(1))
}

// takenUp has each step done by another gateway, which has the bytes of the step before and signs itself.
func takenUp(app *application) (any, error) {
	proposal, err := app.contract.NewProposal("put", client.WithArguments("taken", "up"))
	if err != nil {
		return nil, err
	}
	encoded, err := proposal.Bytes()
	if err != nil {
		return nil, err
	}
	second, err := app.connectAs(app.user)
	if err != nil {
		return nil, err
	}
	defer second.Close()
	if proposal, err = second.NewProposal(encoded); err != nil {
		return nil, err
	}
	transaction, err := proposal.Endorse()
	if err != nil {
		return nil, err
	}
	if encoded, err = transaction.Bytes(); err != nil {
		return nil, err
	}
	if transaction, err = app.gateway.NewTransaction(encoded); err != nil {
		return nil, err
	}
	commit, err := transaction.Submit()
	if err != nil {
		return nil, err
	}
	if encoded, err = commit.Bytes(); err != nil {
		return nil, err
	}
	if commit, err = second.NewCommit(encoded); err != nil {
		return nil, err
	}
	status, err := commit.Status()
	if err != nil {
		return nil, err
	}
	return status.Code.String(), equal(status.Successful, true)
}

// withoutHash has the signer hash, as one does that keeps its key in a device of its own.
func withoutHash(app *application) (any, error) {
	signer := user{app.user.id, func(message []byte) ([]byte, error) {
		return app.user.sign(hash.SHA256(message))
	}}
	contract, closeGateway, err := app.contractAs(signer, client.WithHash(hash.NONE))
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	if _, err := contract.SubmitTransaction("put", "unhashed", "signed"); err != nil {
		return nil, err
	}
	result, err := contract.EvaluateTransaction("get", "unhashed")
	if err != nil {
		return nil, err
	}
	return string(result), equal(string(result), "signed")
}

func withoutSignature(app *application) (any, error) {
	gateway, network, err := app.unsigned()
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	_, err = network.GetContract(app.contract.ChaincodeName()).EvaluateTransaction("join", "a")
	if err == nil {
		return nil, errors.New("it was")
	}
	return fmt.Sprint(err), nil
}
