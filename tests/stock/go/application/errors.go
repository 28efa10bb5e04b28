package main

import (
	"errors"

	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/grpc/codes"
)

var errorChecks = []check{
	{"evaluate fails with what the chaincode says, and details", evaluateError},
	{"EndorseError with what the chaincode says, and details", endorseError},
	{"EndorseError of a chaincode that there is not", noChaincode},
	{"evaluate of a channel that there is not", noChannel},
	{"EndorseError of an organization that the channel does not have", noOrganization},
	{"EndorseError of a proposal that somebody else has signed", wrongProposalSignature},
	{"SubmitError of a transaction that somebody else has signed", wrongTransactionSignature},
	{"CommitStatusError of a request that somebody else has signed", wrongCommitSignature},
	{"CommitError of two that write what both have read", conflict},
	{"CommitError of too few endorsements", policyFailure},
	{"chaincode events for somebody else end", wrongEventsSignature},
}

func evaluateError(app *application) (any, error) {
	_, err := app.contract.EvaluateTransaction("refuse", "not today")
	saw, err := failed(err, "error", codes.Unknown, "chaincode response 500, not today")
	if err != nil {
		return saw, err
	}
	return saw, detailed(saw)
}

func endorseError(app *application) (any, error) {
	proposal, err := app.contract.NewProposal("refuse", client.WithArguments("not today"))
	if err != nil {
		return nil, err
	}
	_, err = proposal.Endorse()
	saw, err := failed(err, "EndorseError", codes.Aborted, "chaincode response 500, not today")
	if err != nil {
		return saw, err
	}
	return saw, errors.Join(detailed(saw), equal(saw.TransactionID, proposal.TransactionID()))
}

// detailed checks that there are details, and that they say from where.
func detailed(saw failure) error {
	if len(saw.Details) == 0 {
		return errors.New("it has no details")
	}
	for _, each := range saw.Details {
		if each.Address == "" || each.MspID == "" {
			return errors.New("a detail has no address or no MSP")
		}
	}
	return nil
}

func noChaincode(app *application) (any, error) {
	_, err := app.network.GetContract("nowhere").SubmitTransaction("put", "k", "v")
	return failed(err, "EndorseError", codes.FailedPrecondition, "nowhere")
}

func noChannel(app *application) (any, error) {
	network := app.gateway.GetNetwork("nowhere")
	_, err := network.GetContract(app.contract.ChaincodeName()).EvaluateTransaction("join", "a")
	if err == nil {
		return nil, errors.New("it has not failed")
	}
	saw := failureOf(err)
	return saw, contains(saw.Message, "nowhere")
}

func noOrganization(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.stranger)
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	_, err = contract.SubmitTransaction("put", "k", "v")
	if err == nil {
		return nil, errors.New("it has not failed")
	}
	saw := failureOf(err)
	return saw, errors.Join(equal(saw.Type, "EndorseError"), deniedIn(saw, app.stranger))
}

func deniedIn(saw failure, creator user) error {
	all := saw.Message
	for _, each := range saw.Details {
		all += "\n" + each.Message
	}
	return contains(all, "access denied: channel [mychannel] creator org ["+creator.id.MspID()+"]")
}

// forged is the user's identity with the key of somebody else.
func (app *application) forged() user {
	return user{app.user.id, app.other.sign}
}

func wrongProposalSignature(app *application) (any, error) {
	contract, closeGateway, err := app.contractAs(app.forged())
	if err != nil {
		return nil, err
	}
	defer closeGateway()
	_, err = contract.SubmitTransaction("put", "k", "v")
	if err == nil {
		return nil, errors.New("it has not failed")
	}
	saw := failureOf(err)
	return saw, errors.Join(equal(saw.Type, "EndorseError"), deniedIn(saw, app.user))
}

// transactionOf endorses a transaction of the user's, and has another gateway take it up.
func transactionOf(app *application, gateway *client.Gateway) (*client.Transaction, error) {
	proposal, err := app.contract.NewProposal("put", client.WithArguments("forged", "v"))
	if err != nil {
		return nil, err
	}
	transaction, err := proposal.Endorse()
	if err != nil {
		return nil, err
	}
	encoded, err := transaction.Bytes()
	if err != nil {
		return nil, err
	}
	return gateway.NewTransaction(encoded)
}

func wrongTransactionSignature(app *application) (any, error) {
	gateway, err := app.connectAs(app.forged())
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	transaction, err := transactionOf(app, gateway)
	if err != nil {
		return nil, err
	}
	_, err = transaction.Submit()
	if err == nil {
		return nil, errors.New("it has not failed")
	}
	saw := failureOf(err)
	return saw, equal([]string{saw.Type, saw.TransactionID}, []string{"SubmitError", transaction.TransactionID()})
}

func wrongCommitSignature(app *application) (any, error) {
	_, commit, err := app.contract.SubmitAsync("put", client.WithArguments("asked for", "v"))
	if err != nil {
		return nil, err
	}
	encoded, err := commit.Bytes()
	if err != nil {
		return nil, err
	}
	gateway, err := app.connectAs(app.forged())
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	forged, err := gateway.NewCommit(encoded)
	if err != nil {
		return nil, err
	}
	_, err = forged.Status()
	if err == nil {
		return nil, errors.New("it has not failed")
	}
	saw := failureOf(err)
	return saw, equal([]string{saw.Type, saw.Code, saw.TransactionID},
		[]string{"CommitStatusError", codes.PermissionDenied.String(), commit.TransactionID()})
}

// conflict endorses two transactions before it submits either.
func conflict(app *application) (any, error) {
	if _, err := app.assets.SubmitTransaction("CreateAsset", "conflict", "red", "3", "ann", "7"); err != nil {
		return nil, err
	}
	transactions := []*client.Transaction{}
	for _, owner := range []string{"bob", "eve"} {
		proposal, err := app.assets.NewProposal("TransferAsset", client.WithArguments("conflict", owner))
		if err != nil {
			return nil, err
		}
		transaction, err := proposal.Endorse()
		if err != nil {
			return nil, err
		}
		transactions = append(transactions, transaction)
	}
	saw := []string{}
	for _, transaction := range transactions {
		commit, err := transaction.Submit()
		if err != nil {
			return saw, err
		}
		status, err := commit.Status()
		if err != nil {
			return saw, err
		}
		saw = append(saw, status.Code.String())
	}
	if err := equal(saw, []string{"VALID", "MVCC_READ_CONFLICT"}); err != nil {
		return saw, err
	}
	return conflicting(app, saw)
}

// conflicting submits in one step, while others do, until one of them fails.
func conflicting(app *application, saw []string) (any, error) {
	const atOnce = 8
	failures := make(chan error, atOnce)
	for range 50 {
		for range atOnce {
			go func() {
				_, err := app.assets.SubmitTransaction("TransferAsset", "conflict", "joe")
				failures <- err
			}()
		}
		var found *client.CommitError
		for range atOnce {
			if err := <-failures; err != nil && !errors.As(err, &found) {
				return saw, err
			}
		}
		if found != nil {
			return append(saw, found.Code.String()), errors.Join(
				equal(found.Code, peer.TxValidationCode_MVCC_READ_CONFLICT),
				contains(found.Error(), "transaction "+found.TransactionID+
					" failed to commit with status code 11 (MVCC_READ_CONFLICT)"))
		}
	}
	return saw, errors.New("none of 400 has failed")
}

func policyFailure(app *application) (any, error) {
	_, err := app.contract.Submit("put", client.WithArguments("few", "v"),
		client.WithEndorsingOrganizations(app.user.id.MspID()))
	var found *client.CommitError
	if !errors.As(err, &found) {
		return failureOf(err), errors.New("it has not failed with a CommitError")
	}
	return found.Code.String(), equal(found.Code, peer.TxValidationCode_ENDORSEMENT_POLICY_FAILURE)
}

// wrongEventsSignature: the library does not tell why a stream has ended.
func wrongEventsSignature(app *application) (any, error) {
	gateway, err := app.connectAs(app.forged())
	if err != nil {
		return nil, err
	}
	defer gateway.Close()
	network := gateway.GetNetwork(app.network.Name())
	return endedAtOnce(network, app.contract.ChaincodeName())
}
